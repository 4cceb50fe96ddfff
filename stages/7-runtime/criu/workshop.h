/* Where criu works: mounts that only it sees, and that go with it. */
#ifndef STAGE7_CRIU_WORKSHOP_H
#define STAGE7_CRIU_WORKSHOP_H

#include "6-oci/config.h"

/* In a workshop, the cgroup hierarchies by their names, and the root directory. */
#define WORKSHOP_CGROUPS "cgroups"
#define WORKSHOP_ROOT    "root"

/*
 * In the child that becomes criu: makes the workshop on the directory @place, which hides what is
 * there from criu alone. Returns 0, or -1 with the error set.
 */
int workshop_make(const char *place);

/*
 * Puts the root directory @rootfs into it, for a restore: a mount that nothing lies on, as criu
 * wants it, with a place for each mount of the config's. Returns 0, or -1 with the error set.
 */
int workshop_add_root(const char *place, const struct config *config, const char *rootfs);

#endif
