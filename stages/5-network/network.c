/*
 * A new network namespace is empty: one link, lo, and that is down. A pair of virtual links (veth)
 * is the cable out of it: eth0 inside, the other end plugged into a bridge of the host.
 *
 * What must hold:
 *
 *  - Two containers never get the same address, also when twenty start at once, and no file keeps
 *    accounts of that. The name of the host's end IS the lease: veth0a5d0002 holds 10.93.0.2. Names
 *    are unique, so the kernel refuses the second claim, and it forgets the first one when the link
 *    goes, at the latest with the container's network namespace.
 *  - The same goes for the rest: a published port is a further name of that link (publish.c), and
 *    so is the container's own name, by which all of it is found again and taken down.
 *  - The first container makes the bridge and the last one takes it down. So attach and detach
 *    exclude each other.
 */
#include "5-network/network.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "5-network/bridge.h"
#include "5-network/firewall.h"
#include "5-network/link.h"
#include "5-network/rtnetlink.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

#define INSIDE_NAME "eth0"

static int flag_mode(const char *flag, const char *value, void *target)
{
	static const char *const names[] =
		{[NETWORK_NONE] = "none", [NETWORK_HOST] = "host", [NETWORK_BRIDGE] = "bridge"};
	for (enum network_mode mode = NETWORK_NONE; mode <= NETWORK_BRIDGE; mode++)
		if (!strcmp(value, names[mode])) {
			*(enum network_mode *)target = mode;
			return 0;
		}
	return fail("%s: expected none, host or bridge, found \"%s\"", flag, value);
}

const struct flag network_flags[] = {
	{"network", "MODE", "bridge (default as root), none (otherwise) or host", flag_mode,
		offsetof(struct network, mode)},
	{"publish", "[IP:]HOST:CONTAINER[/udp]", "lead a port of the host inside (may be repeated)",
		flag_publish, offsetof(struct network, publications)},
	{"address", "IP", "the address inside (default: the first free one)", flag_address,
		offsetof(struct network, address)},
	{"range", "IP/PREFIX", "where addresses are from (default: 10.93.0.0/16)", flag_range,
		offsetof(struct network, range)},
	{},
};

static int check_address(const struct network *network)
{
	uint32_t first, last;
	char text[3][INET_ADDRSTRLEN];
	range_hosts(&network->range, &first, &last);
	if (!network->address || (network->address >= first && network->address <= last))
		return 0;
	return fail("--address %s: expected one from %s to %s (see --range)",
		address_text(network->address, text[0]), address_text(first, text[1]),
		address_text(last, text[2]));
}

int network_check(struct network *network)
{
	bool root = geteuid() == 0;
	if (network->mode == NETWORK_UNDECIDED)
		network->mode = root ? NETWORK_BRIDGE : NETWORK_NONE;
	if (network->mode != NETWORK_BRIDGE) {
		if (!network->publications.count && !network->address && !network->range.prefix)
			return 0;
		return fail("--publish, --address and --range need --network bridge%s",
			root ? "" : ", and that needs root");
	}
	if (!root) {
		fail("--network bridge: making links on the host needs root");
		return fail_hint("without root there is --network none (lo and nothing else) and "
				 "--network host (the host's own)");
	}
	if (!network->range.prefix)
		network->range = (struct range){.network = 10U << 24 | 93U << 16, .prefix = 16};
	return check_address(network);
}

uint64_t network_namespaces(const struct network *network)
{
	return network->mode == NETWORK_HOST ? 0 : CLONE_NEWNET;
}

int network_settle(const struct network *network)
{
	return network->mode == NETWORK_HOST ? 0 : network_set_loopback_up();
}

int network_set_loopback_up(void)
{
	_cleanup_fd int socket = rtnetlink_open();
	int loopback = socket < 0 ? -1 : link_find(socket, "lo");
	return loopback < 0 ? -1 : link_set_up(socket, loopback);
}

/*
 * The lock is on the network namespace itself: /proc/self/ns/net is the same file for all processes
 * in it, flock(2) takes any file, and nothing remains when the holder ends. (A lock file would have
 * to be named after the namespace, and be removed some day.)
 *
 * Not O_CLOEXEC, for once: when this process is killed while nft works for it, nft goes on, and
 * keeps the lock until its rules are in. Who cleans up then waits for that, and finds them.
 */
static int lock(void)
{
	step("flock: this network namespace, so that no other container comes or goes meanwhile");
	_cleanup_fd int fd = open("/proc/self/ns/net", O_RDONLY);
	if (fd < 0)
		return fail_errno();
	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR)
			return fail_errno();
	return steal_fd(&fd);
}

/* The further name of the host's end, by which detach finds it. It gets into rules for nft, too. */
static int owner_name(const char *owner, char name[128])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t length = strlen(owner), good = 0;
	while (owner[good] &&
		(strchr(letters, owner[good]) || strchr("0123456789_+-.", owner[good])))
		good++;
	if (length == 0 || length > 100 || good < length)
		return fail("the network of \"%s\": the name must be 1 to 100 letters, digits or "
			    "any of \"_+-.\"",
			owner);
	snprintf(name, 128, "cooper-%s", owner);
	return 0;
}

/* The network namespace of @pid, which must not be the host's: the peer would be born there. */
static int open_namespace(pid_t pid)
{
	char path[64];
	struct stat own, other;
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	step("open: %s, the container's network namespace", path);
	_cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &other) < 0 || stat("/proc/self/ns/net", &own) < 0)
		return fail_errno();
	if (own.st_ino == other.st_ino && own.st_dev == other.st_dev)
		return fail("process %d has no network namespace of its own", pid);
	return steal_fd(&fd);
}

/* Neighbours remember who has an address; its next owner will be found at the same place. */
static struct hardware_address hardware_address(uint32_t address)
{
	return (struct hardware_address){{0x02, 'c', (uint8_t)(address >> 24),
		(uint8_t)(address >> 16), (uint8_t)(address >> 8), (uint8_t)address}};
}

/* Makes the pair under the name of the first address that nobody has. Returns 0 and *@leased. */
static int lease(const struct network *network, int host, int namespace, char name[IFNAMSIZ],
	uint32_t *leased)
{
	uint32_t first, last;
	char text[INET_ADDRSTRLEN];
	range_hosts(&network->range, &first, &last);
	if (network->address)
		first = last = network->address;
	for (uint32_t address = first; address <= last; address++) {
		snprintf(name, IFNAMSIZ, "veth%08x", address);
		*leased = address;
		if (link_add_veth(host, name, INSIDE_NAME, namespace, hardware_address(address)) ==
			0)
			return 0;
		if (errno != EEXIST)
			return -1;
	}
	if (network->address)
		return fail("--address %s: another container has it",
			address_text(network->address, text));
	return fail("--range %s/%d: all addresses are taken",
		address_text(network->range.network, text), network->range.prefix);
}

static int configure_inside(int inside, const struct range *range, uint32_t address)
{
	/* Task 5.2: the container's link INSIDE_NAME gets its @address, in a network of
	 * range->prefix bits; it is set up; and what is not for that network goes to the range's
	 * gateway. The functions are in link.h and range.h; @inside is the socket for all of them.
	 *
	 * Until then: return link_set_up(inside, link_find(inside, INSIDE_NAME));
	 */
	int link = link_find(inside, INSIDE_NAME);
	if (link < 0 || link_add_address(inside, link, address, range->prefix) < 0 ||
		link_set_up(inside, link) < 0)
		return -1;
	return link_add_default_route(inside, range_gateway(range));
	/* End of task 5.2. */
}

/*
 * The bridge comes last: what is plugged in has its rules. And the end inside notices a moment
 * after the other one that the cable carries; the command's first packet must not be lost in it.
 */
static int connect_pair(const struct network *network, const char *owner, int host, int inside,
	const char *name, uint32_t address)
{
	char further_name[128];
	int link = link_find(host, name);
	if (link < 0 || owner_name(owner, further_name) < 0 ||
		link_add_name(host, link, further_name) < 0 ||
		publish_claim(host, link, &network->publications) < 0 ||
		configure_inside(inside, &network->range, address) < 0 ||
		firewall_add(owner, address, &network->range, &network->publications) < 0)
		return -1;
	if (bridge_join(host, link, &network->range) < 0)
		return -1;
	return link_await_running(inside, link_find(inside, INSIDE_NAME));
}

static int take_down(int host, const char *owner, const char *link)
{
	int left = bridge_leave(host, link);
	return firewall_remove(owner) < 0 ? -1 : left;
}

/* Before anything is made, so that a failure never takes down what another one has made. */
static int check_unused(int host, int inside, const char *owner)
{
	char name[128];
	if (owner_name(owner, name) < 0)
		return -1;
	int own = link_find(host, name), other = own < 0 ? -1 : link_find(inside, INSIDE_NAME);
	if (own < 0 || other < 0)
		return -1;
	if (own == 0 && other == 0)
		return 0;
	errno = EEXIST;
	if (own > 0)
		return fail("%s has a network already (see: ip link show %s)", owner, name);
	return fail("the container has a link %s already", INSIDE_NAME);
}

int network_attach(const struct network *network, const char *owner, pid_t pid)
{
	if (network->mode != NETWORK_BRIDGE)
		return 0;
	_cleanup_fd int namespace = open_namespace(pid);
	_cleanup_fd int locked = namespace < 0 ? -1 : lock();
	_cleanup_fd int host = locked < 0 ? -1 : rtnetlink_open();
	_cleanup_fd int inside = host < 0 ? -1 : rtnetlink_open_in(namespace);
	char name[IFNAMSIZ];
	uint32_t address = 0;
	if (inside < 0 || check_unused(host, inside, owner) < 0 ||
		lease(network, host, namespace, name, &address) < 0)
		return -1;
	if (connect_pair(network, owner, host, inside, name, address) < 0) {
		take_down(host, owner, name);
		return -1;
	}
	return 0;
}

int network_detach(const struct network *network, const char *owner)
{
	char name[128];
	if (network->mode != NETWORK_BRIDGE)
		return 0;
	if (owner_name(owner, name) < 0)
		return -1;
	_cleanup_fd int locked = lock();
	_cleanup_fd int host = locked < 0 ? -1 : rtnetlink_open();
	return host < 0 ? -1 : take_down(host, owner, name);
}
