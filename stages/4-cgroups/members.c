/*
 * A cgroup is the one handle on a container's processes that they cannot shake off: a child is born
 * in the cgroup of its parent, whatever session or process group it makes for itself, and however
 * often it forks.
 *
 * What must hold: rmdir(2) on a cgroup fails with EBUSY while a process is in it, and a killed one
 * takes a moment to go. So removing means to kill, try, wait a little, and try again; and not for
 * ever, since a process that hangs in the kernel (a dead disk, say) cannot be killed at all.
 */
#include "4-cgroups/members.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

enum { REMOVE_TRIES = 110, WAIT_MOST_MS = 100 }; /* about ten seconds */
enum { EMPTY_TRIES = 30 };                       /* half a second */

static int join(const struct cgroup *cgroup, const struct hierarchy *hierarchy, pid_t pid)
{
	char text[16];
	snprintf(text, sizeof(text), "%d", pid);
	_cleanup_free char *directory = cgroup_directory(cgroup, hierarchy);
	_cleanup_free char *path = directory ? text_format("%s/cgroup.procs", directory) : NULL;
	return path ? file_write(AT_FDCWD, path, text) : -1;
}

int cgroup_join(const struct cgroup *cgroup, pid_t pid)
{
	for (size_t i = 0; i < cgroup->in.count; i++) {
		const struct hierarchy *hierarchy = &cgroup->in.list[i];
		if (hierarchy->version == CGROUP_V1 && cgroup_exists_in(cgroup, hierarchy) &&
			join(cgroup, hierarchy, pid) < 0)
			return -1;
	}
	return 0;
}

int cgroup_join_unified(const struct cgroup *cgroup, pid_t pid)
{
	const struct hierarchy *unified = hierarchy_unified(&cgroup->in);
	return unified && cgroup_exists_in(cgroup, unified) ? join(cgroup, unified, pid) : 0;
}

/* What is done with the cgroup @name in the directory @above. Returns -1 with errno set. */
typedef int visitor(int above, const char *name, void *what);

static int is_cgroup(const struct dirent *entry)
{
	return entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
	       strcmp(entry->d_name, "..") != 0;
}

/* Goes from the directory *@at to another one. */
static int go(int *at, const char *name)
{
	int next = openat(*at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0)
		return -1;
	close(*at);
	*at = next;
	return 0;
}

static int visit_below(int *at, visitor *visit, void *what);

static int visit_tree(int *at, const char *name, visitor *visit, void *what)
{
	if (go(at, name) == 0) {
		int result = visit_below(at, visit, what), saved = errno;
		if (go(at, "..") < 0)
			return -1;
		errno = saved;
		if (result < 0)
			return -1;
	} else if (errno != ENOENT) {
		return -1;
	}
	return visit(*at, name, what);
}

static int visit_below(int *at, visitor *visit, void *what)
{
	struct dirent **entries;
	int count = scandirat(*at, ".", &entries, is_cgroup, NULL), result = 0;
	if (count < 0)
		return errno == ENOENT ? 0 : -1;
	for (int i = 0; i < count; i++) {
		if (result == 0)
			result = visit_tree(at, entries[i]->d_name, visit, what);
		int saved = errno;
		free(entries[i]);
		errno = saved;
	}
	free(entries);
	return result;
}

/*
 * Calls visit() for each cgroup from the lowest up to @directory itself. Returns 0, or the first
 * -1, with what visit() has left in errno. A cgroup that is gone meanwhile is no error.
 *
 * Those who live in there may have made cgroups of their own, as deep as they liked. So it goes
 * from one to the next, with no path that could grow too long, and one file open.
 */
static int each_below(const char *directory, visitor *visit, void *what)
{
	_cleanup_fd int at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return errno == ENOENT ? 0 : -1;
	return visit_below(&at, visit, what) < 0 ? -1 : visit(AT_FDCWD, directory, what);
}

static int open_file(int above, const char *name, const char *file, int flags)
{
	_cleanup_free char *path = text_format("%s/%s", name, file);
	return path ? openat(above, path, flags | O_CLOEXEC) : -1;
}

static int add_processes(int above, const char *name, void *what)
{
	struct process_list *list = what;
	_cleanup_fd int fd = open_file(above, name, "cgroup.procs", O_RDONLY);
	_cleanup_stream FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
	pid_t pid;
	if (!in)
		return errno == ENOENT ? 0 : -1;
	steal_fd(&fd);
	while (fscanf(in, "%d", &pid) == 1) {
		/* A process of a PID namespace that we cannot see is a 0; kill(2) would take that
		 * for our own process group. */
		if (pid <= 0)
			continue;
		pid_t *pids = reallocarray(list->pids, list->count + 1, sizeof(*pids));
		if (!pids)
			return -1;
		pids[list->count++] = pid;
		list->pids = pids;
	}
	return 0;
}

/* All hierarchies have the same processes; the v2 one, where it is, can do most. NULL: none. */
static char *any_directory(const struct cgroup *cgroup)
{
	const struct hierarchy *chosen = hierarchy_unified(&cgroup->in);
	if (chosen && cgroup_exists_in(cgroup, chosen))
		return cgroup_directory(cgroup, chosen);
	for (size_t i = 0; i < cgroup->in.count; i++)
		if (cgroup_exists_in(cgroup, &cgroup->in.list[i]))
			return cgroup_directory(cgroup, &cgroup->in.list[i]);
	return NULL;
}

int cgroup_processes(const struct cgroup *cgroup, struct process_list *list)
{
	_cleanup_free char *directory = any_directory(cgroup);
	if (!directory)
		return 0;
	step("list cgroup: the processes in %s", directory);
	return each_below(directory, add_processes, list) < 0 ? fail_errno() : 0;
}

/* For files that need not be there: whether the write was done. */
static bool write_if_there(int above, const char *name, const char *file, const char *text)
{
	_cleanup_fd int fd = open_file(above, name, file, O_WRONLY);
	return fd >= 0 && write(fd, text, strlen(text)) >= 0;
}

static int signal_in(const char *directory, int signal)
{
	struct process_list list = {};
	if (signal == SIGKILL && write_if_there(AT_FDCWD, directory, "cgroup.kill", "1"))
		return 0;
	int status = each_below(directory, add_processes, &list);
	for (size_t i = 0; status == 0 && i < list.count; i++)
		if (list.pids[i] != getpid() && kill(list.pids[i], signal) < 0 && errno != ESRCH)
			status = -1;
	free(list.pids);
	return status;
}

int cgroup_signal(const struct cgroup *cgroup, int signal)
{
	_cleanup_free char *directory = any_directory(cgroup);
	if (!directory)
		return 0;
	step("kill cgroup: signal %d to all in %s", signal, directory);
	return signal_in(directory, signal) < 0 ? fail_errno() : 0;
}

static int thaw_one(int above, const char *name, void *what)
{
	(void)what;
	write_if_there(above, name, "freezer.state", "THAWED");
	return 0;
}

void cgroup_thaw(const struct cgroup *cgroup)
{
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, CONTROLLER_FREEZER);
	_cleanup_free char *directory = hierarchy ? cgroup_directory(cgroup, hierarchy) : NULL;
	if (directory)
		each_below(directory, thaw_one, NULL);
}

static int remove_one(int above, const char *name, void *what)
{
	(void)what;
	return unlinkat(above, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? -1 : 0;
}

static void wait_a_little(int tries)
{
	int milliseconds = tries < WAIT_MOST_MS ? tries + 1 : WAIT_MOST_MS;
	nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000L}, NULL);
}

/* Names the processes in the error. */
static int fail_occupied(const char *directory)
{
	struct process_list list = {};
	char names[256] = "";
	each_below(directory, add_processes, &list);
	for (size_t i = 0, length = 0; i < list.count && length < sizeof(names); i++)
		length += (size_t)snprintf(names + length, sizeof(names) - length, " %d",
			list.pids[i]);
	free(list.pids);
	errno = EBUSY;
	if (!*names)
		return fail_errno();
	fail("%s: processes of others are in this cgroup:%s", directory, names);
	return fail_hint("move each away: echo PID > %.*s/cgroup.procs; then try again",
		(int)(strrchr(directory, '/') - directory), directory);
}

static int remove_killing(const struct cgroup *cgroup, const char *directory)
{
	/* Task 4.5: rmdir(2) says EBUSY while a process is in the cgroup, or a cgroup below it.
	 * each_below(directory, remove_one, NULL) tries them all, the lowest first. Until that
	 * succeeds: signal_in() a SIGKILL to whoever is in there, cgroup_thaw() it, since a frozen
	 * one cannot even die, and wait_a_little(tries), since dying takes a moment. An errno but
	 * EBUSY is an error, and so is EBUSY after REMOVE_TRIES.
	 *
	 * Until then: return each_below(directory, remove_one, NULL) < 0 ? fail_errno() : 0;
	 */
	for (int tries = 0; each_below(directory, remove_one, NULL) < 0; tries++) {
		if (errno != EBUSY || tries == REMOVE_TRIES)
			return fail_errno();
		signal_in(directory, SIGKILL);
		cgroup_thaw(cgroup);
		wait_a_little(tries);
	}
	return 0;
	/* End of task 4.5. */
}

static size_t count_processes(const char *directory)
{
	struct process_list list = {};
	each_below(directory, add_processes, &list);
	free(list.pids);
	return list.count;
}

/* Thousands take their time to die: it is given as long as there are fewer and fewer of them. */
static int remove_to_the_last(const struct cgroup *cgroup, const char *directory)
{
	for (size_t before = count_processes(directory), left;; before = left) {
		if (remove_killing(cgroup, directory) == 0)
			return 0;
		left = errno == EBUSY ? count_processes(directory) : before;
		if (left >= before)
			return -1;
		error_clear();
	}
}

static int remove_emptied(const char *directory)
{
	for (int tries = 0; each_below(directory, remove_one, NULL) < 0; tries++) {
		if (errno != EBUSY)
			return fail_errno();
		if (tries == EMPTY_TRIES)
			return fail_occupied(directory);
		wait_a_little(tries);
	}
	return 0;
}

static int remove_from(const struct cgroup *cgroup, const struct hierarchy *hierarchy, bool kill)
{
	_cleanup_free char *directory = cgroup_directory(cgroup, hierarchy);
	if (!directory)
		return -1;
	step("rmdir cgroup: %s", directory);
	/* Most are empty by now, and have none below them. */
	if (remove_one(AT_FDCWD, directory, NULL) == 0)
		return 0;
	return kill ? remove_to_the_last(cgroup, directory) : remove_emptied(directory);
}

static int remove_everywhere(const struct cgroup *cgroup, bool kill)
{
	for (size_t i = 0; i < cgroup->in.count; i++)
		if (remove_from(cgroup, &cgroup->in.list[i], kill) < 0)
			return -1;
	return 0;
}

int cgroup_remove(const struct cgroup *cgroup)
{
	return remove_everywhere(cgroup, true);
}

int cgroup_remove_emptied(const struct cgroup *cgroup)
{
	return remove_everywhere(cgroup, false);
}

/* Both versions have a line "oom_kill COUNT", in files of different names. */
int64_t cgroup_oom_kills(const struct cgroup *cgroup)
{
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, CONTROLLER_MEMORY);
	_cleanup_free char *directory = hierarchy ? cgroup_directory(cgroup, hierarchy) : NULL;
	if (!directory)
		return 0;
	_cleanup_free char *path = text_format("%s/%s", directory,
		hierarchy->version == CGROUP_V1 ? "memory.oom_control" : "memory.events");
	_cleanup_stream FILE *in = path ? fopen(path, "re") : NULL;
	char key[32];
	int64_t count;
	while (in && fscanf(in, "%31s %" SCNd64, key, &count) == 2)
		if (!strcmp(key, "oom_kill"))
			return count;
	return 0;
}

void cgroup_report_oom(const struct cgroup *cgroup, const struct limit *limit, int status)
{
	if (cgroup_oom_kills(cgroup) == 0)
		return;
	/* When it was another process inside, the command has gone on, or has failed in its way. */
	const char *who = status == 128 + SIGKILL ? "killed" : "a process inside was killed";
	if (limit->set && limit->value > 0)
		fprintf(stderr, "%s: %s: out of memory (limit %s)\n", narrator(), who,
			text_human_size(limit->value));
	else
		fprintf(stderr, "%s: %s: out of memory (of the host; there is no limit here)\n",
			narrator(), who);
}
