/*
 * In a container: waits for a process that is not the container's own, and writes to the file that
 * it is executed from.
 *
 * A process that comes in from outside is still the program that it was. /proc/PID/exe leads to its
 * file, though that has no name in here; and root inside is the file's owner, unless there is a
 * user namespace. While it is executed nobody may write to it (ETXTBSY). So it is held, and
 * tried again until the process has ended.
 *
 * Prints what came of it.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_ours(const struct stat *file)
{
	static const char *const ours[] = {"/proc/self/exe", "/bin/busybox"};
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		struct stat known;
		if (stat(ours[i], &known) == 0 && known.st_ino == file->st_ino &&
			known.st_dev == file->st_dev)
			return true;
	}
	return false;
}

/* The file of a process from outside, or -1. */
static int find_stranger(void)
{
	int found = -1;
	DIR *processes = opendir("/proc");
	if (!processes)
		return -1;
	for (const struct dirent *entry; found < 0 && (entry = readdir(processes));) {
		char path[300];
		struct stat file;
		snprintf(path, sizeof(path), "/proc/%s/exe", entry->d_name);
		found = isdigit((unsigned char)*entry->d_name) ? open(path, O_RDONLY) : -1;
		if (found >= 0 && (fstat(found, &file) < 0 || is_ours(&file))) {
			close(found);
			found = -1;
		}
	}
	closedir(processes);
	return found;
}

static int overwrite(int file)
{
	static const char content[] =
		"#!/bin/sh\necho \"This is what the container has left here.\"\n";
	char path[32];
	int own;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	do
		own = open(path, O_WRONLY | O_TRUNC);
	while (own < 0 && errno == ETXTBSY);
	if (own < 0 || write(own, content, strlen(content)) < 0) {
		printf("I have its file open, and to write to it I am told: %s\n", strerror(errno));
		return 1;
	}
	printf("I have written to its file.\n");
	return 0;
}

int main(void)
{
	int file;
	do
		file = find_stranger();
	while (file < 0);
	printf("Somebody has come in.\n");
	fflush(stdout);
	return overwrite(file);
}
