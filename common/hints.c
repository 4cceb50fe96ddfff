#include "hints.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/*
 * One row a trap, in the order of the stages. A hint says what the kernel meant and what to try;
 * where the kernel's own words are enough, there is no row.
 */
static const struct {
	const char *step;
	int error;
	const char *hint;
} traps[] = {
	{"chroot", EPERM, "chroot needs root (CAP_SYS_CHROOT); run it with sudo"},
	{"clone3", EPERM,
		"new namespaces need root, or a user namespace of one's own: run it with sudo, or add "
		"--user. Where --user is refused too, the host restricts user namespaces "
		"(kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)"},
	{"clone3", ENOSPC,
		"the limit on namespaces is reached, or user namespaces are switched off: see "
		"/proc/sys/user/max_*_namespaces"},
	{"clone3", EUSERS, "too many user namespaces inside each other (32 is the most)"},
	{"clone3", EBUSY,
		"the cgroup that the process is to be born in has controllers switched on for its "
		"children; only a leaf may hold processes"},
	{"clone3", ENOENT,
		"the cgroup that the process is to be born in lies outside of our own cgroup "
		"namespace"},
	{"clone3", EACCES,
		"a process can be born only in a cgroup that was delegated to this user together "
		"with the one above it (the file cgroup.procs there must be writable)"},
	{"clone3", ENOSYS, "clone3 needs Linux 5.3, or a seccomp filter of the host refuses it"},
	{"clone3", EAGAIN,
		"no further process is allowed: see ulimit -u, and pids.max in the cgroup that it is "
		"to be born in"},
	{"write", ENOSPC, "the disk is full, or has no inodes left: see df and df -i"},
	{"mkdir", ENOSPC, "the disk is full, or has no inodes left: see df and df -i"},
	{"mkfifo", ENOSPC, "the disk is full, or has no inodes left: see df and df -i"},
	{"symlink", ENOSPC, "the disk is full, or has no inodes left: see df and df -i"},
	{"connect", EAGAIN, "who listens there does not accept: its queue is full"},
	{"map", EPERM,
		"a process without root may map only its own id; install newuidmap and newgidmap "
		"(Debian: uidmap) and give the user a range in /etc/subuid and /etc/subgid"},
	{"mount", EPERM,
		"mounting needs root, or a user namespace of one's own (--user); inside one, a mount "
		"that the host has locked cannot be changed"},
	{"mount proc", EPERM,
		"a new /proc needs a PID namespace of one's own and a host whose /proc is not hidden "
		"behind other mounts (as it is inside many containers)"},
	{"overlay", EINVAL,
		"the kernel's log says why (dmesg): often the upper directory lies on an overlay "
		"itself, or two layers are the same directory"},
	{"overlay", ENODEV, "this kernel has no overlayfs (modprobe overlay)"},
	{"pivot_root", EINVAL,
		"the new root is not a mount point, or its parent mount is shared; bind-mount it on "
		"itself first"},
	{"pivot_root", EBUSY, "the new root is on the current root's mount"},
	{"open_tree", EPERM,
		"a copy of a mount needs root, or a user namespace of one's own (--user)"},
	{"mkdir cgroup", EACCES,
		"limits need root, or a cgroup v2 subtree that is delegated to this user: try "
		"sudo, or \"systemd-run --user --scope -p Delegate=yes COMMAND\""},
	{"mkdir cgroup", EROFS,
		"the cgroups are mounted read-only here, as in most containers; they can only be "
		"had from outside"},
	{"mkdir cgroup", EEXIST,
		"a cgroup of this name is there already; rmdir it if it is nobody's"},
	{"rmdir cgroup", EBUSY,
		"a process in it cannot be killed (state D in ps: it waits for a device); try again "
		"when it has gone"},
	{"unshare cgroup", EPERM,
		"a new namespace needs root, or a user namespace of one's own (--user)"},
	{"link", EPERM,
		"changing links needs root (CAP_NET_ADMIN); --network none makes none on the host"},
	{"link", EOPNOTSUPP, "this kernel lacks veth or bridge (modprobe veth bridge)"},
	{"unshare", EUSERS, "too many time namespaces: see /proc/sys/user/max_time_namespaces"},
	{"sched_setattr", EPERM,
		"a real-time policy, or more than the default, needs root on the host "
		"(CAP_SYS_NICE), and in cgroups v1 a share of cpu.rt_runtime_us; SCHED_DEADLINE "
		"needs a process that may run on every processor"},
	{"sched_setattr", EINVAL,
		"the period of SCHED_DEADLINE has bounds: see "
		"/proc/sys/kernel/sched_deadline_period_min_us and sched_deadline_period_max_us"},
	{"sched_setattr", EBUSY,
		"the processors have promised all of their time to others of SCHED_DEADLINE"},
	{"ioprio_set", EPERM, "IOPRIO_CLASS_RT needs root on the host (CAP_SYS_NICE)"},
	{"sched_setaffinity", EINVAL,
		"none of these processors is there, or the container's cpuset has none of them"},
	{"set_mempolicy", EINVAL,
		"the container's cpuset has none of these memory nodes, or the kernel does not "
		"know the mode"},
	{"keyctl", EDQUOT,
		"the user has all the keys it may have: see /proc/sys/kernel/keys/maxkeys"},
	{"bind", EADDRINUSE, "a program of the host listens there: ss -lntup shows which"},
	{"bind", EADDRNOTAVAIL, "no link of the host has this address: ip addr lists them"},
};

const char *hint_for(const char *step, int error)
{
	const char *colon = strchr(step, ':');
	size_t length = colon ? (size_t)(colon - step) : strlen(step);
	for (size_t i = 0; i < sizeof(traps) / sizeof(*traps); i++)
		if (traps[i].error == error && strlen(traps[i].step) == length &&
			!strncmp(traps[i].step, step, length))
			return traps[i].hint;
	return NULL;
}
