/*
 * A container's cgroup that is systemd's: --systemd-cgroup. It is the cgroup "container" below that
 * of a transient scope. On cgroup v2 only. The functions return 0, or -1 with the error set.
 */
#ifndef STAGE7_SYSTEMD_SCOPE_H
#define STAGE7_SYSTEMD_SCOPE_H

#include <stdbool.h>
#include <sys/types.h>

#include "4-cgroups/cgroup.h"
#include "6-oci/config.h"
#include "7-runtime/record.h"
#include "7-runtime/systemd/path.h"
#include "common/flags.h"

struct systemd_options {
	bool wanted;
};

/* --systemd-cgroup; it fills systemd_options. */
extern const struct flag systemd_flags[];
extern struct systemd_options systemd_options;

/*
 * While nothing has been made: reads linux.cgroupsPath and the annotations for systemd
 * (property.h), and checks that there is a systemd, that it can be asked, and that it has no such
 * scope yet. @arena: where @path lies then.
 */
int systemd_check(const struct config *config, const char *id, struct arena *arena,
	struct systemd_path *path);

/*
 * Makes the scope, which is on @record, with the limits of the config that systemd knows, and with
 * the process @pid in it. Opens the container's cgroup (@cgroup; close it after a failure, too),
 * moves the process there, and puts its path on record. The limits are not yet set in it.
 */
int systemd_start(struct record *record, const struct systemd_path *path,
	const struct config *config, pid_t pid, struct cgroup *cgroup);

/* Tells systemd of new limits, where the container has a scope. */
int systemd_update(const struct record *record, const struct config_resources *resources);

/*
 * Moves @pid, of this user, to where this process may not: into the container's cgroup, or into
 * @below that, if it is not NULL. @needed tells whether it must be done in this way.
 */
int systemd_attach(const struct record *record, const char *below, pid_t pid);
bool systemd_attach_needed(const struct record *record);

/*
 * Kills what is in the scope that is on record, and waits for its end. Does nothing where there is
 * none, nor to a scope of the same name that is not this container's.
 */
int systemd_stop(const struct record *record);

#endif
