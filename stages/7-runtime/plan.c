/*
 * What must hold: whatever is wrong with a config, or cannot be done on this host, is found here. A
 * container that cannot be is never begun, so there is nothing to take back.
 */
#include "7-runtime/plan.h"

#include <sched.h>

#include "3-rootfs/terminal.h"
#include "6-oci/arena.h"
#include "6-oci/join.h"
#include "6-oci/load.h"
#include "7-runtime/process/capabilities.h"
#include "7-runtime/process/setup.h"
#include "7-runtime/resources/place.h"
#include "7-runtime/resources/resources.h"
#include "7-runtime/systemd/scope.h"
#include "common/error.h"
#include "common/step.h"

enum { STAGE = 7 };

static int check_terminal(const struct config *config, const struct create_options *options)
{
	bool terminal = config->process->terminal;
	step_for("process.terminal");
	if (!terminal && options->files.console_socket)
		return fail("false, so there is nothing to send to --console-socket");
	if (terminal && !options->files.console_socket && options->detach) {
		fail("true, but nobody is there to take the terminal");
		return fail_hint("give a --console-socket, or run without --detach");
	}
	if (terminal && !options->files.console_socket && terminal_check() < 0)
		return -1;
	step_for(NULL);
	return 0;
}

/* Only start needs a process ("process" in config.md). Without one the init waits for a delete. */
static int check_process(struct config *config, bool start)
{
	if (config->process)
		return 0;
	if (start)
		return fail("config.json: process: missing");
	config->process = arena_take(config->arena, 1, sizeof(*config->process));
	config->process->cwd = arena_copy(config->arena, "/");
	return 0;
}

/* Whether the namespaces to join are there, each of its type, while nothing has been made yet. */
static int check_joins(const struct config *config)
{
	struct joins joins;
	int result = joins_from_config(&joins, config);
	joins_close(&joins);
	return result;
}

static int load(struct creation *creation, const char *bundle, const struct create_options *options,
	bool start)
{
	struct config_errors errors = {};
	creation->config = config_load(bundle, STAGE, &errors);
	config_errors_free(&errors);
	if (!creation->config || check_process(creation->config, start) < 0 ||
		check_terminal(creation->config, options) < 0 ||
		check_joins(creation->config) < 0 ||
		setup_check(creation->config, creation->config->process) < 0 ||
		files_check(&options->files) < 0)
		return -1;
	capabilities_warn(creation->config->process->capabilities,
		config_namespace(creation->config, CLONE_NEWUSER));
	if (seccomp_filter_make(&creation->seccomp, creation->config, creation->config->process) <
		0)
		return -1;
	step_for("root.path");
	creation->container.rootfs = container_rootfs(bundle, creation->config);
	if (!creation->container.rootfs || record_check_path(creation->container.rootfs) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

static int check_scope(struct creation *creation, const char *id)
{
	__attribute__((cleanup(cgroup_close))) struct cgroup host = {.unified = -1};
	const struct config *config = creation->config;
	if (systemd_check(config, id, config->arena, &creation->systemd) < 0 ||
		cgroup_open(&host, creation->systemd.scope) < 0)
		return -1;
	return resources_check(&config->linux.resources, &host);
}

static int open_cgroup(struct creation *creation, const char *id)
{
	const struct config *config = creation->config;
	struct cgroup *cgroup = &creation->cgroup;
	const char *path = config->linux.cgroups_path;
	if (systemd_options.wanted)
		return check_scope(creation, id);
	step_for("linux.cgroupsPath");
	if ((path ? cgroup_open(cgroup, path) : cgroup_open_new(cgroup, id)) < 0 ||
		place_check(cgroup) < 0)
		return -1;
	step_for(NULL);
	return resources_check(&config->linux.resources, cgroup);
}

static int plan_resctrl(struct creation *creation, const char *id)
{
	const struct config_intel_rdt *wanted = creation->config->linux.intel_rdt;
	if (resctrl_check_mounted(wanted, RESCTRL_ROOT) < 0 ||
		resctrl_locate(&creation->resctrl, wanted, RESCTRL_ROOT, id) < 0)
		return -1;
	return resctrl_check(&creation->resctrl, wanted);
}

int plan(struct creation *creation, const struct create_options *options, const char *bundle,
	const char *id, bool start)
{
	if (load(creation, bundle, options, start) < 0 || plan_resctrl(creation, id) < 0)
		return -1;
	return open_cgroup(creation, id);
}
