/*
 * Whoever waits for the first connection in a service's place (systemd, podman) opens its sockets
 * and hands them on by their numbers, from 3 on. Two variables say how many there are and for which
 * process. The runtime stands in between: it is the one that is told, and the container's first
 * process has to be.
 *
 * What must hold: the variables are for one process alone. What they say to this one is nothing for
 * a child of it that does not get the files, and nothing that the config says of them is true.
 */
#include "7-runtime/process/activation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "common/text.h"

enum { MOST = 1024 };

int activation_count(void)
{
	const char *files = getenv("LISTEN_FDS"), *whom = getenv("LISTEN_PID");
	int64_t count = 0, pid = 0;
	if (!files || !whom || text_number("LISTEN_PID", whom, 1, INT32_MAX, &pid) < 0 ||
		text_number("LISTEN_FDS", files, 0, MOST, &count) < 0 || pid != getpid()) {
		error_clear();
		return 0;
	}
	return (int)count;
}

static bool is_ours(const char *variable)
{
	return !strncmp(variable, "LISTEN_FDS=", 11) || !strncmp(variable, "LISTEN_PID=", 11);
}

int activation_tell(struct config_process *process, int count)
{
	const struct config_strings *old = &process->env;
	if (count == 0)
		return 0;
	char **items = calloc(old->count + 3, sizeof(*items));
	char *files = text_format("LISTEN_FDS=%d", count);
	char *pid = text_format("LISTEN_PID=%d", getpid());
	size_t kept = 0;
	if (!items || !files || !pid) {
		free(items);
		free(files);
		free(pid);
		return fail("out of memory");
	}
	for (size_t i = 0; i < old->count; i++)
		if (!is_ours(old->items[i]))
			items[kept++] = old->items[i];
	items[kept++] = files;
	items[kept++] = pid;
	process->env = (struct config_strings){.items = items, .count = kept};
	return 0;
}
