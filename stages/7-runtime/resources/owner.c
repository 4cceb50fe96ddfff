/*
 * Something like systemd in a container wants to make cgroups of its own. In v2 that is safe: who
 * owns the directory and the few files that the kernel lists can sort processes into cgroups below
 * this one, and the limits, in files that stay root's, hold for all of them together.
 *
 * What must hold: the cgroup is given away only on v2, with a new cgroup namespace, and when the
 * config mounts it there without "ro". And only those files: with another, limits would go.
 */
#include "7-runtime/resources/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"

static bool is_mounted_to_be_written(const struct config *config)
{
	for (size_t i = 0; i < config->mounts.count; i++) {
		const struct config_mount *mount = &config->mounts.items[i];
		bool read_only = false;
		for (size_t o = 0; o < mount->options.count; o++)
			read_only = read_only || !strcmp(mount->options.items[o], "ro");
		if (mount->source && !strcmp(mount->source, "cgroup") &&
			!strcmp(mount->destination, "/sys/fs/cgroup") && !read_only)
			return true;
	}
	return false;
}

/* The user's id on the host; false when that is not known from the config. */
static bool id_on_host(const struct config *config, uint32_t *id)
{
	const struct config_namespace *user = config_namespace(config, CLONE_NEWUSER);
	const struct config_mappings *maps = &config->linux.uid_mappings;
	uint32_t inside = config->process->user.uid;
	*id = inside;
	for (size_t i = 0; user && i < maps->count; i++) {
		const struct id_map *map = &maps->items[i];
		if (inside >= map->inside && inside - map->inside < map->count) {
			*id = map->outside + (inside - map->inside);
			return true;
		}
	}
	return !user;
}

static int give(int cgroup, const char *file, uint32_t id)
{
	step("fchownat: %s of the cgroup to the user %u", file, id);
	/* An older kernel has fewer of these files than the list. */
	if (fchownat(cgroup, file, id, (gid_t)-1, AT_SYMLINK_NOFOLLOW) < 0 && errno != ENOENT)
		return fail_errno();
	return 0;
}

static int give_files(int cgroup, uint32_t id)
{
	static const char path[] = "/sys/kernel/cgroup/delegate";
	static const char usual[] = "cgroup.procs\ncgroup.subtree_control\ncgroup.threads\n";
	_cleanup_free char *list =
		file_exists(AT_FDCWD, path) ? file_read(AT_FDCWD, path, 4096, NULL) : strdup(usual);
	char *rest = NULL;
	if (!list)
		return fail("out of memory");
	for (char *file = strtok_r(list, "\n", &rest); file; file = strtok_r(NULL, "\n", &rest))
		if (give(cgroup, file, id) < 0)
			return -1;
	return give(cgroup, ".", id);
}

int owner_change(const struct config *config, const struct cgroup *cgroup)
{
	const struct config_namespace *namespace = config_namespace(config, CLONE_NEWCGROUP);
	uint32_t id;
	if (cgroup->unified < 0 || cgroup->in.count > 1 || !namespace || namespace->path ||
		!is_mounted_to_be_written(config) || !id_on_host(config, &id) || id == geteuid())
		return 0;
	if (give_files(cgroup->unified, id) == 0)
		return 0;
	/* Without root the cgroup is this user's own; nobody else can have it. */
	if (geteuid() == 0 || errno != EPERM)
		return -1;
	error_clear();
	step("skip: this user may not give the cgroup away");
	return 0;
}
