/*
 * The namespace that makes the others possible without root. The kernel gives a process all
 * capabilities inside a new user namespace, over the namespaces that belong to it and over nothing
 * else. Its ids are translated: a file that "root" makes inside belongs, on the host, to the user
 * who started it.
 *
 * The translation is written once, to /proc/PID/uid_map and gid_map, from outside. Anyone may map
 * their own id. A range needs the privilege to use those ids, which the set-uid programs newuidmap
 * and newgidmap have for the ranges that /etc/subuid and /etc/subgid give the user.
 *
 * What must hold: an unprivileged user must not drop a group by this, since a group can also take
 * permissions away. So the kernel wants "deny" in setgroups before it takes a gid_map from them.
 */
#include "2-namespaces/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/process.h"
#include "common/step.h"
#include "common/text.h"

const struct flag userns_flags[] = {
	{"user", NULL, "a user namespace: root inside; works without root", flag_switch,
		offsetof(struct userns, wanted)},
	{},
};

enum { MAP_LINES = 340 }; /* the kernel's limit, since Linux 4.15 */

/* "inside outside count" a line, in fresh memory. */
static char *map_text(const struct id_map *maps, size_t count)
{
	char *text = calloc(count + 1, 36), *end = text;
	if (!text || count > MAP_LINES) {
		fail("an id map of %zu lines: at most %d are possible", count, MAP_LINES);
		free(text);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		end += sprintf(end, "%u %u %u\n", maps[i].inside, maps[i].outside, maps[i].count);
	return text;
}

static int write_map(pid_t pid, const char *file, const struct id_map *maps, size_t count)
{
	_cleanup_free char *text = map_text(maps, count);
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	if (!text)
		return -1;
	step("map: %s of the new user namespace: %.*s", file, (int)strcspn(text, "\n"), text);
	_cleanup_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return fail_errno();
	return 0;
}

/* newuidmap PID inside outside count [inside outside count]... */
static int run_mapper(const char *program, pid_t pid, const struct id_map *maps, size_t count)
{
	const char *arguments[3 * MAP_LINES + 3];
	char numbers[3 * MAP_LINES + 1][12];
	if (count > MAP_LINES)
		return fail("an id map of %zu lines: at most %d are possible", count, MAP_LINES);
	size_t words = 0;
	arguments[0] = program;
	snprintf(numbers[words++], 12, "%d", pid);
	for (size_t i = 0; i < count; i++) {
		snprintf(numbers[words++], 12, "%u", maps[i].inside);
		snprintf(numbers[words++], 12, "%u", maps[i].outside);
		snprintf(numbers[words++], 12, "%u", maps[i].count);
	}
	for (size_t i = 0; i < words; i++)
		arguments[i + 1] = numbers[i];
	arguments[words + 1] = NULL;
	return process_run(arguments, NULL);
}

static bool only_own_id(const struct id_map *maps, size_t count, uint32_t own)
{
	return count == 1 && maps[0].count == 1 && maps[0].outside == own;
}

int userns_map(pid_t pid, const struct id_map *uids, size_t uid_count, const struct id_map *gids,
	size_t gid_count)
{
	if (geteuid() == 0)
		return write_map(pid, "uid_map", uids, uid_count) < 0
			       ? -1
			       : write_map(pid, "gid_map", gids, gid_count);
	if (!only_own_id(uids, uid_count, geteuid()) || !only_own_id(gids, gid_count, getegid()))
		return run_mapper("newuidmap", pid, uids, uid_count) < 0
			       ? -1
			       : run_mapper("newgidmap", pid, gids, gid_count);
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/setgroups", pid);
	/* Task 2.5: a user without privileges maps their own id. Write both maps with write_map(),
	 * whose file is "uid_map" or "gid_map", and before that whatever the kernel wants to be
	 * there first; file_write(AT_FDCWD, path, "...") writes a word into the file @path.
	 */
	if (file_write(AT_FDCWD, path, "deny") < 0 ||
		write_map(pid, "uid_map", uids, uid_count) < 0)
		return -1;
	return write_map(pid, "gid_map", gids, gid_count);
	/* End of task 2.5. */
}

/*
 * The first range that a file like /etc/subuid gives the user: lines of "name-or-id:first:count".
 * See subuid(5).
 */
static bool subordinate_range(const char *file, struct id_map *range)
{
	_cleanup_stream FILE *in = fopen(file, "re");
	const char *name = getenv("USER");
	char line[256], owner[128], id[16];
	snprintf(id, sizeof(id), "%u", geteuid());
	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "%127[^:]:%u:%u", owner, &range->outside, &range->count) == 3 &&
			range->count > 0 && (!strcmp(owner, id) || (name && !strcmp(owner, name))))
			return true;
	return false;
}

static bool installed(const char *program)
{
	char path[64];
	snprintf(path, sizeof(path), "/usr/bin/%s", program);
	return access(path, X_OK) == 0;
}

int userns_map_caller(pid_t pid)
{
	struct id_map uids[2] = {{.inside = 0, .outside = geteuid(), .count = 1}, {.inside = 1}};
	struct id_map gids[2] = {{.inside = 0, .outside = getegid(), .count = 1}, {.inside = 1}};
	bool range = subordinate_range("/etc/subuid", &uids[1]) &&
		     subordinate_range("/etc/subgid", &gids[1]) &&
		     (geteuid() == 0 || (installed("newuidmap") && installed("newgidmap")));
	size_t count = range ? 2 : 1;
	return userns_map(pid, uids, count, gids, count);
}

int userns_become_root(void)
{
	step("setresuid: become root of the new user namespace");
	/* Where setgroups is denied, the caller's groups stay; they can do no harm that way. */
	if (setgroups(0, NULL) < 0 && errno != EPERM)
		return fail_errno();
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return fail_errno();
	return 0;
}

/* The host's namespace maps every id to itself, in one line; nobody else's can. */
bool userns_is_initial(void)
{
	unsigned inside, outside, count;
	_cleanup_stream FILE *map = fopen("/proc/self/uid_map", "re");
	if (!map || fscanf(map, "%u %u %u", &inside, &outside, &count) != 3)
		return geteuid() == 0;
	return inside == 0 && outside == 0 && count == UINT32_MAX;
}
