#include "compare/probe/proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "common/cleanup.h"

static int proc_mounted(void)
{
	_cleanup_fd int mounted = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return mounted < 0 || faccessat(mounted, "self/status", F_OK, 0) < 0 ? -1
									     : steal_fd(&mounted);
}

int kernel_filesystem(const char *type, const char *flag)
{
	_cleanup_fd int filesystem = fsopen(type, FSOPEN_CLOEXEC);
	if (filesystem < 0 ||
		(flag && fsconfig(filesystem, FSCONFIG_SET_FLAG, flag, NULL, 0) < 0) ||
		fsconfig(filesystem, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -1;
	return fsmount(filesystem, FSMOUNT_CLOEXEC, 0);
}

static int proc = -1;
static bool hidden;

int proc_open(void)
{
	if (proc < 0)
		proc = proc_mounted();
	if (proc < 0) {
		proc = kernel_filesystem("proc", NULL);
		hidden = true;
	}
	return proc;
}

bool proc_is_hidden(void)
{
	return hidden;
}

int proc_read(const char *path, char *text, size_t size)
{
	if (proc_open() < 0)
		return -1;
	_cleanup_fd int file = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return -1;
	/* A file of /proc may give less than is asked for at a time. */
	size_t length = 0;
	ssize_t more = 0;
	while (length + 1 < size && (more = read(file, text + length, size - 1 - length)) > 0)
		length += (size_t)more;
	if (more < 0)
		return -1;
	if (length && text[length - 1] == '\n')
		length--;
	text[length] = '\0';
	return (int)length;
}

const char *proc_status(const char *name)
{
	static char text[4096];
	if (proc_read("self/status", text, sizeof(text)) < 0)
		return "";
	char *rest = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		size_t length = strlen(name);
		if (strncmp(line, name, length) == 0 && line[length] == ':')
			return line + length + 1 + strspn(line + length + 1, "\t ");
	}
	return "";
}
