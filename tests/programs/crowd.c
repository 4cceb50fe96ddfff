/*
 * crowd N: has N children that do nothing, and waits like them. Says "ready" when all are there.
 * crowd: forks without end, in sessions of its own, deaf to signals, also when there is no room for
 * more.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static _Noreturn void grow(void)
{
	for (int number = 1; number <= SIGTERM; number++)
		signal(number, SIG_IGN);
	for (;;) {
		if (fork() == 0)
			setsid();
		usleep(1000);
	}
}

int main(int argc, char **argv)
{
	if (argc < 2)
		grow();
	for (int left = atoi(argv[1]); left > 0; left--) {
		pid_t child = fork();
		if (child < 0) {
			perror("crowd");
			return 1;
		}
		if (child == 0)
			return pause();
	}
	printf("ready\n");
	fflush(stdout);
	return pause();
}
