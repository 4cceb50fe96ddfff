/*
 * A cgroup is a directory. There is one tree of them in version 2, with all controllers, and in
 * version 1 a tree for each controller, or for a few that are mounted together (cpu,cpuacct).
 * Every process is in one cgroup of each tree. A controller serves one tree at a time, so four
 * kinds of hosts are possible, and all of them are in use:
 *
 *	pure v2		one tree, on /sys/fs/cgroup
 *	pure v1		a tree a controller, on /sys/fs/cgroup/NAME
 *	hybrid		as v1, and an empty v2 tree on /sys/fs/cgroup/unified
 *	a container	any of these, and its top may be a cgroup in the middle of the host's tree
 *
 * So nothing is taken for granted. Where the trees are mounted is read from /proc/self/mountinfo.
 * Its fourth field, the root, says which cgroup it is that one sees at the mount point: to find our
 * own cgroup there, its path in /proc/self/cgroup loses that beginning.
 */
#include "4-cgroups/hierarchy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

enum { FILE_MOST = 4 << 20 };

static const struct {
	const char *v1, *v2;
} names[CONTROLLER_COUNT] = {
	[CONTROLLER_CPU] = {"cpu", "cpu"},
	[CONTROLLER_CPUACCT] = {"cpuacct", NULL}, /* cpu.stat is always there */
	[CONTROLLER_CPUSET] = {"cpuset", "cpuset"},
	[CONTROLLER_MEMORY] = {"memory", "memory"},
	[CONTROLLER_PIDS] = {"pids", "pids"},
	[CONTROLLER_BLKIO] = {"blkio", "io"},
	[CONTROLLER_FREEZER] = {"freezer", NULL}, /* cgroup.freeze is always there */
	[CONTROLLER_DEVICES] = {"devices", NULL}, /* a BPF program in its place */
	[CONTROLLER_HUGETLB] = {"hugetlb", "hugetlb"},
	[CONTROLLER_RDMA] = {"rdma", "rdma"},
	[CONTROLLER_NET_CLS] = {"net_cls", NULL}, /* a firewall can ask for a packet's cgroup */
	[CONTROLLER_NET_PRIO] = {"net_prio", NULL},
};

const char *controller_name(enum controller controller, enum cgroup_version version)
{
	return version == CGROUP_V1 ? names[controller].v1 : names[controller].v2;
}

bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);
	while (*text) {
		size_t span = strcspn(text, ", \n");
		if (span == length && !strncmp(text, word, length))
			return true;
		text += span + (text[span] != '\0');
	}
	return false;
}

static unsigned controllers_in(const char *text, enum cgroup_version version)
{
	unsigned controllers = 0;
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++) {
		const char *name = controller_name(c, version);
		if (name && has_word(text, name))
			controllers |= 1u << c;
	}
	return controllers;
}

/* In mountinfo a blank, a tab, a newline and a backslash are written as \ and three octal digits.
 */
static void unescape(char *text)
{
	char *to = text;
	for (const char *from = text; *from; to++) {
		unsigned code;
		if (from[0] == '\\' && sscanf(from + 1, "%3o", &code) == 1) {
			*to = (char)code;
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

/* The cgroup of this process in the hierarchy, out of a line such as "4:cpu,cpuacct:/a/b". */
static const char *own_cgroup(const char *line, const struct hierarchy *hierarchy)
{
	const char *controllers = strchr(line, ':');
	const char *path = controllers ? strchr(controllers + 1, ':') : NULL;
	if (!path)
		return NULL;
	_cleanup_free char *list = strndup(controllers + 1, (size_t)(path - controllers - 1));
	bool ours = hierarchy->version == CGROUP_V2
			    ? !strncmp(line, "0::", 3)
			    : list && controllers_in(list, CGROUP_V1) == hierarchy->controllers;
	return ours ? path + 1 : NULL;
}

/* @path without the beginning @root; NULL when it does not lie below. */
static char *path_below(const char *path, const char *root)
{
	size_t length = strcmp(root, "/") != 0 ? strlen(root) : 0;
	if (strncmp(path, root, length) != 0 || strstr(path, "/.."))
		return NULL;
	if (path[length] != '/' && path[length] != '\0')
		return NULL;
	return strdup(path[length] ? path + length : "/");
}

static int find_own(struct hierarchy *hierarchy, const char *root, const char *own_cgroups)
{
	_cleanup_free char *copy = strdup(own_cgroups);
	char *rest = NULL;
	for (char *line = copy ? strtok_r(copy, "\n", &rest) : NULL; line;
		line = strtok_r(NULL, "\n", &rest)) {
		const char *path = own_cgroup(line, hierarchy);
		if (path)
			hierarchy->own = path_below(path, root);
	}
	return copy ? 0 : fail("out of memory");
}

static bool known(const struct hierarchies *found, const struct hierarchy *one)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->list[i].version == one->version &&
			(one->version == CGROUP_V2 ||
				(found->list[i].controllers & one->controllers) != 0))
			return true;
	return false;
}

/* The version, and in v1 the controllers, from what follows " - ": "TYPE SOURCE OPTIONS". */
static bool parse_type(struct hierarchy *hierarchy, const char *text)
{
	char type[16];
	_cleanup_free char *options = NULL;
	if (sscanf(text, "%15s %*s %ms", type, &options) != 2)
		return false;
	if (!strcmp(type, "cgroup2"))
		hierarchy->version = CGROUP_V2;
	if (strcmp(type, "cgroup") != 0)
		return hierarchy->version == CGROUP_V2;
	hierarchy->version = CGROUP_V1;
	hierarchy->controllers = controllers_in(options, CGROUP_V1);
	/* A v1 tree without controllers is systemd's own, to keep track of services. */
	return hierarchy->controllers != 0;
}

/*
 * A line of mountinfo: "36 35 MAJOR:MINOR ROOT MOUNTPOINT options [more] - TYPE SOURCE OPTIONS",
 * where 36 is the mount's number. A tree that is mounted twice is taken where it was mounted first.
 */
static int parse_mount(struct hierarchies *found, const char *line, const char *own_cgroups,
	mount_test *in_reach)
{
	const char *type = strstr(line, " - ");
	_cleanup_free char *root = NULL, *mount = NULL;
	unsigned number;
	struct hierarchy one = {};
	if (!type || !parse_type(&one, type + 3) || known(found, &one) ||
		sscanf(line, "%u %*s %*s %ms %ms", &number, &root, &mount) != 3)
		return 0;
	unescape(root);
	unescape(mount);
	int reached = in_reach ? in_reach(mount, number) : 1;
	if (reached <= 0)
		return reached;
	if (find_own(&one, root, own_cgroups) < 0)
		return -1;
	one.mount = steal_pointer(&mount);
	found->list[found->count++] = one;
	return 0;
}

int hierarchies_parse(struct hierarchies *found, const char *mountinfo, const char *own_cgroups,
	mount_test *in_reach)
{
	*found = (struct hierarchies){};
	_cleanup_free char *copy = strdup(mountinfo);
	char *rest = NULL;
	if (!copy)
		return fail("out of memory");
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (parse_mount(found, line, own_cgroups, in_reach) < 0)
			return -1;
	return 0;
}

/* A mount that another one hides (a second /sys above the first) is listed, but out of reach. */
static int is_in_reach(const char *mount, unsigned number)
{
	struct statx info;
	step("statx: %s", mount);
	if (statx(AT_FDCWD, mount, 0, STATX_MNT_ID, &info) == 0)
		return info.stx_mnt_id == number;
	return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : fail_errno();
}

/* Which controllers serve the v2 tree, only the tree itself says. */
static int ask_for_controllers(struct hierarchy *hierarchy)
{
	_cleanup_free char *path = text_format("%s/cgroup.controllers", hierarchy->mount);
	_cleanup_free char *text = path ? file_read(AT_FDCWD, path, FILE_MOST, NULL) : NULL;
	if (!text)
		return -1;
	hierarchy->controllers = controllers_in(text, CGROUP_V2);
	return 0;
}

int hierarchies_find(struct hierarchies *found)
{
	*found = (struct hierarchies){};
	_cleanup_free char *mounts = file_read(AT_FDCWD, "/proc/self/mountinfo", FILE_MOST, NULL);
	_cleanup_free char *own = file_read(AT_FDCWD, "/proc/self/cgroup", FILE_MOST, NULL);
	if (!mounts || !own || hierarchies_parse(found, mounts, own, is_in_reach) < 0)
		return -1;
	for (size_t i = 0; i < found->count; i++)
		if (found->list[i].version == CGROUP_V2 && ask_for_controllers(&found->list[i]) < 0)
			return -1;
	return 0;
}

void hierarchies_release(struct hierarchies *found)
{
	for (size_t i = 0; i < found->count; i++) {
		free(found->list[i].mount);
		free(found->list[i].own);
	}
	*found = (struct hierarchies){};
}

const struct hierarchy *hierarchy_with(const struct hierarchies *hierarchies,
	enum controller controller)
{
	for (size_t i = 0; i < hierarchies->count; i++)
		if (hierarchies->list[i].controllers & 1u << controller)
			return &hierarchies->list[i];
	return NULL;
}

const struct hierarchy *hierarchy_unified(const struct hierarchies *hierarchies)
{
	for (size_t i = 0; i < hierarchies->count; i++)
		if (hierarchies->list[i].version == CGROUP_V2)
			return &hierarchies->list[i];
	return NULL;
}
