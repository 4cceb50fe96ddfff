/*
 * Exchanges two files for each other without end: "swap ONE OTHER". Whoever resolves a path with
 * one of them in it finds now this and now that.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s ONE OTHER\n", argv[0]);
		return 2;
	}
	while (getppid() != 1)
		if (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) < 0) {
			perror("swap");
			return 1;
		}
	return 0;
}
