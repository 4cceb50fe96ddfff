/*
 * The order is the point. Read and check everything, while nothing has been made (plan.h). Claim
 * the id. Put on record what will be made, the cgroup's path first. Make the cgroup, clone the
 * init, which dies with this process for now. When it reports that it is ready, put its pid on
 * record: the container is created. Only then release it.
 *
 * What must hold: whatever kills this process, and whenever, delete --force finds in the record
 * what has to go.
 */
#include "7-runtime/create.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "4-cgroups/members.h"
#include "6-oci/arena.h"
#include "7-runtime/delete.h"
#include "7-runtime/gate.h"
#include "7-runtime/hooks.h"
#include "7-runtime/init.h"
#include "7-runtime/move_root.h"
#include "7-runtime/net_devices.h"
#include "7-runtime/plan.h"
#include "7-runtime/process/activation.h"
#include "7-runtime/process/seccomp_listener.h"
#include "7-runtime/process/time_namespace.h"
#include "7-runtime/release.h"
#include "7-runtime/resources/resources.h"
#include "7-runtime/systemd/scope.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/flags.h"
#include "common/handshake.h"
#include "common/step.h"
#include "common/text.h"

const struct flag create_flags[] = {
	{"bundle", "DIR", "the bundle; default: the working directory", flag_text,
		offsetof(struct create_options, bundle), 'b'},
	{"no-pivot", NULL, "for a root in memory: move it and chroot; less safe", flag_switch,
		offsetof(struct create_options, no_pivot)},
	{"no-new-keyring", NULL, "keep the caller's session keyring", flag_switch,
		offsetof(struct create_options, no_new_keyring)},
	{},
};

static char *now(struct arena *arena)
{
	char text[64];
	struct timespec time;
	struct tm utc;
	clock_gettime(CLOCK_REALTIME, &time);
	gmtime_r(&time.tv_sec, &utc);
	size_t length = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text + length, sizeof(text) - length, ".%09ldZ", time.tv_nsec);
	return arena_copy(arena, text);
}

/* From here on delete --force knows what there may be. */
static int put_on_record(struct creation *creation, const char *bundle, bool start)
{
	struct record *record = &creation->record;
	record->bundle = arena_copy(record->arena, bundle);
	record->rootfs = arena_copy(record->arena, creation->container.rootfs);
	if (creation->systemd.scope)
		record->scope = arena_copy(record->arena, creation->systemd.scope);
	else if (creation->cgroup.in.count > 0 &&
		 record_set_cgroup(record, creation->cgroup.path) < 0)
		return -1;
	if (creation->resctrl.own)
		record->resctrl = arena_copy(record->arena, creation->resctrl.group);
	if (*creation->resctrl.monitor)
		record->resctrl_monitor = arena_copy(record->arena, creation->resctrl.monitor);
	record->created = now(record->arena);
	record->owner = geteuid();
	record->annotations = creation->config->annotations;
	if (file_replace(record->directory, "config.json", creation->config->text, 0600) < 0 ||
		record_save(record) < 0)
		return -1;
	return start ? 0 : gate_make(record);
}

static int set_clocks(struct creation *creation)
{
	struct child *child = &creation->container.child;
	if (!time_namespace_has_offsets(creation->config))
		return 0;
	if (spawn_await(child, 'c', NULL) < 0 ||
		time_namespace_set(creation->config, child->pid) < 0)
		return -1;
	return handshake_send(child->line, 'c', -1);
}

/* The root is built, and the init waits before it enters it. */
static int run_hooks(struct creation *creation)
{
	const struct config_hooks *hooks = &creation->config->hooks;
	const struct record *record = &creation->record;
	if (!init_needs_creator(creation->config))
		return 0;
	if (spawn_await(&creation->container.child, 'b', NULL) < 0 ||
		hooks_run(&hooks->prestart, "hooks.prestart", record, CREATING) < 0 ||
		hooks_run(&hooks->create_runtime, "hooks.createRuntime", record, CREATING) < 0 ||
		setup_from_outside(creation->config->process, creation->container.child.pid) < 0)
		return -1;
	return handshake_send(creation->container.child.line, 'h', -1);
}

/* The init is ready: the container is created as soon as that is on record. */
static int complete(struct creation *creation, const struct create_options *options, bool start)
{
	struct record *record = &creation->record;
	struct child *child = &creation->container.child;
	if (seccomp_pass_listener(&creation->seccomp, creation->config->linux.seccomp, child,
		    record, CREATING) < 0 ||
		release_ready(child) < 0 || files_tell_pid(&options->files, child) < 0)
		return -1;
	if (record_lock(record) < 0)
		return -1;
	_cleanup_fd int gate = start ? -1 : gate_open(record);
	if (gate < 0 && !start)
		return -1;
	record->complete = true;
	if (record_save(record) < 0)
		return -1;
	return record_unlock(record) < 0 ? -1 : release_child(child, gate);
}

/* Systemd can make none before there is a process for it. */
static int make_cgroup(struct creation *creation)
{
	if (creation->systemd.scope)
		return 0;
	return resources_create(creation->config, &creation->cgroup);
}

int create_enter_scope(struct creation *creation, pid_t pid)
{
	if (!creation->systemd.scope || creation->in_scope)
		return 0;
	creation->in_scope = true;
	if (systemd_start(&creation->record, &creation->systemd, creation->config, pid,
		    &creation->cgroup) < 0)
		return -1;
	return resources_create(creation->config, &creation->cgroup);
}

int create_put_on_record(void *parent, const struct child *child)
{
	struct creation *creation = parent;
	creation->record.pid = child->pid;
	step("read: when the init has started");
	creation->record.start_time = record_start_time(child->pid);
	/* Without it the record would speak of a process that is no more. */
	if (creation->record.start_time == 0)
		return fail_errno();
	if (record_save(&creation->record) < 0 || create_enter_scope(creation, child->pid) < 0)
		return -1;
	if (resctrl_join(&creation->resctrl, child->pid) < 0)
		return -1;
	return net_devices_move(creation->config, child->pid);
}

/* A failure leaves nothing to remove; what is there by then is somebody else's. */
static int make_resctrl(struct creation *creation)
{
	if (resctrl_make(&creation->resctrl, creation->config->linux.intel_rdt) == 0)
		return 0;
	creation->record.resctrl = creation->record.resctrl_monitor = NULL;
	return -1;
}

int create_groups(struct creation *creation)
{
	if (make_cgroup(creation) < 0)
		return -1;
	return make_resctrl(creation);
}

static int build(struct creation *creation, const struct create_options *options, bool start)
{
	struct files files = options->files;
	struct init init = {
		.activation = activation_count(),
		.setup = {.config = creation->config,
			.process = creation->config->process,
			.id = creation->record.id,
			.no_new_keyring = options->no_new_keyring,
			.seccomp = creation->seccomp},
		.mounts = {.config = creation->config},
		.record = creation->record,
	};
	files.preserved += init.activation;
	_cleanup_free int *kept = files_kept(&files);
	struct container *container = &creation->container;
	container->config = creation->config;
	container->cgroup = &creation->cgroup;
	container->more = init_more(&init);
	container->more.cloned = create_put_on_record;
	container->more.parent = creation;
	container->more.pivot = options->no_pivot ? move_root : NULL;
	container->kept = kept;
	container->kept_count = files_kept_count(&files);
	if (!kept || trees_choose(&init.mounts.trees, creation->config) < 0 ||
		create_groups(creation) < 0 || container_spawn(container) < 0)
		return -1;
	/* Hooks, and mounts of somebody else's, take what time they like: delete --force must get
	 * through. */
	if (record_unlock(&creation->record) < 0 ||
		trees_send(&init.mounts.trees, &container->child) < 0 || set_clocks(creation) < 0 ||
		run_hooks(creation) < 0 ||
		files_take_terminal(&options->files, creation->config->process, &container->child,
			&creation->terminal) < 0)
		return -1;
	return complete(creation, options, start);
}

int create_undo(struct creation *creation)
{
	if (creation->container.child.line > 0)
		close(steal_fd(&creation->container.child.line));
	if (cgroup_oom_kills(&creation->cgroup) > 0)
		fail_hint("the kernel has killed for lack of memory: linux.resources.memory.limit "
			  "is too low");
	delete_failed(&creation->record, creation->config);
	/* No command has run whose status this one's could be. */
	return fail_status(EXIT_ERROR);
}

static bool is_directory(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

int create_begin(struct creation *creation, const struct create_options *options, const char *id,
	bool start)
{
	*creation = (struct creation){.terminal = -1,
		.record = {.directory = -1},
		.cgroup = {.unified = -1}};
	if (record_check_id(id) < 0)
		return -1;
	step_for(options->bundle ? "--bundle" : NULL);
	step("realpath: the bundle %s", options->bundle ? options->bundle : ".");
	_cleanup_free char *bundle = realpath(options->bundle ? options->bundle : ".", NULL);
	if (!bundle)
		return fail_errno();
	if (record_check_path(bundle) < 0)
		return -1;
	if (!is_directory(bundle))
		return fail("%s: %s", bundle, strerror(ENOTDIR));
	step_for(NULL);
	if (files_check(&options->files) < 0 || plan(creation, options, bundle, id, start) < 0 ||
		record_claim(&creation->record, id) < 0)
		return -1;
	creation->record.no_new_keyring = options->no_new_keyring;
	return put_on_record(creation, bundle, start) < 0 ? create_undo(creation) : 0;
}

int create_container(struct creation *creation, const struct create_options *options,
	const char *id, bool start)
{
	if (create_begin(creation, options, id, start) < 0)
		return -1;
	return build(creation, options, start) < 0 ? create_undo(creation) : 0;
}

void create_close(struct creation *creation)
{
	if (creation->terminal >= 0)
		close(steal_fd(&creation->terminal));
	seccomp_filter_free(&creation->seccomp);
	record_close(&creation->record);
	cgroup_close(&creation->cgroup);
	free((char *)creation->container.rootfs);
	config_free(creation->config);
}
