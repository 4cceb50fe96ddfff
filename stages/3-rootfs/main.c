/* Stage 3: ... in a root put together from layers, with no way back to the host's files. */
#include <sched.h>

#include "1-chroot/command.h"
#include "2-namespaces/init.h"
#include "2-namespaces/namespaces.h"
#include "2-namespaces/spawn.h"
#include "2-namespaces/userns.h"
#include "3-rootfs/overlay.h"
#include "3-rootfs/rootfs.h"
#include "3-rootfs/terminal.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/handshake.h"
#include "common/step.h"

struct options {
	struct command command;
	struct namespaces namespaces;
	struct userns userns;
	struct overlay overlay;
	struct rootfs rootfs;
	const char *path;
	bool terminal;
};

static int enter_root(const struct options *options)
{
	if (overlay_mount(&options->overlay, options->path) < 0)
		return -1;
	_cleanup_fd int root = rootfs_open(options->path);
	if (root < 0 || rootfs_furnish(&options->rootfs, root) < 0)
		return -1;
	return rootfs_pivot(root);
}

/* The child, PID 1 of its namespace. */
static int inside(void *what, int line)
{
	const struct options *options = what;
	if (rootfs_close_inherited(&line, 1) < 0 || namespaces_settle(&options->namespaces) < 0 ||
		enter_root(options) < 0)
		return -1;
	if (options->terminal && terminal_hand_over(line, true) < 0)
		return -1;
	return init_run(&options->command);
}

/* Returns the command's exit status. */
static int run(struct options *options)
{
	uint64_t namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC;
	if (options->userns.wanted)
		namespaces |= CLONE_NEWUSER;
	struct child child;
	if (spawn(&child, namespaces, -1, inside, options) < 0)
		return -1;
	if ((options->userns.wanted && userns_map_caller(child.pid) < 0) ||
		spawn_release(&child) < 0)
		return spawn_give_up(&child);
	return options->terminal ? terminal_supervise(&child) : spawn_supervise(&child, NULL);
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
		{},
	};
	const struct command_line line = {
		.usage = "[options] ROOTFS COMMAND [ARG...]",
		.about =
			"Runs COMMAND in mount, PID, UTS and IPC namespaces of its own. Its root is\n"
			"put together from ROOTFS and the layers on top of it; ROOTFS never changes.",
		.groups = groups,
		.operands = 2,
	};

	narrate_as("3-rootfs");
	options.terminal = terminal_wanted();
	int at = flags_read(&line, argc, argv);
	options.path = argv[at];
	options.command.arguments = argv + at + 1;

	int status = run(&options);
	return status < 0 ? error_report() : status;
}
