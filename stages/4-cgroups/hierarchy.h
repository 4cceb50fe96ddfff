/* Which trees of cgroups this host has, and where they are mounted. */
#ifndef STAGE4_HIERARCHY_H
#define STAGE4_HIERARCHY_H

#include <stdbool.h>
#include <stddef.h>

enum cgroup_version { CGROUP_V1 = 1, CGROUP_V2 = 2 };

/* The controllers that containers have a use for, by their names in v1. */
enum controller {
	CONTROLLER_CPU,
	CONTROLLER_CPUACCT,
	CONTROLLER_CPUSET,
	CONTROLLER_MEMORY,
	CONTROLLER_PIDS,
	CONTROLLER_BLKIO,
	CONTROLLER_FREEZER,
	CONTROLLER_DEVICES,
	CONTROLLER_HUGETLB,
	CONTROLLER_RDMA,
	CONTROLLER_NET_CLS,
	CONTROLLER_NET_PRIO,
	CONTROLLER_COUNT,
};

struct hierarchy {
	enum cgroup_version version;
	unsigned controllers; /* the set (1u << CONTROLLER_...) of those that it has */
	char *mount;          /* the directory where its top, or what we may see of it, is */
	char *own;            /* this process's cgroup below that, "/" or "/a/b"; NULL: not there */
};

enum { HIERARCHIES_MOST = CONTROLLER_COUNT + 1 };

struct hierarchies {
	struct hierarchy list[HIERARCHIES_MOST];
	size_t count;
};

/* Its name: "blkio" in v1, "io" in v2. NULL: v2 has no such controller, but can do without. */
const char *controller_name(enum controller controller, enum cgroup_version version);

/* Finds the hierarchies of this host. Returns 0 (there may be none), or -1 with the error set. */
int hierarchies_find(struct hierarchies *found);

/*
 * Whether the mount @number (of mountinfo, and of statx(2)) is what one comes to at @mount, and not
 * beneath another one: 1 or 0, or -1 with the error set.
 */
typedef int mount_test(const char *mount, unsigned number);

/*
 * The same from the text of /proc/self/mountinfo and /proc/self/cgroup, without a look at the host:
 * a v2 hierarchy has no controllers yet. Mounts that are not @in_reach (NULL: all are) are passed
 * over. See proc(5) and cgroups(7).
 */
int hierarchies_parse(struct hierarchies *found, const char *mountinfo, const char *own_cgroups,
	mount_test *in_reach);

void hierarchies_release(struct hierarchies *found);

/* The one that has the controller, or NULL. */
const struct hierarchy *hierarchy_with(const struct hierarchies *hierarchies,
	enum controller controller);

/* The v2 one, or NULL. */
const struct hierarchy *hierarchy_unified(const struct hierarchies *hierarchies);

/* Whether @text, words between blanks or commas, has the word @word. */
bool has_word(const char *text, const char *word);

#endif
