/*
 * A container that makes cgroups of its own, below the one it has, may want who enters it in one of
 * those. In v1 each controller has a tree of its own, and the place may be another one in each.
 *
 * What must hold: in a tree where no place is named the process is in the container's own cgroup,
 * never outside; a place that is not there is an error.
 */
#include "7-runtime/sub_cgroup.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "4-cgroups/members.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/text.h"

/* --- which trees are meant -------------------------------------------------------------------- */

static bool has_name(enum controller controller, const char *name, size_t length)
{
	for (enum cgroup_version version = CGROUP_V1; version <= CGROUP_V2; version++) {
		const char *known = controller_name(controller, version);
		if (known && strlen(known) == length && !strncmp(known, name, length))
			return true;
	}
	return false;
}

static int add_controller(unsigned *set, const char *name, size_t length)
{
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++)
		if (has_name(c, name, length)) {
			*set |= 1u << c;
			return 0;
		}
	return fail("--cgroup: there is no controller \"%.*s\"", (int)length, name);
}

/* Reads "cpu,cpuacct:PATH", and moves @text to the path. */
static int read_controllers(const char **text, unsigned *set)
{
	const char *colon = strchr(*text, ':');
	*set = 0;
	for (const char *name = *text; colon && name <= colon;) {
		size_t length = strcspn(name, ",:");
		if (add_controller(set, name, length) < 0)
			return -1;
		name += length + 1;
	}
	*text = colon ? colon + 1 : *text;
	return 0;
}

/* Without a set all are meant. */
static void keep(struct hierarchies *in, unsigned set)
{
	size_t kept = 0;
	for (size_t i = 0; i < in->count; i++) {
		struct hierarchy *hierarchy = &in->list[i];
		if (!set || hierarchy->controllers & set) {
			in->list[kept++] = *hierarchy;
			continue;
		}
		free(hierarchy->mount);
		free(hierarchy->own);
	}
	in->count = kept;
}

/* --- where they are --------------------------------------------------------------------------- */

/* Where the container itself has none, there is none below. */
static int check(const struct cgroup *below, const struct cgroup *own, const char *wanted)
{
	bool any = false;
	for (size_t i = 0; i < below->in.count; i++) {
		const struct hierarchy *hierarchy = &below->in.list[i];
		if (!cgroup_exists_in(own, hierarchy))
			continue;
		any = true;
		if (!cgroup_exists_in(below, hierarchy))
			return fail("--cgroup: %s: there is no such cgroup below the container's, "
				    "%s%s",
				wanted, hierarchy->mount, own->path);
	}
	return any ? 0 : fail("--cgroup: %s: the container has no cgroup there", wanted);
}

static int find(struct cgroup *below, const char *wanted, const struct cgroup *own)
{
	const char *path = wanted;
	unsigned set;
	*below = (struct cgroup){.unified = -1};
	if (read_controllers(&path, &set) < 0)
		return -1;
	_cleanup_free char *whole = text_format("%s/%s", own->path, path);
	if (!whole || cgroup_open(below, whole) < 0)
		return -1;
	keep(&below->in, set);
	if (!hierarchy_unified(&below->in) && below->unified >= 0)
		close(steal_fd(&below->unified));
	return check(below, own, wanted);
}

int sub_cgroups_find(struct sub_cgroups *found, const struct text_list *wanted,
	const struct cgroup *own)
{
	*found = (struct sub_cgroups){};
	if (wanted->count == 0)
		return 0;
	found->list = calloc(wanted->count, sizeof(*found->list));
	if (!found->list)
		return fail("out of memory");
	for (size_t i = 0; i < wanted->count; i++) {
		const char *item = wanted->items[i];
		found->everywhere = !strchr(item, ':');
		if (found->everywhere && wanted->count > 1)
			return fail("--cgroup: %s: more than one, and no controller in front",
				item);
		if (find(&found->list[found->count++], item, own) < 0)
			return -1;
	}
	return 0;
}

void sub_cgroups_replace(struct sub_cgroups *from, struct cgroup *cgroup)
{
	if (!from->everywhere)
		return;
	cgroup_close(cgroup);
	*cgroup = from->list[--from->count];
	from->everywhere = false;
}

int sub_cgroups_join(const struct sub_cgroups *cgroups, pid_t pid)
{
	for (size_t i = 0; i < cgroups->count; i++)
		if (cgroup_join(&cgroups->list[i], pid) < 0 ||
			cgroup_join_unified(&cgroups->list[i], pid) < 0)
			return -1;
	return 0;
}

void sub_cgroups_release(struct sub_cgroups *cgroups)
{
	for (size_t i = 0; i < cgroups->count; i++)
		cgroup_close(&cgroups->list[i]);
	free(cgroups->list);
	*cgroups = (struct sub_cgroups){};
}
