#include "7-runtime/files.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "3-rootfs/terminal.h"
#include "7-runtime/console.h"
#include "7-runtime/log.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

enum { FIRST = STDERR_FILENO + 1, MOST_PRESERVED = 1024 };

static int read_count(const char *flag, const char *value, void *target)
{
	return text_number(flag, value, 0, MOST_PRESERVED, target);
}

const struct flag files_flags[] = {
	{"console-socket", "SOCKET", "the socket to send the terminal's master side to", flag_text,
		offsetof(struct files, console_socket)},
	{"pid-file", "FILE", "write the process's pid to FILE", flag_text,
		offsetof(struct files, pid_file)},
	{"pidfd-socket", "SOCKET", "the socket to send a pidfd of the process to", flag_text,
		offsetof(struct files, pidfd_socket)},
	{"preserve-fds", "N", "hand N open files on, from the file descriptor 3 on", read_count,
		offsetof(struct files, preserved)},
	{},
};

size_t files_kept_count(const struct files *files)
{
	return (size_t)files->preserved + 1;
}

int *files_kept(const struct files *files)
{
	int *kept = calloc(files_kept_count(files), sizeof(*kept));
	if (!kept) {
		fail("out of memory");
		return NULL;
	}
	for (int i = 0; i < files->preserved; i++) {
		kept[i] = FIRST + i;
		/* One that closes on exec is this program's own. */
		if (fcntl(kept[i], F_GETFD) == 0)
			continue;
		fail("--preserve-fds: the file descriptor %d is not open", kept[i]);
		free(kept);
		return NULL;
	}
	kept[files->preserved] = log_fd();
	return kept;
}

int files_take_terminal(const struct files *files, const struct config_process *process,
	struct child *child, int *terminal)
{
	if (!process->terminal)
		return 0;
	_cleanup_fd int master = -1;
	if (spawn_await(child, 't', &master) < 0)
		return -1;
	if (files->console_socket)
		return console_send("--console-socket", files->console_socket, "the terminal",
			"/dev/ptmx", master);
	*terminal = steal_fd(&master);
	return 0;
}

int files_supervise(struct child *child, int terminal)
{
	return terminal >= 0 ? terminal_supervise_with(child, terminal)
			     : spawn_supervise(child, NULL);
}

/* It is replaced by a rename, which would put a file in the place of /dev/null, too. */
int files_check(const struct files *files)
{
	struct stat info;
	const char *path = files->pid_file;
	if (!path)
		return 0;
	step_for("--pid-file");
	step("open: %s", path);
	if (lstat(path, &info) == 0) {
		if (!S_ISREG(info.st_mode) && !S_ISLNK(info.st_mode))
			return fail("%s: expected a regular file, or none", path);
	} else if (errno != ENOENT || access(dirname(strdupa(path)), W_OK) < 0) {
		return fail_errno();
	}
	step_for(NULL);
	return 0;
}

static int write_pid_file(const char *path, pid_t pid)
{
	char number[16];
	if (!path)
		return 0;
	snprintf(number, sizeof(number), "%d", pid);
	step_for("--pid-file");
	if (file_replace(AT_FDCWD, path, number, 0644) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

int files_tell_pid(const struct files *files, const struct child *child)
{
	if (write_pid_file(files->pid_file, child->pid) < 0)
		return -1;
	return files->pidfd_socket ? console_send("--pidfd-socket", files->pidfd_socket,
					     "the pidfd", "pidfd", child->pidfd)
				   : 0;
}
