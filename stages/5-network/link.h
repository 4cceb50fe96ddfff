/*
 * Links (network interfaces), their addresses and routes. Every function takes a socket from
 * rtnetlink.h, and acts in the network namespace that the socket belongs to. All return 0, or -1
 * with errno and the error set, unless they say otherwise. A name that is taken is often no
 * failure: the functions that make a name return -1 with EEXIST and NO error set then. See
 * rtnetlink(7), and "ip link help" for what a command line calls the same things.
 */
#ifndef STAGE5_LINK_H
#define STAGE5_LINK_H

#include <stdbool.h>
#include <stdint.h>

struct hardware_address {
	uint8_t bytes[6];
};

/*
 * Makes a pair of links @name and @peer; what is sent into one comes out of the other. The peer is
 * born in the network namespace of the fd @namespace, with the address @address. See veth(4).
 */
int link_add_veth(int socket, const char *name, const char *peer, int namespace,
	struct hardware_address address);

/* Makes the bridge @name: a switch, and a link of the host into it. */
int link_add_bridge(int socket, const char *name, struct hardware_address address);

/*
 * Gives the link a further name of up to 127 bytes. See "ip link property add ... altname" in
 * ip-link(8).
 */
int link_add_name(int socket, int link, const char *name);

/* The index of the link of that name, 0 when there is none, or -1 with the error set. */
int link_find(int socket, const char *name);

/* Deletes the link of that name, with all of its names, addresses and routes; none is fine. */
int link_delete(int socket, const char *name);

int link_set_up(int socket, int link);

/*
 * Waits until the link carries packets. A link that was just set up, or whose peer was, may drop
 * them for a second. ETIMEDOUT after three.
 */
int link_await_running(int socket, int link);

/* Plugs the link into the bridge @bridge. */
int link_join_bridge(int socket, int link, int bridge);

/* Whether any link is plugged into the bridge: 0 or 1, or -1 with the error set. */
int link_bridge_in_use(int socket, int bridge);

/*
 * Gives the link the IPv4 address @address (in the host's byte order), with the @prefix first bits
 * of it being the network that it reaches directly. An address that it has already is fine.
 */
int link_add_address(int socket, int link, uint32_t address, uint8_t prefix);

/* Sends what has no better route to @gateway. */
int link_add_default_route(int socket, uint32_t gateway);

#endif
