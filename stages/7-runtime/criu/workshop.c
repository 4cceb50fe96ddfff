/*
 * Two things criu would do by itself, and not well. It mounts the cgroup hierarchies anew, which
 * takes options from those of the whole host (a mount of cgroup2 without nsdelegate switches that
 * off for all). And it makes a container's mounts as they were, but not the directories that they
 * were mounted on: those are files, and a fresh rootfs lacks them.
 *
 * What must hold: the rootfs is not trusted here either, and what is mounted for criu shows nowhere
 * else. So all of it happens in a mount namespace that only criu is in.
 */
#include "7-runtime/criu/workshop.h"

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "3-rootfs/inside.h"
#include "3-rootfs/mount.h"
#include "4-cgroups/hierarchy.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

/* --- the cgroups ------------------------------------------------------------------------------ */

/* A hierarchy of version 1 is known by its controllers; a second mount of it changes nothing. */
static int add_hierarchy(const char *place, const char *controllers, const char *unified)
{
	const char *name = strncmp(controllers, "name=", 5) == 0 ? controllers + 5 : controllers;
	bool is_unified = !*controllers;
	char options[64];
	/* One without controllers has but its name. */
	snprintf(options, sizeof(options), "%s%s", name == controllers ? "" : "none,", controllers);
	if (is_unified && !unified)
		return 0;
	_cleanup_free char *directory =
		text_format("%s/" WORKSHOP_CGROUPS "/%s", place, is_unified ? "unified" : name);
	if (!directory || directory_make(directory, 0700) < 0)
		return -1;
	step("mount: the cgroup hierarchy %s", is_unified ? unified : controllers);
	int result = is_unified ? mount(unified, directory, NULL, MS_BIND, NULL)
				: mount("cgroup", directory, "cgroup", 0, options);
	return result < 0 ? fail_errno() : 0;
}

static int add_hierarchies(const char *place)
{
	__attribute__((cleanup(hierarchies_release))) struct hierarchies hierarchies = {};
	_cleanup_free char *line = NULL;
	size_t size = 0;
	if (hierarchies_find(&hierarchies) < 0)
		return -1;
	const struct hierarchy *unified = hierarchy_unified(&hierarchies);
	step("open: /proc/self/cgroup");
	_cleanup_stream FILE *in = fopen("/proc/self/cgroup", "re");
	if (!in)
		return fail_errno();
	while (getline(&line, &size, in) > 0) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!path)
			continue;
		*path = '\0';
		if (add_hierarchy(place, controllers + 1, unified ? unified->mount : NULL) < 0)
			return -1;
	}
	return 0;
}

int workshop_make(const char *place)
{
	step("unshare: a mount namespace for criu");
	if (unshare(CLONE_NEWNS) < 0)
		return fail_errno();
	step("mount: make all mounts private, so that none made here shows on the host");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return fail_errno();
	step("mount: a tmpfs on %s, for criu to work in", place);
	if (mount("tmpfs", place, "tmpfs", 0, "mode=700") < 0)
		return fail_errno();
	return add_hierarchies(place);
}

/* --- the root --------------------------------------------------------------------------------- */

static bool is_bind(const struct config_mount *mount)
{
	return !mount->type || !strcmp(mount->type, "bind");
}

/* What is in a filesystem of the container's own comes back with that. */
static bool is_covered(const struct config *config, size_t index)
{
	const char *destination = config->mounts.items[index].destination;
	for (size_t i = 0; i < index; i++) {
		const struct config_mount *above = &config->mounts.items[i];
		size_t length = strlen(above->destination);
		if (!is_bind(above) && !strncmp(destination, above->destination, length) &&
			destination[length] == '/')
			return true;
	}
	return false;
}

/* A bind mount is made, too, since the places of others may be in it. */
static int make_place(const struct config_mount *mount, int root)
{
	struct stat info;
	if (!is_bind(mount)) {
		_cleanup_fd int place = inside_make_directory(root, mount->destination);
		return place < 0 ? -1 : 0;
	}
	const struct mount bind = {.source = mount->source, .destination = mount->destination};
	step("stat: %s", mount->source);
	return stat(mount->source, &info) < 0 ? fail_errno() : mount_add(&bind, root);
}

static int make_places(const struct config *config, const char *rootfs)
{
	step("open: the rootfs %s", rootfs);
	_cleanup_fd int root = open(rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return fail_errno();
	for (size_t i = 0; i < config->mounts.count; i++) {
		step_for("mounts[%zu]", i);
		if (!is_covered(config, i) && make_place(&config->mounts.items[i], root) < 0)
			return -1;
	}
	step_for(NULL);
	return 0;
}

int workshop_add_root(const char *place, const struct config *config, const char *rootfs)
{
	_cleanup_free char *root = text_format("%s/" WORKSHOP_ROOT, place);
	if (!root || directory_make(root, 0755) < 0)
		return -1;
	step("mount: the rootfs %s on %s", rootfs, root);
	if (mount(rootfs, root, NULL, MS_BIND | MS_REC, NULL) < 0)
		return fail_errno();
	return make_places(config, rootfs);
}
