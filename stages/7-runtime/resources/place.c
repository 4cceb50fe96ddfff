/*
 * A config can name any cgroup, one that exists among them. Where a container cannot be, the kernel
 * says so with an EBUSY or EOPNOTSUPP when the process is cloned; a frozen one would not even say
 * that much, the process would just never run. So each case is looked for before anything is made.
 */
#include "7-runtime/resources/place.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "4-cgroups/members.h"
#include "7-runtime/resources/freezer.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"

/* A cgroup that others live in is not the container's to limit, and later to kill. */
static int check_processes(const struct cgroup *cgroup)
{
	struct process_list processes = {};
	int result = cgroup_exists(cgroup) ? cgroup_processes(cgroup, &processes) : 0;
	if (result == 0 && processes.count > 0)
		result = fail("%s: there are processes in this cgroup already", cgroup->path);
	free(processes.pids);
	return result;
}

/* A file's text without the newline; NULL, without an error, when there is none. */
static char *read_in(const char *directory, const char *file)
{
	_cleanup_free char *path = text_format("%s/%s", directory, file);
	char *text = path && file_exists(AT_FDCWD, path) ? file_read(AT_FDCWD, path, 4096, NULL)
							 : NULL;
	if (text)
		text[strcspn(text, "\n")] = '\0';
	error_clear();
	return text;
}

/* @name: what the user calls it. @above: it is not the container's own. */
static int check_type(const char *directory, const char *name, bool above)
{
	_cleanup_free char *type = read_in(directory, "cgroup.type");
	if (!type || !strcmp(type, "domain") || (!above && !strcmp(type, "domain threaded")))
		return 0;
	fail("%s: this cgroup is for threads (cgroup.type is \"%s\")", name, type);
	return fail_hint("a container needs a cgroup for processes, below no such one");
}

static int check_hands_nothing_down(const char *directory, const char *name)
{
	_cleanup_free char *controllers = read_in(directory, "cgroup.subtree_control");
	if (!controllers || !*controllers)
		return 0;
	fail("%s: this cgroup hands controllers down (%s)", name, controllers);
	return fail_hint("in cgroup v2 such a one can hold no processes; choose one below it");
}

/* Upwards, so that the error names the nearest. */
static int check_unified(const struct cgroup *cgroup, const struct hierarchy *unified)
{
	_cleanup_free char *directory = cgroup_directory(cgroup, unified);
	if (!directory)
		return -1;
	char *path = directory + strlen(unified->mount);
	if (check_type(directory, path, false) < 0 || check_hands_nothing_down(directory, path) < 0)
		return -1;
	for (char *slash = strrchr(path, '/'); slash > path; slash = strrchr(path, '/')) {
		*slash = '\0';
		if (check_type(directory, path, true) < 0)
			return -1;
	}
	return 0;
}

int place_check(const struct cgroup *cgroup)
{
	const struct hierarchy *unified = hierarchy_unified(&cgroup->in);
	if (check_processes(cgroup) < 0)
		return -1;
	if (freezer_is_set(cgroup)) {
		fail("%s: this cgroup is frozen", cgroup->path);
		return fail_hint("no process would run in it; thaw it first");
	}
	return unified ? check_unified(cgroup, unified) : 0;
}
