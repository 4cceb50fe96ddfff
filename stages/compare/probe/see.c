/* What of the host can be seen. Nothing here changes anything. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "compare/probe/answer.h"
#include "compare/probe/climb.h"
#include "compare/probe/facts.h"
#include "compare/probe/outside.h"
#include "compare/probe/proc.h"

/* It is the host's. What only a detour shows (a mount of its own, a climb) is not what meets the
 * eye. */
__attribute__((format(printf, 3, 4))) static void seen(struct answer *answer, bool detour,
	const char *value, ...)
{
	char text[64];
	va_list arguments;
	va_start(arguments, value);
	vsnprintf(text, sizeof(text), value, arguments);
	va_end(arguments);
	if (detour)
		note(answer, "by a mount of its own");
	found(answer, detour ? LIMITED : OPEN, "%s", text);
}

static bool all_digits(const char *name)
{
	return *name && name[strspn(name, "0123456789")] == '\0';
}

static void see_processes(struct answer *answer)
{
	int proc = proc_open();
	if (attempt(answer, proc, "a /proc to read") < 0)
		return refused(answer);
	_cleanup_directory DIR *directory = fdopendir(openat(proc, ".", O_RDONLY | O_CLOEXEC));
	const char *process = outside("process");
	bool there = false;
	int count = 0;
	for (const struct dirent *entry; directory && (entry = readdir(directory));) {
		count += all_digits(entry->d_name);
		there |= process && strcmp(entry->d_name, process) == 0;
	}
	if (!process)
		return nobody_outside(answer, "a process to look for");
	there &= is_hosts_namespace("pid") != 0;
	note(answer, "%d processes, %s that of the host", count, there ? "among them" : "not");
	if (there)
		return seen(answer, proc_is_hidden(), "%d", count);
	found(answer, CLOSED, "%d", count);
}

static void see_host_name(struct answer *answer)
{
	struct utsname name;
	if (!outside("host-name"))
		return nobody_outside(answer, "a host name");
	if (attempt(answer, uname(&name), "uname") < 0)
		return refused(answer);
	/* Two may have the same name by chance. */
	bool hosts = strcmp(name.nodename, outside("host-name")) == 0 &&
		     is_hosts_namespace("uts") != 0;
	found(answer, hosts ? OPEN : CLOSED, "%s", name.nodename);
}

/* Whether the host's root mount is in the list: 1 or 0, or -1 with errno. */
static int has_hosts_root(const char *list)
{
	static char mounts[1 << 18];
	char mark[512];
	snprintf(mark, sizeof(mark), " %s ", outside("mount"));
	return proc_read(list, mounts, sizeof(mounts)) < 0 ? -1 : strstr(mounts, mark) != NULL;
}

/* The list leaves out what is not below the reader's root: after a chroot, all of the host's. */
static void see_mounts(struct answer *answer)
{
	static const char *const lists[] = {"self/mountinfo", "1/mountinfo"};
	if (!outside("mount"))
		return nobody_outside(answer, "a mount to look for");
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (has_hosts_root(lists[i]) == 1) {
			note(answer, "the host's root is in /proc/%s", lists[i]);
			return seen(answer, proc_is_hidden(), "all of them");
		}
	if (attempt(answer, climb_out(), "climb out of the root") == 0 &&
		has_hosts_root(lists[0]) == 1) {
		note(answer, "from there, the host's root is in /proc/%s", lists[0]);
		return found(answer, LIMITED, "after a climb");
	}
	note(answer, "no mount of the host in any list");
	found(answer, CLOSED, "its own");
}

/* What a container is given for its own: common programs expect these. */
static bool is_harmless_device(const char *name)
{
	static const char *const names[] = {"null", "zero", "full", "random", "urandom", "tty",
		"console", "ptmx"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static int count_devices(int directory)
{
	_cleanup_directory DIR *devices = directory < 0 ? NULL : fdopendir(directory);
	int count = 0;
	for (const struct dirent *entry; devices && (entry = readdir(devices));)
		if ((entry->d_type == DT_CHR || entry->d_type == DT_BLK) &&
			!is_harmless_device(entry->d_name))
			count++;
	return count;
}

static int open_directory(int place, const char *path)
{
	return openat(place, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* All devtmpfs are one. */
static void see_devices(struct answer *answer)
{
	int shown = count_devices(open_directory(AT_FDCWD, "/dev"));
	note(answer, "/dev has %d devices beside the usual few (null, zero, tty, ...)", shown);
	if (shown)
		return seen(answer, false, "%d", shown);
	_cleanup_fd int all = kernel_filesystem("devtmpfs", NULL);
	if (attempt(answer, all, "mount a devtmpfs") < 0)
		return found(answer, CLOSED, "%d", shown);
	seen(answer, true, "%d", count_devices(open_directory(all, ".")));
}

static void see_disks(struct answer *answer)
{
	bool detour = access("/sys/class", F_OK) < 0;
	_cleanup_fd int sys = detour ? kernel_filesystem("sysfs", NULL)
				     : open_directory(AT_FDCWD, "/sys");
	if (attempt(answer, sys, detour ? "mount a sysfs" : "open /sys") < 0)
		return refused(answer);
	_cleanup_directory DIR *directory = fdopendir(open_directory(sys, "class/block"));
	attempt(answer, directory ? 0 : -1, "read class/block in it");
	if (!directory)
		return refused(answer);
	int count = 0;
	for (const struct dirent *entry; (entry = readdir(directory));)
		count += entry->d_name[0] != '.';
	seen(answer, detour, "%d", count);
}

/* Unless the host restricts it, anybody may read it. See syslog(2), proc_sys_kernel(5). */
static void see_kernel_log(struct answer *answer)
{
	char restricted[8] = "", byte[16];
	if (proc_read("sys/kernel/dmesg_restrict", restricted, sizeof(restricted)) > 0)
		depends(answer,
			restricted[0] == '0' ? "kernel-log-for-all" : "kernel-log-for-root");
	if (attempt(answer, klogctl(3, byte, sizeof(byte)), "syslog: read the log") < 0)
		return refused(answer);
	found(answer, OPEN, "readable");
}

static void see_kernel_memory(struct answer *answer)
{
	char byte;
	int proc = proc_open();
	_cleanup_fd int file = proc < 0 ? -1 : openat(proc, "kcore", O_RDONLY | O_CLOEXEC);
	if (attempt(answer, file, "open /proc/kcore") < 0) {
		if (answer->error == ENOENT)
			depends(answer, "no-kcore");
		return refused(answer);
	}
	if (attempt(answer, (int)read(file, &byte, 1), "read a byte of it") < 0)
		return refused(answer);
	struct stat kind;
	if (fstat(file, &kind) == 0 && S_ISCHR(kind.st_mode))
		return found(answer, CLOSED, "masked");
	seen(answer, proc_is_hidden(), "readable");
}

static void see_other_users(struct answer *answer)
{
	if (!outside("secret"))
		return nobody_outside(answer, "a file of somebody else's");
	_cleanup_fd int file = open(image_path("secret"), O_RDONLY | O_CLOEXEC);
	if (attempt(answer, file, "open a file of user %s, mode 600", outside("secret")) < 0)
		return refused(answer);
	found(answer, OPEN, "readable");
}

static void see_environment(struct answer *answer)
{
	int count = 0;
	for (char **variable = environ; *variable; variable++)
		count++;
	bool leaked = getenv("COMPARE_SECRET") != NULL;
	note(answer, "%d variables, %s COMPARE_SECRET of the host's", count,
		leaked ? "among them" : "not");
	found(answer, leaked ? OPEN : CLOSED, "%d", count);
}

static void see_shared_memory(struct answer *answer)
{
	if (!outside("shared-memory"))
		return nobody_outside(answer, "shared memory to look for");
	if (attempt(answer, shmget(atoi(outside("shared-memory")), 1, 0),
		    "shmget: a segment of the host's") < 0)
		return refused(answer);
	found(answer, OPEN, "found");
}

/* All of a tree whose topmost directory has no "cgroup.type". */
static bool is_whole_tree(struct answer *answer)
{
	_cleanup_fd int top = kernel_filesystem("cgroup2", NULL);
	return attempt(answer, top, "mount the v2 tree") >= 0 &&
	       faccessat(top, "cgroup.type", F_OK, 0) < 0;
}

/*
 * In the host's cgroup namespace nothing is mounted: the kernel would take the options of that
 * mount, or their absence, for what the host shall have from now on (nsdelegate, ...). See
 * cgroups(7).
 */
static void see_cgroups(struct answer *answer)
{
	int hosts = is_hosts_namespace("cgroup");
	if (hosts < 0)
		return nobody_outside(answer, "a cgroup namespace to compare with");
	if (outside("top-cgroup"))
		depends(answer, "top-cgroup");
	bool shown = access("/sys/fs/cgroup/cgroup.procs", F_OK) == 0 ||
		     access("/sys/fs/cgroup/unified", F_OK) == 0 ||
		     access("/sys/fs/cgroup/memory", F_OK) == 0;
	note(answer, "/sys/fs/cgroup is %s, the cgroup namespace %s", shown ? "there" : "empty",
		hosts ? "the host's" : "its own");
	if (shown && hosts)
		return seen(answer, false, "all of it");
	if (hosts)
		return found(answer, LIMITED, "its paths");
	if (is_whole_tree(answer))
		return seen(answer, true, "all of it");
	found(answer, CLOSED, "its own");
}

static void see_boot_id(struct answer *answer)
{
	char text[64];
	if (!outside("boot-id"))
		return nobody_outside(answer, "a boot to compare with");
	if (attempt(answer, proc_read("sys/kernel/random/boot_id", text, sizeof(text)),
		    "read /proc/sys/kernel/random/boot_id") < 0)
		return refused(answer);
	if (strcmp(text, outside("boot-id")) == 0)
		return seen(answer, proc_is_hidden(), "%.8s", text);
	found(answer, CLOSED, "%.8s", text);
}

static void see_machine(struct answer *answer, bool uptime)
{
	struct sysinfo machine;
	const char *mark = outside(uptime ? "uptime" : "memory");
	if (!mark)
		return nobody_outside(answer, "a machine to compare with");
	if (attempt(answer, sysinfo(&machine), "sysinfo") < 0)
		return refused(answer);
	if (uptime)
		found(answer, labs(machine.uptime - atol(mark)) < 3600 ? OPEN : CLOSED, "%ld min",
			machine.uptime / 60);
	else
		found(answer,
			machine.totalram / 1024 * machine.mem_unit / 1024 == strtoul(mark, NULL, 10)
				? OPEN
				: CLOSED,
			"%s MiB", mark);
}

static void see_uptime(struct answer *answer)
{
	see_machine(answer, true);
}

static void see_memory(struct answer *answer)
{
	see_machine(answer, false);
}

const struct fact see_facts[] = {
	{"host-processes", see_processes, "Does it see the host's processes?"},
	{"host-name", see_host_name, "Does it see the host's name?"},
	{"host-mounts", see_mounts, "Does it see the host's mounts?"},
	{"host-devices", see_devices, "Does it see the host's devices?"},
	{"disks", see_disks, "Does it see which disks there are?"},
	{"kernel-log", see_kernel_log, "Can it read the kernel's log?"},
	{"kernel-memory", see_kernel_memory, "Can it read the kernel's memory?"},
	{"other-users-files", see_other_users, "Can it read files of other users?"},
	{"environment", see_environment, "Has it the host's variables?"},
	{"shared-memory", see_shared_memory, "Does it see the host's shared memory?"},
	{"cgroup-tree", see_cgroups, "Does it see the host's cgroups?"},
	{"boot-id", see_boot_id, "Does it know the machine by its boot id?"},
	{"uptime", see_uptime, "Does it know how long the machine is up?"},
	{"machine-memory", see_memory, "Does it know how much memory there is?"},
	{},
};
