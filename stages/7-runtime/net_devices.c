/*
 * Some networks are a card's own: a virtual function of it, a fast link to a storage. A container
 * gets such an interface by a move: it leaves the host's network namespace, and is in no other than
 * the container's.
 *
 * The kernel takes the addresses and routes from an interface that moves. Its hardware address,
 * MTU, alias and further names stay. The specification wants the permanent, global addresses back;
 * they are noted before. Routes are left to whoever set them.
 *
 * What must hold: an interface goes only when all can go, since there is no way back: when the
 * namespace ends, the kernel returns a physical one to the host, and deletes a virtual one. Nothing
 * here takes one out again, as the specification demands.
 */
#include "7-runtime/net_devices.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "5-network/link.h"
#include "5-network/rtnetlink.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

enum { ADDRESSES_MOST = 4096, NUMBERS_MOST = 4096 };

/* The addresses of one interface, each a message that gives it to an interface again. */
struct addresses {
	int link;
	struct message *messages;
	size_t count;
	bool failed;
};

/* Where something moves from and to. */
struct move {
	int here, there; /* rtnetlink sockets */
	int network;     /* the container's network namespace */
};

struct device_name {
	char text[IFNAMSIZ];
};

/* --- names ------------------------------------------------------------------------------------ */

/* A name that is given as "eth%d": the first number that is free, as the kernel would take it. */
static int choose_name(const struct move *move, const struct config_net_device *device,
	struct device_name *name)
{
	const char *wanted = device->name && *device->name ? device->name : device->key;
	const char *number = strstr(wanted, "%d");
	if (!number) {
		snprintf(name->text, sizeof(name->text), "%s", wanted);
		int taken = link_find(move->there, name->text);
		if (taken > 0)
			return fail("name: there is a \"%s\" in the container's network already",
				name->text);
		return taken;
	}
	for (int i = 0; i < NUMBERS_MOST; i++) {
		snprintf(name->text, sizeof(name->text), "%.*s%d%s", (int)(number - wanted), wanted,
			i, number + strlen("%d"));
		int taken = link_find(move->there, name->text);
		if (taken <= 0)
			return taken;
	}
	return fail("name: all of \"%s\" are taken in the container's network", wanted);
}

/* --- addresses -------------------------------------------------------------------------------- */

/* What is not to be copied: it says how long an address lasts, which is for ever, or counts. */
static bool is_kept(const struct rtattr *attribute)
{
	switch (attribute->rta_type) {
	case IFA_ADDRESS:
	case IFA_LOCAL:
	case IFA_BROADCAST:
	case IFA_ANYCAST:
	case IFA_MULTICAST:
	case IFA_FLAGS:
	case IFA_RT_PRIORITY:
	case IFA_PROTO:
		return true;
	default:
		return false;
	}
}

static uint32_t flags_of(const struct ifaddrmsg *address, ssize_t size)
{
	uint32_t flags = address->ifa_flags;
	const struct rtattr *attribute = IFA_RTA(address);
	for (; RTA_OK(attribute, size); attribute = RTA_NEXT(attribute, size))
		if (attribute->rta_type == IFA_FLAGS && RTA_PAYLOAD(attribute) >= sizeof(flags))
			memcpy(&flags, RTA_DATA(attribute), sizeof(flags));
	return flags;
}

/* The kernel ignores the index in a request to list addresses, and lists those of all. */
static void note_address(const struct nlmsghdr *answer, void *what)
{
	struct addresses *addresses = what;
	const struct ifaddrmsg *address = answer_body(answer, sizeof(*address));
	if (!address)
		return;
	ssize_t size = (ssize_t)(answer->nlmsg_len - NLMSG_LENGTH(sizeof(*address)));
	if ((int)address->ifa_index != addresses->link || address->ifa_scope != RT_SCOPE_UNIVERSE ||
		!(flags_of(address, size) & IFA_F_PERMANENT))
		return;
	struct message *messages =
		addresses->count < ADDRESSES_MOST
			? reallocarray(addresses->messages, addresses->count + 1, sizeof(*messages))
			: NULL;
	addresses->failed = addresses->failed || !messages;
	if (!messages)
		return;
	addresses->messages = messages;
	struct message *message = &messages[addresses->count++];
	message_begin(message, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, address, sizeof(*address));
	const struct rtattr *attribute = IFA_RTA(address);
	for (; RTA_OK(attribute, size); attribute = RTA_NEXT(attribute, size))
		if (is_kept(attribute))
			message_add(message, attribute->rta_type, RTA_DATA(attribute),
				RTA_PAYLOAD(attribute));
}

static int note_addresses(int socket, struct addresses *addresses)
{
	struct message message;
	const struct ifaddrmsg all = {.ifa_family = AF_UNSPEC};
	step("address: note those of link number %d", addresses->link);
	message_begin(&message, RTM_GETADDR, NLM_F_DUMP, &all, sizeof(all));
	if (rtnetlink_talk(socket, &message, note_address, addresses) < 0)
		return -1;
	return addresses->failed ? fail("too many addresses, or out of memory") : 0;
}

/* The interface may have got another number on its way. */
static int restore_addresses(int socket, struct addresses *addresses, int link)
{
	for (size_t i = 0; i < addresses->count; i++) {
		struct message *message = &addresses->messages[i];
		struct ifaddrmsg *address = NLMSG_DATA(&message->header);
		address->ifa_index = (unsigned)link;
		step("address: give number %zu of them back to link number %d", i, link);
		if (rtnetlink_talk(socket, message, NULL, NULL) < 0)
			return -1;
	}
	return 0;
}

/* --- the move --------------------------------------------------------------------------------- */

static int find(const struct move *move, const struct config_net_device *device)
{
	int link = link_find(move->here, device->key);
	if (link == 0)
		fail("the host has no such network interface");
	return link > 0 ? link : -1;
}

static int move_link(const struct move *move, int link, const char *name)
{
	struct message message;
	const struct ifinfomsg which = {.ifi_family = AF_UNSPEC, .ifi_index = link};
	step("link: move number %d into the container's network, as %s", link, name);
	message_begin(&message, RTM_NEWLINK, 0, &which, sizeof(which));
	message_add_number(&message, IFLA_NET_NS_FD, (uint32_t)move->network);
	message_add_text(&message, IFLA_IFNAME, name);
	return rtnetlink_talk(move->here, &message, NULL, NULL);
}

static int move_device(const struct move *move, const struct config_net_device *device,
	struct addresses *addresses)
{
	struct device_name name;
	addresses->link = find(move, device);
	if (addresses->link < 0 || choose_name(move, device, &name) < 0 ||
		note_addresses(move->here, addresses) < 0 ||
		move_link(move, addresses->link, name.text) < 0)
		return -1;
	int link = link_find(move->there, name.text);
	if (link == 0)
		return fail("%s: not in the container's network after its move", name.text);
	if (link < 0 || restore_addresses(move->there, addresses, link) < 0)
		return -1;
	return link_set_up(move->there, link);
}

static int move_all(const struct config *config, const struct move *move)
{
	for (size_t i = 0; i < config->linux.net_devices.count; i++) {
		const struct config_net_device *device = &config->linux.net_devices.items[i];
		struct device_name name;
		step_for("linux.netDevices[\"%s\"]", device->key);
		if (find(move, device) < 0 || choose_name(move, device, &name) < 0)
			return -1;
	}
	for (size_t i = 0; i < config->linux.net_devices.count; i++) {
		const struct config_net_device *device = &config->linux.net_devices.items[i];
		struct addresses addresses = {};
		step_for("linux.netDevices[\"%s\"]", device->key);
		int moved = move_device(move, device, &addresses);
		free(addresses.messages);
		if (moved < 0)
			return -1;
	}
	return 0;
}

int net_devices_move(const struct config *config, pid_t pid)
{
	char path[32];
	if (config->linux.net_devices.count == 0)
		return 0;
	step_for("linux.netDevices");
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	step("open: %s", path);
	_cleanup_fd int network = open(path, O_RDONLY | O_CLOEXEC);
	if (network < 0)
		return fail_errno();
	_cleanup_fd int here = rtnetlink_open();
	_cleanup_fd int there = here < 0 ? -1 : rtnetlink_open_in(network);
	const struct move move = {here, there, network};
	if (there < 0 || move_all(config, &move) < 0)
		return -1;
	step_for(NULL);
	return 0;
}
