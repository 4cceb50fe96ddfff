/*
 * tracer PID: makes itself the debugger of a process and stops it. Says "holds PID" and keeps it
 * like that, or says what the kernel has against it, and ends with 1.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	pid_t pid = argc == 2 ? atoi(argv[1]) : 0;
	if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0 || ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0 ||
		waitpid(pid, NULL, __WALL) < 0) {
		printf("%s\n", strerror(errno));
		return 1;
	}
	printf("holds %d\n", pid);
	fflush(stdout);
	return pause();
}
