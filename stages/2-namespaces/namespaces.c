/*
 * A namespace is a kernel object that answers a question ("which processes are there?") for the
 * processes in it. One clone3(2) makes a child with new ones:
 *
 *	mnt	which mounts there are	starts as a copy of the parent's
 *	pid	which processes		starts empty: the child is PID 1
 *	uts	the host's name		starts as a copy
 *	ipc	System V IPC, mqueues	starts empty
 *
 * What must hold: nothing done here shows outside. For mounts that takes a step of its own, since a
 * copied mount stays in its original's peer group (systemd makes "/" shared): a mount below it
 * would appear on the host, too.
 */
#include "2-namespaces/namespaces.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "common/error.h"
#include "common/step.h"

const struct flag namespaces_flags[] = {
	{"hostname", "NAME", "the host name inside", flag_text,
		offsetof(struct namespaces, hostname)},
	{},
};

const char *namespaces_text(uint64_t flags)
{
	static const struct {
		uint64_t flag;
		const char *name;
	} names[] = {
		{CLONE_NEWUSER, "user"},
		{CLONE_NEWNS, "mnt"},
		{CLONE_NEWPID, "pid"},
		{CLONE_NEWUTS, "uts"},
		{CLONE_NEWIPC, "ipc"},
		{CLONE_NEWNET, "net"},
		{CLONE_NEWCGROUP, "cgroup"},
		{CLONE_NEWTIME, "time"},
	};
	static char text[64];
	char *end = text;
	*end = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (flags & names[i].flag)
			end += sprintf(end, " %s", names[i].name);
	return text;
}

int namespaces_set_hostname(const char *hostname)
{
	step("sethostname: %s", hostname);
	if (sethostname(hostname, strlen(hostname)) < 0)
		return fail_errno();
	return 0;
}

int namespaces_make_mounts_private(void)
{
	/* Task 2.2: the mounts here are a copy, but each is still in the peer group of its
	 * original: a mount made below one of them shows at the other, too. End that, for all of
	 * them.
	 *
	 * Until then: return 0;
	 */
	step("mount: make all mounts private, so that none made here shows on the host");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return fail_errno();
	/* End of task 2.2. */
	return 0;
}

int namespaces_settle(const struct namespaces *namespaces)
{
	if (namespaces_make_mounts_private() < 0)
		return -1;
	return namespaces->hostname ? namespaces_set_hostname(namespaces->hostname) : 0;
}

int namespaces_mount_proc(void)
{
	/* Task 2.3: mount a new procfs on /proc. It shows the PID namespace of whoever mounts it.
	 * No program there may be run, no device there used, no set-user-id bit count.
	 *
	 * Until then: return 0;
	 */
	step("mount proc: on /proc, for the new PID namespace");
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return fail_errno();
	/* End of task 2.3. */
	return 0;
}
