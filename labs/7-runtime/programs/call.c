/*
 * Makes system calls that fail in any case, since the file descriptor is none: so what comes back
 * is EBADF, or what a filter says.
 *
 *	call NAME NUMBER [NAME NUMBER...]
 *
 * NAME is lseek, ftruncate or fallocate, and NUMBER their offset, length, or offset again: an
 * argument of 64 bits. Prints the error's number of each, one a line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NO_FILE = -1 };

static long make_call(const char *name, unsigned long argument)
{
	if (!strcmp(name, "lseek"))
		return syscall(SYS_lseek, NO_FILE, argument, SEEK_SET);
	if (!strcmp(name, "ftruncate"))
		return syscall(SYS_ftruncate, NO_FILE, argument);
	return syscall(SYS_fallocate, NO_FILE, 0, argument, 1);
}

int main(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i += 2)
		printf("%d\n", make_call(argv[i], strtoul(argv[i + 1], NULL, 0)) < 0 ? errno : 0);
	return 0;
}
