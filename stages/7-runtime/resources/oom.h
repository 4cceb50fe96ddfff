/* Being told when the kernel kills in a cgroup for lack of memory. */
#ifndef STAGE7_RESOURCES_OOM_H
#define STAGE7_RESOURCES_OOM_H

#include "4-cgroups/cgroup.h"

struct oom_watch {
	const struct cgroup *cgroup;
	int fd;       /* readable when there may be news; -1: this cgroup counts no memory */
	int control;  /* v1: memory.oom_control, which must stay open */
	int64_t seen; /* v2: how many kills are known */
};

/* Begins to watch. Returns 0, or -1 with the error set. See eventfd(2) and inotify(7). */
int oom_watch_open(struct oom_watch *watch, const struct cgroup *cgroup);

/* How often it has happened since the last look. */
uint64_t oom_watch_news(struct oom_watch *watch);

void oom_watch_close(struct oom_watch *watch);

#endif
