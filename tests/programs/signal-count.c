/*
 * Tells which signals arrive: prints "ready", then a line for each, and exits with status 42 at
 * SIGTERM. A signal that is sent twice shows as two lines, unless the second came before this
 * process could run.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	sigset_t all;
	int number;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	setlinebuf(stdout);
	puts("ready");
	while (sigwait(&all, &number) == 0) {
		printf("SIG%s\n", sigabbrev_np(number));
		if (number == SIGTERM)
			return 42;
	}
	return 1;
}
