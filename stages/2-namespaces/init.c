/*
 * The first process of a PID namespace is its init, and the kernel treats it so. Orphans become its
 * children: if it never waits for them they stay zombies for ever. Signals that it has no handler
 * for are dropped, even ^C. When it ends, everything in the namespace is killed.
 *
 * Few commands expect that, so a small init runs as PID 1 and the command as its child. (Real
 * runtimes start the command itself as PID 1, as the OCI specification wants it, and leave an init
 * to the image: docker run --init.)
 */
#include "2-namespaces/init.h"

#include <unistd.h>

#include "2-namespaces/signals.h"
#include "common/error.h"
#include "common/process.h"
#include "common/step.h"

int init_run(const struct command *command)
{
	step("fork: PID 1 stays behind as init");
	pid_t pid = fork();
	if (pid < 0)
		return fail_errno();
	if (pid == 0) {
		narrate_process("command");
		if (signals_let_go() == 0)
			command_run(command);
		_exit(error_report());
	}
	int status = signals_pass_on(pid, true, NULL);
	return status < 0 ? -1 : process_exit_status(status);
}
