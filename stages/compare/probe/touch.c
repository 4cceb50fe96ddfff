/*
 * What of the host can be changed. Each is asked so that the answer is all that happens: a value is
 * set to what it is, a call is given something that it refuses after it has let the caller pass, or
 * the change is made to a stand-in and taken back.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/reboot.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "compare/probe/answer.h"
#include "compare/probe/facts.h"
#include "compare/probe/outside.h"
#include "compare/probe/proc.h"

/* It worked; the verdict is whose namespace it worked on. */
static void worked_on(struct answer *answer, const char *namespace)
{
	int hosts = is_hosts_namespace(namespace);
	if (hosts < 0)
		return nobody_outside(answer, "a namespace to compare with");
	found(answer, hosts ? OPEN : LIMITED, hosts ? "the host's" : "its own");
}

static void touch_process(struct answer *answer)
{
	const char *process = outside("process");
	if (!process)
		return nobody_outside(answer, "a process to signal");
	if (attempt(answer, kill(atoi(process), SIGCONT),
		    "kill: send SIGCONT to %s, a process of the host", process) < 0)
		return refused(answer);
	found(answer, OPEN, "sent");
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
	found(answer, OPEN, "seized");
}

static void touch_host_name(struct answer *answer)
{
	struct utsname name;
	uname(&name);
	if (attempt(answer, sethostname(name.nodename, strlen(name.nodename)),
		    "sethostname: to the present one") < 0)
		return refused(answer);
	worked_on(answer, "uts");
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
	if (hosts < 0)
		return nobody_outside(answer, "a namespace to compare with");
	found(answer, hosts ? OPEN : LIMITED, hosts ? "the host's" : "its own");
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

static bool disk_of_host(dev_t *device)
{
	unsigned int disk_major, disk_minor;
	if (!outside("disk") || sscanf(outside("disk"), "%u:%u", &disk_major, &disk_minor) != 2)
		return false;
	*device = makedev(disk_major, disk_minor);
	return true;
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

static void touch_disk(struct answer *answer)
{
	char path[PATH_MAX], text[64] = "";
	dev_t device;
	if (!disk_of_host(&device) || !outside("token"))
		return nobody_outside(answer, "a disk to read");
	if (make_node(answer, path, sizeof(path), device) < 0)
		return refused(answer);
	_cleanup_fd int disk = open(path, O_RDONLY | O_CLOEXEC);
	int error = errno;
	unlink(path);
	errno = error;
	if (attempt(answer, disk, "open it, a disk of the host") < 0 ||
		attempt(answer, (int)read(disk, text, sizeof(text) - 1), "read from it") < 0)
		return refused(answer);
	bool is_it = strncmp(text, outside("token"), strlen(outside("token"))) == 0;
	found(answer, is_it ? OPEN : CLOSED, is_it ? "read" : "another");
}

/* An empty image is no module, which the kernel finds out once it knows that the caller may. */
static void touch_module(struct answer *answer)
{
	long result = syscall(SYS_init_module, "", 0UL, "");
	attempt(answer, (int)result, "init_module: an empty one");
	if (answer->error == ENOSYS) {
		depends(answer, "no-modules");
		return found(answer, UNKNOWN, "ENOSYS");
	}
	if (answer->error == EPERM)
		return refused(answer);
	found(answer, OPEN, "may");
}

/* The length of a tick, to what it is. */
static void touch_clock(struct answer *answer)
{
	struct timex clock = {};
	adjtimex(&clock);
	clock.modes = ADJ_TICK;
	if (attempt(answer, adjtimex(&clock) < 0 ? -1 : 0, "adjtimex: the tick to what it is") < 0)
		return refused(answer);
	found(answer, OPEN, "may");
}

/* Writes what it has read. */
static void touch_setting(struct answer *answer)
{
	char value[64] = "";
	int length = proc_read("sys/kernel/panic", value, sizeof(value));
	_cleanup_fd int file =
		length < 0 ? -1 : openat(proc_open(), "sys/kernel/panic", O_WRONLY | O_CLOEXEC);
	if (attempt(answer, file, "open /proc/sys/kernel/panic to write") < 0 ||
		attempt(answer, (int)write(file, value, strlen(value)), "write what was in it") < 0)
		return refused(answer);
	found(answer, OPEN, "written");
}

static void touch_sysrq(struct answer *answer)
{
	int proc = proc_open();
	_cleanup_fd int file = proc < 0 ? -1 : openat(proc, "sysrq-trigger", O_WRONLY | O_CLOEXEC);
	if (attempt(answer, file, "open /proc/sysrq-trigger to write") < 0) {
		if (answer->error == ENOENT)
			depends(answer, "no-sysrq");
		return refused(answer);
	}
	found(answer, OPEN, "may");
}

/* In a copy of the mounts. Where nothing is read-only there is nothing to lift. */
static void touch_read_only(struct answer *answer)
{
	if (access("/proc/sys/kernel/panic", F_OK) < 0 ||
		access("/proc/sys/kernel/panic", W_OK) == 0 || errno != EROFS) {
		note(answer, "/proc/sys is not read-only");
		return found(answer, UNKNOWN, "none");
	}
	if (attempt(answer, unshare(CLONE_NEWNS), "unshare: a copy of the mounts") < 0 ||
		attempt(answer, mount("none", "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL),
			"mount: /proc/sys read-write again") < 0)
		return refused(answer);
	bool lifted = access("/proc/sys/kernel/panic", W_OK) == 0;
	found(answer, lifted ? OPEN : CLOSED, lifted ? "lifted" : "stays");
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
		char rest[256];
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
	worked_on(answer, "net");
}

static void touch_packets(struct answer *answer)
{
	_cleanup_fd int packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (attempt(answer, packets, "socket: AF_PACKET, raw") < 0)
		return refused(answer);
	worked_on(answer, "net");
}

/* A wrong magic number: refused, to those who may with EINVAL. In a PID namespace it ends only
 * that. */
static void touch_reboot(struct answer *answer)
{
	long result = syscall(SYS_reboot, 0, 0, LINUX_REBOOT_CMD_RESTART, NULL);
	attempt(answer, (int)result, "reboot: with a wrong magic number");
	if (answer->error != EINVAL)
		return refused(answer);
	worked_on(answer, "pid");
}

static void touch_swap(struct answer *answer)
{
	attempt(answer, swapoff("/no such file"), "swapoff: a file that is not there");
	if (answer->error == EPERM)
		return refused(answer);
	if (answer->error == ENOSYS) {
		depends(answer, "no-swap");
		return found(answer, UNKNOWN, "ENOSYS");
	}
	found(answer, OPEN, "may");
}

static void touch_priority(struct answer *answer)
{
	if (attempt(answer, setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) - 1),
		    "setpriority: one better, for this process") < 0)
		return refused(answer);
	found(answer, OPEN, "may");
}

static void touch_user(struct answer *answer)
{
	if (attempt(answer, setresuid(65533, 65533, 65533), "setresuid: to user 65533") < 0)
		return refused(answer);
	found(answer, OPEN, "may");
}

static void touch_owner(struct answer *answer)
{
	char path[PATH_MAX];
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

/* Root in a new one may ask the kernel for much that only root could. */
static void touch_namespace(struct answer *answer)
{
	if (attempt(answer, unshare(CLONE_NEWUSER), "unshare: a user namespace") < 0)
		return refused(answer);
	found(answer, OPEN, "made");
}

const struct fact touch_facts[] = {
	{"signal-process", touch_process, "Can it signal the host's processes?"},
	{"trace-process", touch_trace, "Can it trace the host's processes?"},
	{"set-host-name", touch_host_name, "Can it change the host's name?"},
	{"write-image", touch_image, "Can it write to the image?"},
	{"mount", touch_mounts, "Can it mount?"},
	{"make-device", touch_device, "Can it make a device node?"},
	{"read-disk", touch_disk, "Can it read the host's disk through a node?"},
	{"load-module", touch_module, "Can it load a kernel module?"},
	{"set-clock", touch_clock, "Can it set the host's clock?"},
	{"write-proc-sys", touch_setting, "Can it change the kernel's settings?"},
	{"lift-read-only", touch_read_only, "Can it lift a read-only path?"},
	{"sysrq", touch_sysrq, "Can it give the kernel orders by sysrq?"},
	{"routes", touch_routes, "Can it change the host's routes?"},
	{"raw-packets", touch_packets, "Can it read and forge packets?"},
	{"reboot", touch_reboot, "Can it reboot the machine?"},
	{"swap", touch_swap, "Can it switch the host's swap off?"},
	{"priority", touch_priority, "Can it get ahead of other processes?"},
	{"change-user", touch_user, "Can it become another user?"},
	{"change-owner", touch_owner, "Can it give files to other users?"},
	{"new-namespace", touch_namespace, "Can it make a user namespace?"},
	{},
};
