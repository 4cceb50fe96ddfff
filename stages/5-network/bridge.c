/*
 * A bridge is a switch made of software. The host ends of the containers' links are its ports; the
 * bridge itself is also a link of the host, with an address: the containers' gateway.
 *
 * What must hold: a container that leaves must not take the bridge down while another one is just
 * about to plug itself in. So "make it if it is missing, plug in" and "unplug, delete it if it is
 * empty" exclude each other: the callers hold the lock of network.c.
 */
#include "5-network/bridge.h"

#include <errno.h>
#include <fcntl.h>

#include "5-network/link.h"
#include "common/file.h"
#include "common/step.h"

/*
 * A bridge without an address of its own takes the lowest one of its ports, and so changes it when
 * containers come and go. The others would send to the old one for a while.
 */
static int add_bridge(int socket)
{
	struct hardware_address own = {{0x02, 'c', 'o', 'o', 'p', 0}};
	if (link_add_bridge(socket, BRIDGE_NAME, own) < 0 && errno != EEXIST)
		return -1;
	return link_find(socket, BRIDGE_NAME);
}

/*
 * The kernel takes no packets from 127.0.0.0/8 for any other link than lo; a connection from the
 * host's loopback to a published port is one. What this opens beyond that, firewall.c closes.
 */
static int allow_loopback_source(void)
{
	const char *file = "/proc/sys/net/ipv4/conf/" BRIDGE_NAME "/route_localnet";
	step("sysctl: net.ipv4.conf." BRIDGE_NAME ".route_localnet = 1");
	return file_write(AT_FDCWD, file, "1");
}

int bridge_join(int socket, int link, const struct range *range)
{
	/* All of it each time: whoever began it before may have been killed half way. */
	int bridge = add_bridge(socket);
	if (bridge < 0 || allow_loopback_source() < 0)
		return -1;
	/* Task 5.3: the bridge answers as the gateway of @range: it has that address, and is up.
	 * The container's @link is up, too, and plugged in. Each of the two drops packets until it
	 * is running: wait for @link before it is plugged in, and for @bridge afterwards.
	 *
	 * Until then: return link_set_up(socket, link);
	 */
	if (link_add_address(socket, bridge, range_gateway(range), range->prefix) < 0 ||
		link_set_up(socket, bridge) < 0 || link_set_up(socket, link) < 0 ||
		link_await_running(socket, link) < 0 || link_join_bridge(socket, link, bridge) < 0)
		return -1;
	return link_await_running(socket, bridge);
	/* End of task 5.3. */
}

int bridge_leave(int socket, const char *link)
{
	if (link_delete(socket, link) < 0)
		return -1;
	int bridge = link_find(socket, BRIDGE_NAME);
	if (bridge <= 0)
		return bridge;
	int in_use = link_bridge_in_use(socket, bridge);
	if (in_use != 0)
		return in_use < 0 ? -1 : 0;
	return link_delete(socket, BRIDGE_NAME);
}
