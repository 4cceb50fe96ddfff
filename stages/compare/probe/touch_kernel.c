/*
 * What of the kernel can be changed, which is the host's, and what the kernel lets a process
 * become. As in touch.c, the answer is all that happens.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "compare/probe/answer.h"
#include "compare/probe/facts.h"
#include "compare/probe/outside.h"
#include "compare/probe/proc.h"

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

/* A wrong magic number: refused, to those who may with EINVAL. In a PID namespace it ends only
 * that. */
static void touch_reboot(struct answer *answer)
{
	long result = syscall(SYS_reboot, 0, 0, LINUX_REBOOT_CMD_RESTART, NULL);
	attempt(answer, (int)result, "reboot: with a wrong magic number");
	if (answer->error != EINVAL)
		return refused(answer);
	worked_on(answer, is_hosts_namespace("pid"));
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
	if (outside("subordinate-ids"))
		depends(answer, "subordinate-ids");
	if (attempt(answer, setresuid(65533, 65533, 65533), "setresuid: to user 65533") < 0)
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

const struct fact touch_kernel_facts[] = {
	{"load-module", touch_module, "Can it load a kernel module?"},
	{"set-clock", touch_clock, "Can it set the host's clock?"},
	{"write-proc-sys", touch_setting, "Can it change the kernel's settings?"},
	{"sysrq", touch_sysrq, "Can it give the kernel orders by sysrq?"},
	{"lift-read-only", touch_read_only, "Can it lift a read-only path?"},
	{"reboot", touch_reboot, "Can it reboot the machine?"},
	{"swap", touch_swap, "Can it switch the host's swap off?"},
	{"priority", touch_priority, "Can it get ahead of other processes?"},
	{"change-user", touch_user, "Can it become another user?"},
	{"new-namespace", touch_namespace, "Can it make a user namespace?"},
	{},
};
