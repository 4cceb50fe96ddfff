/* A container's network: none, the host's, or its own on a bridge. */
#ifndef STAGE5_NETWORK_H
#define STAGE5_NETWORK_H

#include <stdint.h>
#include <sys/types.h>

#include "5-network/publish.h"
#include "5-network/range.h"
#include "common/flags.h"

enum network_mode {
	NETWORK_UNDECIDED, /* nobody said: network_check() decides */
	NETWORK_NONE,      /* a network namespace with nothing in it but lo */
	NETWORK_HOST,      /* no network namespace */
	NETWORK_BRIDGE,    /* a network namespace, linked to cooper0 */
};

struct network {
	enum network_mode mode;
	struct range range; /* the range that the address is from; network_check() has a default */
	uint32_t address;   /* in the host's byte order; 0: the first free one */
	struct publications publications;
};

/* --network, --range, --address, --publish; they fill a struct network. */
extern const struct flag network_flags[];

/*
 * Decides what the flags left open, and refuses what does not go together. To be called before
 * anything is made. Returns 0, or -1 with the error set.
 */
int network_check(struct network *network);

/* The CLONE_NEW* flags that the container needs for this network: CLONE_NEWNET or none. */
uint64_t network_namespaces(const struct network *network);

/* In the container: sets up lo, if the network namespace is the container's own. */
int network_settle(const struct network *network);

/* The same for any network namespace that this process is in: lo is there, but down at first. */
int network_set_loopback_up(void);

/*
 * From outside: links the network namespace of the process @pid to the bridge, with an address, a
 * default route, the way out and the published ports. @owner names the container on this host
 * (letters, digits and "_+-.", at most 100); network_detach() finds all of it by that name, and by
 * nothing else: it is what the kernel's objects are called. Does nothing for the other modes. Needs
 * root, and nft(8). Returns 0, or -1 with the error set and nothing left behind: EEXIST when the
 * address or a port is taken, or when @owner has a network already.
 */
int network_attach(const struct network *network, const char *owner, pid_t pid);

/*
 * Takes down what network_attach() has made for @owner, and the bridge with the last one. All of it
 * or a part may be gone already, or never have been made. Of @network only the mode matters.
 */
int network_detach(const struct network *network, const char *owner);

#endif
