/* Stage 2: ... that sees its own processes, mounts, host name and IPC. */
#include <sched.h>

#include "1-chroot/chroot.h"
#include "1-chroot/command.h"
#include "2-namespaces/init.h"
#include "2-namespaces/namespaces.h"
#include "2-namespaces/spawn.h"
#include "2-namespaces/userns.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"

struct options {
	struct command command;
	struct namespaces namespaces;
	struct userns userns;
	const char *rootfs;
};

/* The child, PID 1 of its namespace. */
static int inside(void *what, int line)
{
	const struct options *options = what;
	(void)line;
	if (namespaces_settle(&options->namespaces) < 0 || chroot_enter(options->rootfs) < 0 ||
		namespaces_mount_proc() < 0)
		return -1;
	return init_run(&options->command);
}

/* Returns the command's exit status. */
static int run(struct options *options)
{
	/* Task 2.1: the new namespaces, as flags of clone(2): mount, PID, UTS and IPC.
	 *
	 * Until then: uint64_t namespaces = 0;
	 */
	uint64_t namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC;
	/* End of task 2.1. */
	if (options->userns.wanted)
		namespaces |= CLONE_NEWUSER;
	struct child child;
	if (spawn(&child, namespaces, -1, inside, options) < 0)
		return -1;
	/* Task 2.4: the child waits. Let it go by spawn_release(), but before that, if there is a
	 * new user namespace, write its maps by userns_map_caller(child.pid): until then the child
	 * is nobody. If either fails: return spawn_give_up(&child).
	 *
	 * Until then: spawn_release(&child);
	 */
	if ((options->userns.wanted && userns_map_caller(child.pid) < 0) ||
		spawn_release(&child) < 0)
		return spawn_give_up(&child);
	/* End of task 2.4. */
	return spawn_supervise(&child, NULL);
}

int main(int argc, char **argv)
{
	static struct options options;
	const struct flag_group groups[] = {
		{command_flags, &options.command},
		{namespaces_flags, &options.namespaces},
		{userns_flags, &options.userns},
		{},
	};
	const struct command_line line = {
		.usage = "[options] ROOTFS COMMAND [ARG...]",
		.about = "Runs COMMAND with the directory ROOTFS as its root directory,\n"
			 "in mount, PID, UTS and IPC namespaces of its own.",
		.groups = groups,
		.operands = 2,
	};

	narrate_as("2-namespaces");
	int at = flags_read(&line, argc, argv);
	options.rootfs = argv[at];
	options.command.arguments = argv + at + 1;

	int status = run(&options);
	return status < 0 ? error_report() : status;
}
