/* Stage 1: a command in a root directory of its own. */
#include "1-chroot/chroot.h"
#include "1-chroot/command.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"

int main(int argc, char **argv)
{
	struct command command = {};
	const struct flag_group groups[] = {
		{command_flags, &command},
		{},
	};
	const struct command_line line = {
		.usage = "[options] ROOTFS COMMAND [ARG...]",
		.about = "Runs COMMAND with the directory ROOTFS as its root directory.",
		.groups = groups,
		.operands = 2,
	};

	narrate_as("1-chroot");
	int at = flags_read(&line, argc, argv);
	command.arguments = argv + at + 1;

	/* No second process: the command takes this one's place. */
	if (chroot_enter(argv[at]) == 0)
		command_run(&command);
	return error_report();
}
