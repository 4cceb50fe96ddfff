/*
 * One function a message: which type, which attributes. What "ip link add" and the like send is the
 * same; strace -e sendmsg ip ... shows it.
 *
 * What must hold: these functions keep no state. A name is looked up when it is needed, and the
 * kernel alone decides whether one is free.
 */
#include "5-network/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_bridge.h>
#include <linux/veth.h>
#include <string.h>
#include <time.h>

#include "5-network/rtnetlink.h"
#include "common/error.h"
#include "common/step.h"

static void begin_for_link(struct message *message, uint16_t type, uint16_t flags, int link)
{
	struct ifinfomsg which = {.ifi_family = AF_UNSPEC, .ifi_index = link};
	message_begin(message, type, flags, &which, sizeof(which));
}

int link_add_veth(int socket, const char *name, const char *peer, int namespace,
	struct hardware_address address)
{
	struct message message;
	struct ifinfomsg any = {.ifi_family = AF_UNSPEC};
	step("link: make the pair %s and, in the container, %s", name, peer);
	begin_for_link(&message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	/* Task 5.1: say which pair. This end has a name (IFLA_IFNAME). A nest, IFLA_LINKINFO, has
	 * the kind (IFLA_INFO_KIND), "veth", and for its data another nest (IFLA_INFO_DATA). In
	 * there the last nest, VETH_INFO_PEER, which begins with @any, is the other end: its name,
	 * the namespace that it is born in (IFLA_NET_NS_FD) and its @address (IFLA_ADDRESS).
	 * link_add_bridge() below asks for another kind of link.
	 */
	message_add_text(&message, IFLA_IFNAME, name);
	struct rtattr *info = message_begin_nest(&message, IFLA_LINKINFO, NULL, 0);
	message_add_text(&message, IFLA_INFO_KIND, "veth");
	struct rtattr *data = message_begin_nest(&message, IFLA_INFO_DATA, NULL, 0);
	struct rtattr *other = message_begin_nest(&message, VETH_INFO_PEER, &any, sizeof(any));
	message_add_text(&message, IFLA_IFNAME, peer);
	message_add_number(&message, IFLA_NET_NS_FD, (uint32_t) namespace);
	message_add(&message, IFLA_ADDRESS, address.bytes, sizeof(address.bytes));
	message_end_nest(&message, other);
	message_end_nest(&message, data);
	message_end_nest(&message, info);
	/* End of task 5.1. */
	message.expected = EEXIST;
	return rtnetlink_talk(socket, &message, NULL, NULL);
}

int link_add_bridge(int socket, const char *name, struct hardware_address address)
{
	struct message message;
	step("link: make the bridge %s", name);
	begin_for_link(&message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	message_add_text(&message, IFLA_IFNAME, name);
	message_add(&message, IFLA_ADDRESS, address.bytes, sizeof(address.bytes));
	struct rtattr *info = message_begin_nest(&message, IFLA_LINKINFO, NULL, 0);
	message_add_text(&message, IFLA_INFO_KIND, "bridge");
	message_end_nest(&message, info);
	message.expected = EEXIST;
	return rtnetlink_talk(socket, &message, NULL, NULL);
}

int link_add_name(int socket, int link, const char *name)
{
	struct message message;
	step("link: give it the further name %s", name);
	begin_for_link(&message, RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND, link);
	struct rtattr *properties = message_begin_nest(&message, IFLA_PROP_LIST, NULL, 0);
	message_add_text(&message, IFLA_ALT_IFNAME, name);
	message_end_nest(&message, properties);
	message.expected = EEXIST;
	return rtnetlink_talk(socket, &message, NULL, NULL);
}

static void read_index(const struct nlmsghdr *answer, void *what)
{
	const struct ifinfomsg *link = answer_body(answer, sizeof(*link));
	if (link)
		*(int *)what = link->ifi_index;
}

int link_find(int socket, const char *name)
{
	struct message message;
	int index = 0;
	step("link: look for %s", name);
	begin_for_link(&message, RTM_GETLINK, 0, 0);
	/* This attribute finds a link by its first name as well. */
	message_add_text(&message, IFLA_ALT_IFNAME, name);
	message.expected = ENODEV;
	if (rtnetlink_talk(socket, &message, read_index, &index) < 0 && errno != ENODEV)
		return -1;
	return index;
}

int link_delete(int socket, const char *name)
{
	struct message message;
	step("link: delete %s", name);
	begin_for_link(&message, RTM_DELLINK, 0, 0);
	message_add_text(&message, IFLA_ALT_IFNAME, name);
	message.expected = ENODEV;
	if (rtnetlink_talk(socket, &message, NULL, NULL) < 0 && errno != ENODEV)
		return -1;
	return 0;
}

int link_set_up(int socket, int link)
{
	struct message message;
	struct ifinfomsg up = {.ifi_family = AF_UNSPEC,
		.ifi_index = link,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP};
	step("link: set number %d up", link);
	message_begin(&message, RTM_NEWLINK, 0, &up, sizeof(up));
	return rtnetlink_talk(socket, &message, NULL, NULL);
}

static void read_flags(const struct nlmsghdr *answer, void *what)
{
	const struct ifinfomsg *link = answer_body(answer, sizeof(*link));
	if (link)
		*(unsigned *)what = link->ifi_flags;
}

/* It has a carrier, and the kernel has taken note of that. */
static bool carries_packets(unsigned flags)
{
	return flags & IFF_LOWER_UP && flags & IFF_RUNNING;
}

/* The kernel takes note at most once a second, unless somebody asks (Linux 6.8). */
int link_await_running(int socket, int link)
{
	const struct timespec millisecond = {.tv_nsec = 1000000};
	step("link: wait until number %d carries packets", link);
	for (int tries = 0; tries < 3000; tries++) {
		struct message message;
		unsigned flags = 0;
		begin_for_link(&message, RTM_GETLINK, 0, link);
		if (rtnetlink_talk(socket, &message, read_flags, &flags) < 0)
			return -1;
		if (carries_packets(flags))
			return 0;
		nanosleep(&millisecond, NULL);
	}
	errno = ETIMEDOUT;
	return fail_errno();
}

/*
 * A bridge never sends a frame back through the port that it came from. That is what a container
 * needs that calls its own published port, where the host's netfilter sees bridged packets, too
 * (br_netfilter, bridge-nf-call-iptables): "hairpin" allows it.
 */
static int allow_hairpin(int socket, int link)
{
	struct message message;
	struct ifinfomsg which = {.ifi_family = AF_BRIDGE, .ifi_index = link};
	uint8_t on = 1;
	step("link: allow number %d to hear from itself through the bridge", link);
	message_begin(&message, RTM_SETLINK, 0, &which, sizeof(which));
	struct rtattr *port = message_begin_nest(&message, IFLA_PROTINFO, NULL, 0);
	message_add(&message, IFLA_BRPORT_MODE, &on, sizeof(on));
	message_end_nest(&message, port);
	return rtnetlink_talk(socket, &message, NULL, NULL);
}

int link_join_bridge(int socket, int link, int bridge)
{
	struct message message;
	step("link: plug number %d into the bridge", link);
	begin_for_link(&message, RTM_NEWLINK, 0, link);
	message_add_number(&message, IFLA_MASTER, (uint32_t)bridge);
	if (rtnetlink_talk(socket, &message, NULL, NULL) < 0)
		return -1;
	return allow_hairpin(socket, link);
}

static void count(const struct nlmsghdr *answer, void *what)
{
	(void)answer;
	++*(int *)what;
}

int link_bridge_in_use(int socket, int bridge)
{
	struct message message;
	int ports = 0;
	step("link: look for what is plugged into the bridge");
	begin_for_link(&message, RTM_GETLINK, NLM_F_DUMP, 0);
	message_add_number(&message, IFLA_MASTER, (uint32_t)bridge);
	if (rtnetlink_talk(socket, &message, count, &ports) < 0)
		return -1;
	return ports > 0;
}

int link_add_address(int socket, int link, uint32_t address, uint8_t prefix)
{
	struct message message;
	struct ifaddrmsg body = {.ifa_family = AF_INET,
		.ifa_prefixlen = prefix,
		.ifa_scope = RT_SCOPE_UNIVERSE,
		.ifa_index = (unsigned)link};
	uint32_t number = htonl(address), broadcast = htonl(address | UINT32_MAX >> prefix);
	char text[INET_ADDRSTRLEN];
	step("address: give link number %d %s/%d", link,
		inet_ntop(AF_INET, &number, text, sizeof(text)), prefix);
	message_begin(&message, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, &body, sizeof(body));
	message_add_number(&message, IFA_LOCAL, number);
	message_add_number(&message, IFA_ADDRESS, number);
	message_add_number(&message, IFA_BROADCAST, broadcast);
	return rtnetlink_talk(socket, &message, NULL, NULL);
}

int link_add_default_route(int socket, uint32_t gateway)
{
	struct message message;
	struct rtmsg body = {.rtm_family = AF_INET,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST};
	uint32_t number = htonl(gateway);
	char text[INET_ADDRSTRLEN];
	step("route: by default through %s", inet_ntop(AF_INET, &number, text, sizeof(text)));
	message_begin(&message, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &body, sizeof(body));
	message_add_number(&message, RTA_GATEWAY, number);
	return rtnetlink_talk(socket, &message, NULL, NULL);
}
