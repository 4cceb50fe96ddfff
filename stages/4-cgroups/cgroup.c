/*
 * The life of a cgroup: mkdir(2), a few writes, rmdir(2).
 *
 * What must hold: a process is in its cgroup, with all the limits set, before it runs the first
 * instruction that somebody else wrote. In v2 the child is born there. In v1 a process can only be
 * moved, so the child waits until it is.
 *
 * So everything is checked that can be checked before anything is made; the cgroup is made from the
 * top down, as each level takes something from the one above it (inherit.c); and a hierarchy that
 * this process may not write to is left out only when no limit needs it.
 */
#include "4-cgroups/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "4-cgroups/inherit.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

char *cgroup_directory(const struct cgroup *cgroup, const struct hierarchy *hierarchy)
{
	return text_format("%s%s", hierarchy->mount, cgroup->path);
}

/* --- where it is ------------------------------------------------------------------------------ */

static bool leads_upwards(const char *path)
{
	for (const char *dots = strstr(path, ".."); dots; dots = strstr(dots + 1, ".."))
		if ((dots == path || dots[-1] == '/') && (dots[2] == '/' || dots[2] == '\0'))
			return true;
	return false;
}

/*
 * The cgroup that new ones are made in, "" for the top. That is the place for root. Others may
 * write only where a part of the v2 tree was delegated to them: above the cgroup that this process
 * is in, or there. Above is better, since a cgroup that has processes hands no controllers down.
 */
static char *place_for_new(const struct hierarchies *hierarchies)
{
	const struct hierarchy *unified = hierarchy_unified(hierarchies);
	const char *own = unified && unified->own ? unified->own : "/";
	if (geteuid() == 0 || !strcmp(own, "/"))
		return strdup("");
	char *above = strndup(own, (size_t)(strrchr(own, '/') - own));
	_cleanup_free char *directory = above ? text_format("%s%s", unified->mount, above) : NULL;
	if (!directory || access(directory, W_OK) == 0)
		return above;
	free(above);
	return strdup(own);
}

int cgroup_open(struct cgroup *cgroup, const char *path)
{
	*cgroup = (struct cgroup){.unified = -1};
	if (strspn(path, "/") == strlen(path) || leads_upwards(path))
		return fail("the cgroup \"%s\": expected a path below the top, without \"..\"",
			path);
	if (hierarchies_find(&cgroup->in) < 0)
		return -1;
	_cleanup_free char *place = *path == '/' ? strdup("") : place_for_new(&cgroup->in);
	cgroup->path = text_format("%s%s%s", place ? place : "", *path == '/' ? "" : "/", path);
	if (!cgroup->path)
		return -1;
	const struct hierarchy *unified = hierarchy_unified(&cgroup->in);
	_cleanup_free char *directory = unified ? cgroup_directory(cgroup, unified) : NULL;
	if (directory)
		cgroup->unified = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return 0;
}

int cgroup_open_new(struct cgroup *cgroup, const char *name)
{
	unsigned unique;
	*cgroup = (struct cgroup){.unified = -1};
	/* A process id alone is not unique: the same one exists in other PID namespaces. */
	step("getrandom: a name for the cgroup that nobody else has");
	if (getrandom(&unique, sizeof(unique), 0) != sizeof(unique))
		return fail_errno();
	_cleanup_free char *path = text_format("%s-%d-%08x", name, getpid(), unique);
	return path ? cgroup_open(cgroup, path) : -1;
}

void cgroup_close(struct cgroup *cgroup)
{
	hierarchies_release(&cgroup->in);
	free(steal_pointer(&cgroup->path));
	if (cgroup->unified >= 0)
		close(steal_fd(&cgroup->unified));
}

bool cgroup_exists_in(const struct cgroup *cgroup, const struct hierarchy *hierarchy)
{
	_cleanup_free char *directory = cgroup_directory(cgroup, hierarchy);
	return directory && file_exists(AT_FDCWD, directory);
}

bool cgroup_exists(const struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->in.count; i++)
		if (cgroup_exists_in(cgroup, &cgroup->in.list[i]))
			return true;
	return false;
}

/* --- making it -------------------------------------------------------------------------------- */

/* The controllers that the limits take from this hierarchy, by name, a blank behind each. */
static char *controllers_asked(const struct hierarchy *hierarchy,
	const struct cgroup_limits *limits)
{
	unsigned asked = limits_controllers(limits) & hierarchy->controllers;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (!out) {
		fail("out of memory");
		return NULL;
	}
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++)
		if (asked & 1u << c)
			fprintf(out, "%s ", controller_name(c, hierarchy->version));
	/* "memory.high" belongs to memory; "cgroup.freeze" to none. */
	for (size_t i = 0; hierarchy->version == CGROUP_V2 && i < limits->unified_count; i++) {
		const char *file = limits->unified[i].file;
		if (strncmp(file, "cgroup.", 7) != 0)
			fprintf(out, "%.*s ", (int)strcspn(file, "."), file);
	}
	fclose(out);
	return text;
}

/* Every controller that a limit needs must be somewhere, before anything is made. */
static int check_controllers(const struct cgroup *cgroup, const struct cgroup_limits *limits)
{
	unsigned asked = limits_controllers(limits);
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++) {
		if (!(asked & 1u << c) || hierarchy_with(&cgroup->in, c))
			continue;
		const char *name =
			controller_name(c, hierarchy_unified(&cgroup->in) ? CGROUP_V2 : CGROUP_V1);
		fail("this host has no cgroup controller \"%s\", which a limit needs",
			name ? name : controller_name(c, CGROUP_V1));
		return fail_hint("no hierarchy that is mounted here has it: see /proc/cgroups and "
				 "/proc/self/mountinfo; it may be missing in the kernel or in the "
				 "part of the tree that a container sees");
	}
	if (limits->unified_count > 0 && !hierarchy_unified(&cgroup->in))
		return fail("%s is a file of cgroup v2, which is not mounted here",
			limits->unified[0].file);
	return 0;
}

/* Makes it in one hierarchy, level by level; the controllers are handed down on the way. */
static int make_in(const struct cgroup *cgroup, const struct hierarchy *hierarchy,
	const char *controllers, bool adopt)
{
	_cleanup_free char *directory = cgroup_directory(cgroup, hierarchy);
	if (!directory)
		return -1;
	for (char *slash = directory + strlen(hierarchy->mount); slash;) {
		*slash = '\0';
		if (hierarchy->version == CGROUP_V2 &&
			inherit_controllers(directory, controllers) < 0)
			return -1;
		*slash = '/';
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		step("mkdir cgroup: %s", directory);
		if (mkdir(directory, 0755) < 0 && (errno != EEXIST || !(slash || adopt)))
			return fail_errno();
		if (hierarchy->version == CGROUP_V1 &&
			hierarchy->controllers & 1u << CONTROLLER_CPUSET &&
			inherit_cpuset(directory) < 0)
			return -1;
	}
	return 0;
}

static bool not_ours_to_write(int error)
{
	return error == EACCES || error == EPERM || error == EROFS;
}

int cgroup_create(struct cgroup *cgroup, const struct cgroup_limits *limits, bool adopt)
{
	if (limits_check(limits) < 0 || check_controllers(cgroup, limits) < 0)
		return -1;
	for (size_t i = 0; i < cgroup->in.count; i++) {
		const struct hierarchy *hierarchy = &cgroup->in.list[i];
		_cleanup_free char *controllers = controllers_asked(hierarchy, limits);
		if (!controllers)
			return -1;
		if (make_in(cgroup, hierarchy, controllers, adopt) == 0)
			continue;
		/* Task 4.6: it could not be made. Where it is not_ours_to_write(), and no limit
		 * needs it (@controllers, the names of those needed, is empty), forget the error
		 * and go on with the next hierarchy.
		 *
		 * Until then: return -1;
		 */
		if (*controllers || !not_ours_to_write(errno))
			return -1;
		error_clear();
		step("skip: no limit needs a cgroup in %s, where we may not make one",
			hierarchy->mount);
		/* End of task 4.6. */
	}
	const struct hierarchy *unified = hierarchy_unified(&cgroup->in);
	if (unified && cgroup->unified < 0 && cgroup_exists_in(cgroup, unified)) {
		_cleanup_free char *directory = cgroup_directory(cgroup, unified);
		step("open cgroup: %s, for the child to be born in", directory);
		cgroup->unified = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (cgroup->unified < 0)
			return fail_errno();
	}
	return cgroup_limit(cgroup, limits);
}

int cgroup_write_limit(void *where, const char *file, const char *text)
{
	_cleanup_free char *path = text_format("%s/%s", (const char *)where, file);
	if (!path)
		return -1;
	if (file_write(AT_FDCWD, path, text) == 0)
		return 0;
	if (errno == ENOENT)
		return fail_hint("this kernel does not have that limit");
	if (errno == EINVAL || errno == ERANGE)
		return fail_hint("the value is outside what the kernel takes here");
	if (errno == ENODEV || errno == ENXIO)
		return fail_hint("only a whole disk can be limited, not a partition or a character "
				 "device: see lsblk");
	if (!strncmp(file, "memory.", 7) && errno == EBUSY)
		return fail_hint("the processes in the cgroup use more than that already");
	if (!strncmp(file, "cpuset.", 7) && errno == EACCES)
		return fail_hint("the cgroup above has less than that itself");
	return -1;
}

int cgroup_limit(const struct cgroup *cgroup, const struct cgroup_limits *limits)
{
	unsigned asked = limits_controllers(limits);
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++) {
		const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, c);
		if (!(asked & 1u << c) || !hierarchy)
			continue;
		_cleanup_free char *directory = cgroup_directory(cgroup, hierarchy);
		if (!directory || limits_write(limits, c, hierarchy->version, cgroup_write_limit,
					  directory) < 0)
			return -1;
	}
	const struct hierarchy *unified = hierarchy_unified(&cgroup->in);
	_cleanup_free char *directory = unified ? cgroup_directory(cgroup, unified) : NULL;
	for (size_t i = 0; directory && i < limits->unified_count; i++)
		if (cgroup_write_limit(directory, limits->unified[i].file,
			    limits->unified[i].text) < 0)
			return -1;
	return 0;
}
