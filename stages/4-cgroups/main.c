/* Stage 4: ... with limits on what it may use up. */
#include <sched.h>

#include "1-chroot/command.h"
#include "2-namespaces/init.h"
#include "2-namespaces/namespaces.h"
#include "2-namespaces/spawn.h"
#include "2-namespaces/userns.h"
#include "3-rootfs/overlay.h"
#include "3-rootfs/rootfs.h"
#include "3-rootfs/terminal.h"
#include "4-cgroups/cgroup.h"
#include "4-cgroups/cgroup_namespace.h"
#include "4-cgroups/members.h"
#include "4-cgroups/options.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/handshake.h"
#include "common/janitor.h"
#include "common/step.h"

struct options {
	struct command command;
	struct namespaces namespaces;
	struct userns userns;
	struct overlay overlay;
	struct rootfs rootfs;
	struct limit_options limits;
	struct cgroup cgroup;
	const char *path;
	bool terminal;
};

static int enter_root(const struct options *options)
{
	if (overlay_mount(&options->overlay, options->path) < 0)
		return -1;
	_cleanup_fd int root = rootfs_open(options->path);
	if (root < 0 || rootfs_furnish(&options->rootfs, root) < 0 ||
		cgroup_show(&options->cgroup.in, root) < 0)
		return -1;
	return rootfs_pivot(root);
}

/* The child, PID 1 of its namespace. */
static int inside(void *what, int line)
{
	const struct options *options = what;
	if (rootfs_close_inherited(&line, 1) < 0 || namespaces_settle(&options->namespaces) < 0 ||
		cgroup_namespace_enter() < 0 || enter_root(options) < 0)
		return -1;
	if (options->terminal && terminal_hand_over(line, true) < 0)
		return -1;
	return init_run(&options->command);
}

static int clean(void *what)
{
	const struct options *options = what;
	return cgroup_remove(&options->cgroup);
}

/* Returns the command's exit status. */
static int run(struct options *options)
{
	const struct cgroup_limits *limits = &options->limits.limits;
	uint64_t namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC;
	if (options->userns.wanted)
		namespaces |= CLONE_NEWUSER;
	struct child child;
	/* Task 4.1: cgroup_create() the cgroup, with its limits (false: it has to be new). Then
	 * spawn() the child, born in options->cgroup.unified where there is a v2 tree; in the v1
	 * trees it is born beside its parent, and cgroup_join() moves it. Then, and not before, let
	 * it run, as in task 2.4.
	 */
	if (cgroup_create(&options->cgroup, limits, false) < 0 ||
		spawn(&child, namespaces, options->cgroup.unified, inside, options) < 0)
		return -1;
	if ((options->userns.wanted && userns_map_caller(child.pid) < 0) ||
		cgroup_join(&options->cgroup, child.pid) < 0 || spawn_release(&child) < 0)
		return spawn_give_up(&child);
	/* End of task 4.1. */
	int status = options->terminal ? terminal_supervise(&child) : spawn_supervise(&child, NULL);
	cgroup_report_oom(&options->cgroup, &limits->memory, status);
	return status;
}

int main(int argc, char **argv)
{
	static struct options options;
	const struct flag_group groups[] = {
		{command_flags, &options.command},
		{namespaces_flags, &options.namespaces},
		{userns_flags, &options.userns},
		{overlay_flags, &options.overlay},
		{rootfs_flags, &options.rootfs},
		{limit_flags, &options.limits},
		{},
	};
	const struct command_line line = {
		.usage = "[options] ROOTFS COMMAND [ARG...]",
		.about =
			"Runs COMMAND in namespaces and a root of its own, and in a cgroup of its own,\n"
			"with limits on the memory, processor time, processes and disk it may use.",
		.groups = groups,
		.operands = 2,
	};

	narrate_as("4-cgroups");
	options.terminal = terminal_wanted();
	int at = flags_read(&line, argc, argv);
	options.path = argv[at];
	options.command.arguments = argv + at + 1;

	struct janitor janitor;
	if (limit_options_settle(&options.limits) < 0 ||
		cgroup_open_new(&options.cgroup, "4-cgroups") < 0 ||
		janitor_start(&janitor, clean, &options) < 0)
		return error_report();
	int status = run(&options);
	return janitor_finish(&janitor) < 0 || status < 0 ? error_report() : status;
}
