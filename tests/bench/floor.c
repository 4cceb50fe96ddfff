/*
 * The floor: what a container costs at the very least. It makes by hand what config.json beside it
 * says, the namespaces, the mounts and the cgroup, and executes /bin/true. Nothing is read,
 *checked, put on record, or taken back after a failure: what a runtime needs beyond this is the
 *price of all that.
 *
 *	floor run --bundle DIR ID      in a new container
 *	floor exec ID PID              in the container ID of the process PID
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define CGROUPS "/sys/fs/cgroup"

enum {
	GUARDED = MS_NOSUID | MS_NOEXEC | MS_NODEV,
	NAMESPACES = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS,
	PATH_SIZE = 512,
};

/* Returns @result, or does not return. */
static int must(long result, const char *what)
{
	if (result < 0)
		err(1, "floor: %s", what);
	return (int)result;
}

/* --- the cgroup ------------------------------------------------------------------------------- */

/* A cgroup of one hierarchy, whose top is @top. */
typedef void visit(const char *top, const char *cgroup);

static bool is_on(const char *path, long filesystem)
{
	struct statfs info;
	must(statfs(path, &info), path);
	return info.f_type == filesystem;
}

static bool is_unified(void)
{
	return is_on(CGROUPS, CGROUP2_SUPER_MAGIC);
}

static void each_hierarchy(const char *id, visit *visit)
{
	char top[PATH_SIZE] = CGROUPS, cgroup[PATH_SIZE];
	if (is_unified()) {
		snprintf(cgroup, sizeof(cgroup), "%s/%s", CGROUPS, id);
		visit(top, cgroup);
		return;
	}
	DIR *tops = opendir(CGROUPS);
	if (!tops)
		err(1, "floor: %s", CGROUPS);
	for (const struct dirent *entry; (entry = readdir(tops));) {
		/* Systemd's tree has no controller. */
		if (entry->d_type != DT_DIR || *entry->d_name == '.' ||
			!strcmp(entry->d_name, "systemd"))
			continue;
		snprintf(top, sizeof(top), "%s/%s", CGROUPS, entry->d_name);
		snprintf(cgroup, sizeof(cgroup), "%s/%s", top, id);
		if (is_on(top, CGROUP_SUPER_MAGIC))
			visit(top, cgroup);
	}
	closedir(tops);
}

static void copy(const char *from, const char *to, const char *file)
{
	char path[PATH_SIZE + 32], text[256];
	snprintf(path, sizeof(path), "%s/%s", from, file);
	int in = open(path, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return;
	long length = must(read(in, text, sizeof(text)), path);
	close(in);
	snprintf(path, sizeof(path), "%s/%s", to, file);
	int out = must(open(path, O_WRONLY | O_CLOEXEC), path);
	must(write(out, text, (size_t)length), path);
	close(out);
}

/* One of the controller cpuset in version 1 takes no process before it has processors and memory.
 */
static void make(const char *top, const char *cgroup)
{
	must(mkdir(cgroup, 0755), cgroup);
	if (strstr(top, "cpuset")) {
		copy(top, cgroup, "cpuset.cpus");
		copy(top, cgroup, "cpuset.mems");
	}
}

/* The calling process. To write its number would move it, too, but make it wait for RCU. */
static void join(const char *top, const char *cgroup)
{
	char path[PATH_SIZE + 32];
	(void)top;
	snprintf(path, sizeof(path), "%s/tasks", cgroup);
	int tasks = must(open(path, O_WRONLY | O_CLOEXEC), path);
	must(write(tasks, "0", 1), path);
	close(tasks);
}

static void take_down(const char *top, const char *cgroup)
{
	(void)top;
	must(rmdir(cgroup), cgroup);
}

/* In version 2 a process is born in its cgroup; in version 1 it must be moved there. */
static pid_t clone_into(const char *id, uint64_t namespaces)
{
	struct clone_args arguments = {.flags = namespaces, .exit_signal = SIGCHLD};
	if (is_unified()) {
		char path[PATH_SIZE];
		snprintf(path, sizeof(path), "%s/%s", CGROUPS, id);
		arguments.flags |= CLONE_INTO_CGROUP;
		arguments.cgroup = (uint64_t)must(open(path, O_PATH | O_CLOEXEC), path);
	}
	return must(syscall(SYS_clone3, &arguments, sizeof(arguments)), "clone3");
}

/* --- inside ----------------------------------------------------------------------------------- */

static void add(const char *type, const char *path, unsigned long flags, const char *options)
{
	must(mount(type, path, type, flags, options), path);
}

static void furnish(void)
{
	static const struct {
		const char *path;
		unsigned minor;
	} devices[] = {{"dev/null", 3}, {"dev/zero", 5}, {"dev/full", 7}, {"dev/random", 8},
		{"dev/urandom", 9}};
	add("proc", "proc", GUARDED, NULL);
	add("tmpfs", "dev", MS_NOSUID, "mode=755,size=65536k");
	must(mkdir("dev/pts", 0755), "mkdir dev/pts");
	must(mkdir("dev/shm", 0755), "mkdir dev/shm");
	must(mkdir("dev/mqueue", 0755), "mkdir dev/mqueue");
	add("devpts", "dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620");
	add("tmpfs", "dev/shm", GUARDED, "mode=1777,size=65536k");
	add("mqueue", "dev/mqueue", GUARDED, NULL);
	add("sysfs", "sys", GUARDED | MS_RDONLY, NULL);
	umask(0);
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		must(mknod(devices[i].path, S_IFCHR | 0666, makedev(1, devices[i].minor)), "mknod");
	must(mknod("dev/tty", S_IFCHR | 0666, makedev(5, 0)), "mknod");
	must(symlink("/proc/self/fd", "dev/fd"), "symlink");
	must(symlink("/proc/self/fd/0", "dev/stdin"), "symlink");
	must(symlink("/proc/self/fd/1", "dev/stdout"), "symlink");
	must(symlink("/proc/self/fd/2", "dev/stderr"), "symlink");
	must(symlink("pts/ptmx", "dev/ptmx"), "symlink");
}

static void hide(void)
{
	static const char *const masked[] = {"proc/kcore", "proc/keys", "proc/timer_list"};
	static const char *const read_only[] = {"proc/bus", "proc/fs", "proc/irq", "proc/sys",
		"proc/sysrq-trigger"};
	for (size_t i = 0; i < sizeof(masked) / sizeof(*masked); i++)
		if (access(masked[i], F_OK) == 0)
			must(mount("dev/null", masked[i], NULL, MS_BIND, NULL), masked[i]);
	add("tmpfs", "sys/firmware", MS_RDONLY, "size=0k");
	for (size_t i = 0; i < sizeof(read_only) / sizeof(*read_only); i++) {
		if (access(read_only[i], F_OK) < 0)
			continue;
		must(mount(read_only[i], read_only[i], NULL, MS_BIND | MS_REC, NULL), read_only[i]);
		must(mount(NULL, read_only[i], NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | GUARDED,
			     NULL),
			read_only[i]);
	}
}

static void enter_root(const char *rootfs)
{
	must(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "mount");
	must(mount(rootfs, rootfs, NULL, MS_BIND | MS_REC, NULL), rootfs);
	must(chdir(rootfs), rootfs);
	furnish();
	hide();
	must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	must(umount2(".", MNT_DETACH), "umount2");
	must(chdir("/"), "chdir");
	must(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), "remount");
}

static void execute(void)
{
	must(execve("/bin/true", (char *[]){"/bin/true", NULL}, (char *[]){"PATH=/bin", NULL}),
		"execve");
}

/* --- outside ---------------------------------------------------------------------------------- */

static int wait_for(pid_t pid)
{
	int status;
	must(waitpid(pid, &status, 0), "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int run(const char *bundle, const char *id)
{
	char rootfs[PATH_SIZE];
	snprintf(rootfs, sizeof(rootfs), "%s/rootfs", bundle);
	each_hierarchy(id, make);
	pid_t pid = clone_into(id, NAMESPACES);
	if (pid == 0) {
		if (!is_unified())
			each_hierarchy(id, join);
		must(unshare(CLONE_NEWCGROUP), "unshare");
		must(sethostname("bench", 5), "sethostname");
		enter_root(rootfs);
		execute();
	}
	int status = wait_for(pid);
	each_hierarchy(id, take_down);
	return status;
}

/* The PID namespace first: only a child is in it, and it is born in the host's cgroup namespace. */
static int exec(const char *id, pid_t container)
{
	int target = must(pidfd_open(container, 0), "pidfd_open");
	must(setns(target, CLONE_NEWPID), "setns");
	pid_t pid = clone_into(id, 0);
	if (pid == 0) {
		if (!is_unified())
			each_hierarchy(id, join);
		must(setns(target, (NAMESPACES & ~CLONE_NEWPID) | CLONE_NEWCGROUP), "setns");
		execute();
	}
	return wait_for(pid);
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "run") && !strcmp(argv[2], "--bundle"))
		return run(argv[3], argv[4]);
	if (argc == 4 && !strcmp(argv[1], "exec"))
		return exec(argv[2], (pid_t)strtol(argv[3], NULL, 10));
	errx(2, "usage: floor run --bundle DIR ID, floor exec ID PID");
}
