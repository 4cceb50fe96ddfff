/*
 * From a name to a running program.
 *
 * The kernel's execve(2) takes a path; that "ls" means /bin/ls is the custom of shells. The look-up
 * happens here, after the root has changed, so it finds the files of the rootfs and follows its
 * PATH. The environment starts empty: variables of the caller (keys, sockets, library paths) are
 * the host's business and would leak into the container.
 */
#include "1-chroot/command.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

const struct flag command_flags[] = {
	{"workdir", "DIR", "the command's working directory, inside", flag_text,
		offsetof(struct command, working_directory)},
	{"env", "NAME=VALUE", "a variable for the command (may be repeated)", flag_list,
		offsetof(struct command, environment)},
	{},
};

static const char *variable(char *const environment[], const char *name)
{
	size_t length = strlen(name);
	for (; environment && *environment; environment++)
		if (!strncmp(*environment, name, length) && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

/* Whether @path can be executed; if not, errno says why: EACCES, EISDIR or what stat(2) said. */
static bool executable(const char *path)
{
	struct stat info;
	if (stat(path, &info) < 0)
		return false;
	if (S_ISDIR(info.st_mode)) {
		errno = EISDIR;
		return false;
	}
	return access(path, X_OK) == 0;
}

/* Goes through the directories of @path. A file that may not be executed does not end the search,
 * but it is the reason to give when there is no better one. */
static int look_up(const char *name, const char *path, char found[PATH_MAX])
{
	int reason = ENOENT;
	/* Task 1.3: find @name in the directories of @path, which ":" separates, in their order.
	 *
	 * Put the first file that is executable() into @found, and return 0. Where there is none,
	 * say why by @reason: EACCES if a file of that name was there that may not be executed.
	 *
	 * Until then: (void)found;
	 */
	while (path) {
		int length = (int)strcspn(path, ":");
		/* An empty element means the working directory. */
		int size = snprintf(found, PATH_MAX, "%.*s%s%s", length, path, length ? "/" : "./",
			name);
		if (size < PATH_MAX && executable(found))
			return 0;
		if (errno == EACCES)
			reason = EACCES;
		path = path[length] ? path + length + 1 : NULL;
	}
	/* End of task 1.3. */
	errno = reason;
	return -1;
}

/* execve(2) says ENOENT of an existing file when the program that shall run it is missing. */
static void hint_at_interpreter(const char *path)
{
	char line[128] = "";
	_cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && read(fd, line, sizeof(line) - 1) > 2 && !strncmp(line, "#!", 2)) {
		line[strcspn(line, "\n")] = '\0';
		fail_hint("the file is there, but its interpreter \"%s\" is not, in this rootfs",
			line + 2 + strspn(line + 2, " \t"));
		return;
	}
	fail_hint("the file is there, but the dynamic loader it names is not, in this rootfs: add "
		  "the loader and the libraries (ldd lists them), or use a static program");
}

/* Engines look for these words in what a runtime says, and in lower case, as runc writes them. */
static void fail_in_lower_case(int reason)
{
	char words[128];
	snprintf(words, sizeof(words), "%s", strerror(reason));
	words[0] = (char)tolower((unsigned char)words[0]);
	fail("%s: %s", step_text(), words);
}

static int not_executed(const char *path)
{
	int reason = errno;
	fail_in_lower_case(reason);
	if (reason == ENOENT)
		hint_at_interpreter(path);
	else if (reason == ENOEXEC)
		fail_hint("neither a program for this machine nor a script with a #! line");
	else if (reason == E2BIG)
		fail_hint("arguments and environment may fill a quarter of the stack's limit "
			  "(RLIMIT_STACK), and each of them 128 KiB");
	else if (reason == EACCES)
		fail_hint("the file lacks execute permission, or its mount is noexec");
	return fail_status(EXIT_CANNOT_EXECUTE);
}

int command_find(const char *name, char *const environment[], char *found)
{
	const char *path = variable(environment, "PATH");
	bool direct = strchr(name, '/') != NULL;
	if (!path)
		path = DEFAULT_PATH;
	if (direct)
		snprintf(found, PATH_MAX, "%s", name);
	step("execve: %s", name);
	if (direct ? executable(found) : look_up(name, path, found) == 0)
		return 0;
	/* Task 1.4: errno says why there is nothing to execute. A shell's custom is that a command
	 * that is not there ends with EXIT_NOT_FOUND, one that is there but cannot be executed with
	 * EXIT_CANNOT_EXECUTE: not_executed() is for that. fail_status() is how it returns one.
	 *
	 * Until then: return fail_errno();
	 */
	if (errno != ENOENT && errno != ENOTDIR)
		return not_executed(found);
	if (direct) {
		fail_in_lower_case(errno);
		return fail_status(EXIT_NOT_FOUND);
	}
	fail("execve: %s: executable file not found in $PATH", name);
	fail_hint("looked inside the rootfs, in %s", path);
	return fail_status(EXIT_NOT_FOUND);
	/* End of task 1.4. */
}

int command_execute(const char *found, char *const arguments[], char *const environment[])
{
	step("execve: %s", found);
	execve(found, arguments, environment);
	return not_executed(found);
}

/* What every command gets, where the user has not set it: a name that is there twice is a trap. */
static char **clean_environment(const struct text_list *wanted)
{
	char **environment = calloc(wanted->count + 4, sizeof(*environment)), *terminal;
	if (!environment ||
		asprintf(&terminal, "TERM=%s", getenv("TERM") ? getenv("TERM") : "dumb") < 0) {
		fail("out of memory");
		free(environment);
		return NULL;
	}
	size_t count = 0;
	/* Task 1.2: fill @environment: what the user wants, and where the user has not set them,
	 * PATH (DEFAULT_PATH), HOME (/root) and TERM (@terminal). Nothing of the caller's own gets
	 * through.
	 *
	 * Until then: return environ;
	 */
	for (; count < wanted->count; count++)
		environment[count] = (char *)wanted->items[count];
	if (!variable(environment, "PATH"))
		environment[count++] = "PATH=" DEFAULT_PATH;
	if (!variable(environment, "HOME"))
		environment[count++] = "HOME=/root";
	if (!variable(environment, "TERM"))
		environment[count++] = terminal;
	/* End of task 1.2. */
	return environment;
}

int command_run(const struct command *command)
{
	for (size_t i = 0; i < command->environment.count; i++)
		if (!strchr(command->environment.items[i], '='))
			return fail("--env: expected NAME=VALUE, found \"%s\"",
				command->environment.items[i]);
	if (command->working_directory) {
		step("chdir: %s", command->working_directory);
		if (chdir(command->working_directory) < 0)
			return fail_errno();
	}
	char **environment = clean_environment(&command->environment);
	if (!environment)
		return -1;
	char found[PATH_MAX];
	if (command_find(command->arguments[0], environment, found) < 0)
		return -1;
	return command_execute(found, command->arguments, environment);
}
