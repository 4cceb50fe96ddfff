/*
 * A login would set it; programs count on it. Whose home is where, only the rootfs knows, and that
 * is not to be trusted: its /etc/passwd may be a device, a link to the outside, a file without an
 * end.
 *
 * What must hold: the file is looked up inside the root, and read only when it is a regular one of
 * a sound size, with the rights of the user that the process is by then.
 */
#include "7-runtime/process/home.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "3-rootfs/inside.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

enum { PASSWD_MOST = 1 << 20 };

/* The start of a line's field, counted from 0, and its length; NULL when there are not so many. */
static const char *field(const char *line, size_t index, size_t *length)
{
	const char *end = line + strcspn(line, "\n");
	for (; index > 0; index--, line++)
		if (!(line = memchr(line, ':', (size_t)(end - line))))
			return NULL;
	*length = strcspn(line, ":\n");
	return line;
}

const char *home_find(const char *passwd, uint32_t uid, size_t *length)
{
	char wanted[16];
	size_t digits = (size_t)snprintf(wanted, sizeof(wanted), "%" PRIu32, uid);
	*length = 0;
	for (const char *line = passwd; *line; line += strcspn(line, "\n"), line += *line != '\0') {
		size_t size;
		const char *number = field(line, 2, &size);
		if (!number || size != digits || memcmp(number, wanted, digits) != 0)
			continue;
		const char *home = field(line, 5, &size);
		*length = home ? size : 0;
		return home;
	}
	return NULL;
}

/* NULL, without an error, for whatever is none. */
static char *read_passwd(int proc)
{
	struct stat info;
	char path[32];
	step("openat2: /etc/passwd, inside the container, for HOME");
	_cleanup_fd int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_fd int found = root < 0 ? -1 : inside_open(root, "etc/passwd", O_PATH);
	if (found < 0 || fstat(found, &info) < 0 || !S_ISREG(info.st_mode))
		return NULL;
	snprintf(path, sizeof(path), "fd/%d", found);
	char *text = file_read(proc, path, PASSWD_MOST, NULL);
	error_clear();
	return text;
}

/* NULL with the error set. */
static char *make_variable(uint32_t uid, int proc)
{
	size_t length = 0;
	_cleanup_free char *passwd = read_passwd(proc);
	const char *home = passwd ? home_find(passwd, uid, &length) : NULL;
	return text_format("HOME=%.*s", length ? (int)length : 1, length ? home : "/");
}

int home_set(struct config_process *process, int proc)
{
	const struct config_strings *old = &process->env;
	for (size_t i = 0; i < old->count; i++)
		if (!strncmp(old->items[i], "HOME=", 5) && old->items[i][5])
			return 0;
	char **items = calloc(old->count + 2, sizeof(*items));
	char *home = make_variable(process->user.uid, proc);
	size_t count = 0;
	if (!items || !home) {
		free(items);
		free(home);
		return fail("out of memory");
	}
	for (size_t i = 0; i < old->count; i++)
		if (strncmp(old->items[i], "HOME=", 5) != 0)
			items[count++] = old->items[i];
	items[count++] = home;
	process->env = (struct config_strings){.items = items, .count = count};
	return 0;
}
