/* What a container uses, as JSON. */
#ifndef STAGE7_RESOURCES_STATISTICS_H
#define STAGE7_RESOURCES_STATISTICS_H

#include "4-cgroups/cgroup.h"
#include "7-runtime/resctrl.h"

struct json_object;

/*
 * Everything that the files of the cgroup, and of its group in resctrl, tell, in the shape that
 * `runc events --stats` prints, which engines read: times in nanoseconds, memory in bytes, both
 * versions of cgroups under the names of v1. What the kernel does not count is missing or 0. Free
 * it with json_object_put(). NULL with the error set when there is no memory or no such cgroup.
 */
struct json_object *statistics_read(const struct cgroup *cgroup, const struct resctrl *resctrl);

#endif
