/*
 * What of the host can be changed. Each is asked so that the answer is all that happens: a value is
 * set to what it is, a call is given something that it refuses after it has let the caller pass, or
 * the change is made to a stand-in and taken back.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "compare/probe/answer.h"
#include "compare/probe/facts.h"
#include "compare/probe/outside.h"
#include "compare/probe/proc.h"

/* In a PID namespace of one's own the number may be somebody else's. */
static void reached_process(struct answer *answer, const char *how)
{
	bool another = is_hosts_namespace("pid") == 0;
	found(answer, another ? CLOSED : OPEN, "%s", another ? "another" : how);
}

static void touch_process(struct answer *answer)
{
	const char *process = outside("process");
	if (!process)
		return nobody_outside(answer, "a process to signal");
	if (attempt(answer, kill(atoi(process), SIGCONT),
		    "kill: send SIGCONT to %s, a process of the host", process) < 0)
		return refused(answer);
	reached_process(answer, "sent");
}

/* PTRACE_SEIZE stops nobody, and ends with this process. */
static void touch_trace(struct answer *answer)
{
	const char *process = outside("process");
	if (!process)
		return nobody_outside(answer, "a process to trace");
	char scope[8] = "0";
	if (proc_read("sys/kernel/yama/ptrace_scope", scope, sizeof(scope)) > 0 && scope[0] != '0')
		depends(answer, "ptrace-restricted");
	if (attempt(answer, (int)ptrace(PTRACE_SEIZE, atoi(process), NULL, NULL),
		    "ptrace: seize %s, a process of the host", process) < 0)
		return refused(answer);
	reached_process(answer, "seized");
}

static void touch_host_name(struct answer *answer)
{
	struct utsname name;
	uname(&name);
	if (attempt(answer, sethostname(name.nodename, strlen(name.nodename)),
		    "sethostname: to the present one") < 0)
		return refused(answer);
	worked_on(answer, is_hosts_namespace("uts"));
}

static void touch_image(struct answer *answer)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s", image_path("written"));
	_cleanup_fd int written = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (attempt(answer, written, "make a file at the top of the image") < 0)
		return refused(answer);
	unlink(path);
	bool image = is_in_image(written);
	note(answer, "it is in %s", image ? "the image" : "a layer above the image");
	found(answer, image ? OPEN : LIMITED, image ? "the image" : "a layer");
}

/* In a copy of the mounts, which goes with this process. */
static void touch_mounts(struct answer *answer)
{
	int hosts = is_hosts_namespace("mnt");
	if (attempt(answer, unshare(CLONE_NEWNS), "unshare: a copy of the mounts") < 0 ||
		attempt(answer, mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL),
			"mount: keep changes to it") < 0) {
		/* A root that is a directory only is no mount to change. */
		if (answer->error != EINVAL)
			return refused(answer);
	}
	if (attempt(answer, mount("none", "/dev", "tmpfs", 0, NULL), "mount: a tmpfs on /dev") < 0)
		return refused(answer);
	worked_on(answer, hosts);
}

/* Somewhere in the image a node can be made, or nowhere. */
static int make_node(struct answer *answer, char *path, size_t size, dev_t device)
{
	static const char *const places[] = {"node", "dev/node", "tmp/node", "run/node"};
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, size, "%s", image_path(places[i]));
		if (attempt(answer, mknod(path, S_IFBLK | 0600, device), "mknod: %s", path) == 0)
			return 0;
		if (errno != EROFS)
			break;
	}
	return -1;
}

static void touch_device(struct answer *answer)
{
	char path[PATH_MAX];
	/* Any number will do: nobody opens it. */
	if (make_node(answer, path, sizeof(path), makedev(7, 0)) < 0)
		return refused(answer);
	unlink(path);
	found(answer, OPEN, "made");
}

/* A stand-in is read; the disk that the host lives on is only opened. */
static void touch_disk(struct answer *answer)
{
	char path[PATH_MAX], text[64] = "";
	unsigned int disk_major, disk_minor;
	const char *stand_in = outside("disk");
	const char *number = stand_in ? stand_in : outside("root-disk");
	if (!number || sscanf(number, "%u:%u", &disk_major, &disk_minor) != 2)
		return nobody_outside(answer, "a disk to read");
	if (make_node(answer, path, sizeof(path), makedev(disk_major, disk_minor)) < 0)
		return refused(answer);
	_cleanup_fd int disk = open(path, O_RDONLY | O_CLOEXEC);
	int error = errno;
	unlink(path);
	errno = error;
	if (attempt(answer, disk, "open it, a disk of the host") < 0)
		return refused(answer);
	if (!stand_in)
		return found(answer, OPEN, "opened");
	if (attempt(answer, (int)read(disk, text, sizeof(text) - 1), "read from it") < 0)
		return refused(answer);
	bool is_it = strncmp(text, outside("token"), strlen(outside("token"))) == 0;
	found(answer, is_it ? OPEN : CLOSED, is_it ? "read" : "another");
}

/* One to nowhere (192.0.2.0 is nobody's), in a table that nobody asks; taken away again. */
static int change_route(int netlink, int type, int flags)
{
	struct {
		struct nlmsghdr header;
		struct rtmsg route;
		struct rtattr attribute;
		in_addr_t destination;
	} request = {
		.header = {.nlmsg_len = sizeof(request),
			.nlmsg_type = (unsigned short)type,
			.nlmsg_flags = (unsigned short)(NLM_F_REQUEST | NLM_F_ACK | flags)},
		.route = {.rtm_family = AF_INET,
			.rtm_dst_len = 24,
			.rtm_table = 250,
			.rtm_protocol = RTPROT_STATIC,
			.rtm_scope = RT_SCOPE_UNIVERSE,
			.rtm_type = RTN_BLACKHOLE},
		.attribute = {.rta_len = RTA_LENGTH(sizeof(in_addr_t)), .rta_type = RTA_DST},
		.destination = htonl(0xc0000200),
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr result;
	} reply = {};
	if (send(netlink, &request, sizeof(request), 0) < 0 ||
		recv(netlink, &reply, sizeof(reply), 0) < 0)
		return -1;
	errno = -reply.result.error;
	return errno ? -1 : 0;
}

static void touch_routes(struct answer *answer)
{
	_cleanup_fd int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (attempt(answer, netlink, "socket: rtnetlink") < 0 ||
		attempt(answer, change_route(netlink, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL),
			"RTM_NEWROUTE: a route to nowhere") < 0)
		return refused(answer);
	change_route(netlink, RTM_DELROUTE, 0);
	worked_on(answer, is_hosts_namespace("net"));
}

static void touch_packets(struct answer *answer)
{
	_cleanup_fd int packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (attempt(answer, packets, "socket: AF_PACKET, raw") < 0)
		return refused(answer);
	worked_on(answer, is_hosts_namespace("net"));
}

static void touch_owner(struct answer *answer)
{
	char path[PATH_MAX];
	if (outside("subordinate-ids"))
		depends(answer, "subordinate-ids");
	snprintf(path, sizeof(path), "%s", image_path("tmp/owned"));
	_cleanup_fd int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0) {
		snprintf(path, sizeof(path), "/dev/shm/owned");
		file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	}
	if (attempt(answer, file, "make %s", path) < 0)
		return refused(answer);
	unlink(path);
	if (attempt(answer, fchown(file, 65533, 65533), "fchown: to user 65533") < 0)
		return refused(answer);
	found(answer, OPEN, "may");
}

const struct fact touch_facts[] = {
	{"signal-process", touch_process, "Can it signal the host's processes?"},
	{"trace-process", touch_trace, "Can it trace the host's processes?"},
	{"set-host-name", touch_host_name, "Can it change the host's name?"},
	{"write-image", touch_image, "Can it write to the image?"},
	{"mount", touch_mounts, "Can it mount?"},
	{"make-device", touch_device, "Can it make a device node?"},
	{"read-disk", touch_disk, "Can it read the host's disk through a node?"},
	{"routes", touch_routes, "Can it change the host's routes?"},
	{"raw-packets", touch_packets, "Can it read and forge packets?"},
	{"change-owner", touch_owner, "Can it give files to other users?"},
	{},
};
