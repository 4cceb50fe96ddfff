/*
 * One process makes the container, waits for it and takes it down; nothing is kept on disk. The
 * janitor of stage 4 removes the cgroup however this process ends.
 */
#include "6-oci/run.h"
#include "6-oci/load.h"

#include "3-rootfs/terminal.h"
#include "4-cgroups/members.h"
#include "6-oci/container.h"
#include "6-oci/resources.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/janitor.h"
#include "common/step.h"

static int remove_cgroup(void *cgroup)
{
	return cgroup_remove(cgroup);
}

static int open_cgroup(const struct config *config, struct cgroup *cgroup)
{
	const char *path = config->linux.cgroups_path;
	step_for("linux.cgroupsPath");
	if ((path ? cgroup_open(cgroup, path) : cgroup_open_new(cgroup, "6-oci")) < 0)
		return -1;
	if (path && cgroup_exists(cgroup))
		return fail("%s: there is such a cgroup already", path);
	step_for(NULL);
	return 0;
}

/* The container from its clone to its end, in a cgroup that is there for as long. */
static int supervise(const struct config *config, const char *rootfs, const struct cgroup *cgroup)
{
	struct container container = {.config = config, .rootfs = rootfs, .cgroup = cgroup};
	if (container_spawn(&container) < 0)
		return -1;
	return config->process->terminal ? terminal_supervise(&container.child)
					 : spawn_supervise(&container.child, NULL);
}

static int run(const struct config *config, const char *rootfs)
{
	__attribute__((cleanup(cgroup_close))) struct cgroup cgroup = {.unified = -1};
	struct janitor janitor;
	if (open_cgroup(config, &cgroup) < 0 || janitor_start(&janitor, remove_cgroup, &cgroup) < 0)
		return -1;
	int status = -1;
	if (resources_apply(config, &cgroup, false) == 0)
		status = supervise(config, rootfs, &cgroup);
	if (janitor_finish(&janitor) < 0)
		status = -1;
	return status;
}

static int check_terminal(const struct config *config)
{
	step_for("process.terminal");
	if (config->process->terminal && terminal_check() < 0)
		return -1;
	step_for(NULL);
	return 0;
}

int run_bundle(const char *bundle)
{
	struct config_errors errors = {};
	struct config *config = config_load(bundle, 6, &errors);
	config_errors_free(&errors);
	if (!config)
		return -1;
	_cleanup_free char *rootfs = container_rootfs(bundle, config);
	int status = rootfs && check_terminal(config) == 0 ? run(config, rootfs) : -1;
	config_free(config);
	return status;
}
