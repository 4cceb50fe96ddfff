#include "compare/probe/outside.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "compare/probe/proc.h"

enum { MOST_MARKS = 48 };

static struct mark {
	char name[32];
	char value[512];
} marks[MOST_MARKS];

const char *outside(const char *name)
{
	for (int i = 0; i < MOST_MARKS && marks[i].name[0]; i++)
		if (strcmp(marks[i].name, name) == 0)
			return marks[i].value;
	return NULL;
}

const char *image_path(const char *name)
{
	static char path[PATH_MAX];
	char program[PATH_MAX];
	snprintf(program, sizeof(program), "%s", program_invocation_name);
	const char *directory = dirname(program);
	snprintf(path, sizeof(path), "%s/%s", strcmp(directory, "/") == 0 ? "" : directory, name);
	return path;
}

void outside_read(void)
{
	_cleanup_stream FILE *file = fopen(image_path("probe.host"), "re");
	for (int i = 0; file && i < MOST_MARKS; i++)
		if (fscanf(file, "%31s %511[^\n]", marks[i].name, marks[i].value) != 2)
			break;
}

bool is_in_image(int file)
{
	struct stat status;
	char device[32];
	const char *image = outside("image");
	if (!image || fstat(file, &status) < 0)
		return true;
	snprintf(device, sizeof(device), "%u:%u", major(status.st_dev), minor(status.st_dev));
	return strcmp(device, image) == 0;
}

int is_hosts_namespace(const char *name)
{
	char mark[32], path[32], here[64];
	snprintf(mark, sizeof(mark), "namespace-%s", name);
	snprintf(path, sizeof(path), "self/ns/%s", name);
	const char *hosts = outside(mark);
	int proc = proc_open();
	if (!hosts || proc < 0)
		return -1;
	ssize_t length = readlinkat(proc, path, here, sizeof(here) - 1);
	if (length < 0)
		return -1;
	here[length] = '\0';
	return strcmp(here, hosts) == 0;
}

int session_keyring(void)
{
	return (int)syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
}

int outside_session(char *const command[])
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0)
		perror("probe: keyctl: a session keyring");
	execvp(command[0], command);
	perror(command[0]);
	return 127;
}
