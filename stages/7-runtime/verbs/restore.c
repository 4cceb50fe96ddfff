/*
 * cooper restore: a container out of the files that checkpoint has made.
 *
 * The order is that of create, with criu in the place of the clone: it begins in the container's
 * cgroup, and so does what it makes; and it dies with this process. Before anything of the
 * container runs again, the record is complete.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "4-cgroups/members.h"
#include "7-runtime/attend.h"
#include "7-runtime/console.h"
#include "7-runtime/create.h"
#include "7-runtime/criu/options.h"
#include "7-runtime/criu/outside.h"
#include "7-runtime/criu/service.h"
#include "7-runtime/criu/workshop.h"
#include "7-runtime/hooks.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"
#include "common/text.h"

static struct {
	struct create_options create;
	struct criu_options criu;
} options;

/* What criu's moments have to do with. */
struct restoration {
	struct creation *creation;
	struct criu_service service;
	struct outside outside;
};

/* --- what criu is told ------------------------------------------------------------------------ */

static int add_cgroup_root(struct protobuf *message, const char *controllers, const char *path)
{
	struct protobuf root;
	if (protobuf_begin(&root) < 0)
		return -1;
	protobuf_add_text(&root, CGROUP_ROOT_CONTROLLER, controllers);
	protobuf_add_text(&root, CGROUP_ROOT_PATH, path);
	return protobuf_add_message(message, OPTION_CGROUP_ROOT, &root);
}

/* criu moves what it restores to the cgroups it had; here are those that stand for them now. */
static int add_cgroup_roots(struct protobuf *message, pid_t criu)
{
	_cleanup_free char *path = text_format("/proc/%d/cgroup", criu), *line = NULL;
	size_t size = 0;
	step("open: %s", path ? path : "");
	_cleanup_stream FILE *in = path ? fopen(path, "re") : NULL;
	if (!in)
		return fail_errno();
	while (getline(&line, &size, in) > 0) {
		line[strcspn(line, "\n")] = '\0';
		char *controllers = strchr(line, ':');
		char *own = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!own)
			continue;
		*own = '\0';
		if (add_cgroup_root(message, controllers + 1, own + 1) < 0)
			return -1;
	}
	return 0;
}

static int started(void *what, pid_t criu)
{
	struct restoration *restoration = what;
	const struct cgroup *cgroup = &restoration->creation->cgroup;
	if (create_enter_scope(restoration->creation, criu) < 0 || cgroup_join(cgroup, criu) < 0 ||
		cgroup_join_unified(cgroup, criu) < 0)
		return -1;
	return add_cgroup_roots(&restoration->service.options, criu);
}

/* A relative source of a mount begins at the bundle. */
static int prepare(void *what)
{
	const struct restoration *restoration = what;
	const struct creation *creation = restoration->creation;
	step("chdir: %s", creation->record.bundle);
	if (chdir(creation->record.bundle) < 0)
		return fail_errno();
	return workshop_add_root(restoration->service.places->workshop, creation->config,
		creation->record.rootfs);
}

/* --- criu's moments --------------------------------------------------------------------------- */

/* The namespaces are there, the processes are not: the moment for who makes the network. */
static int run_hooks(struct creation *creation, pid_t pid)
{
	const struct config_hooks *hooks = &creation->config->hooks;
	const struct record *record = &creation->record;
	struct child *child = &creation->container.child;
	step("pidfd_open: the restored init, %d", (int)pid);
	*child = (struct child){.pid = pid, .pidfd = pidfd_open(pid, 0), .line = -1};
	if (child->pidfd < 0)
		return fail_errno();
	if (create_put_on_record(creation, child) < 0)
		return -1;
	if (record_unlock(record) < 0 ||
		hooks_run(&hooks->prestart, "hooks.prestart", record, CREATING) < 0)
		return -1;
	return hooks_run(&hooks->create_runtime, "hooks.createRuntime", record, CREATING);
}

/* The processes are there, and wait to go on. */
static int complete(struct creation *creation)
{
	creation->record.complete = true;
	if (record_lock(&creation->record) < 0 || record_save(&creation->record) < 0)
		return -1;
	return files_tell_pid(&options.create.files, &creation->container.child);
}

static int take_terminal(struct creation *creation, int master)
{
	const char *socket = options.create.files.console_socket;
	if (socket)
		return console_send("--console-socket", socket, "the terminal", "/dev/ptmx",
			master);
	creation->terminal = fcntl(master, F_DUPFD_CLOEXEC, 0);
	return creation->terminal < 0 ? fail_errno() : 0;
}

static int notified(void *what, const char *moment, pid_t pid, int fd)
{
	struct restoration *restoration = what;
	if (!strcmp(moment, "setup-namespaces"))
		return run_hooks(restoration->creation, pid);
	if (!strcmp(moment, "orphan-pts-master"))
		return take_terminal(restoration->creation, fd);
	return strcmp(moment, "post-restore") == 0 ? complete(restoration->creation) : 0;
}

/* --- the whole -------------------------------------------------------------------------------- */

static int ask_criu(struct restoration *restoration, const struct criu_places *places)
{
	const struct creation *creation = restoration->creation;
	struct criu_service *service = &restoration->service;
	*service = (struct criu_service){
		.request = CRIU_RESTORE,
		.places = places,
		.kept = restoration->outside.files,
		.started = started,
		.prepare = prepare,
		.notified = notified,
		.what = restoration,
	};
	_cleanup_free char *root = text_format("%s/" WORKSHOP_ROOT, places->workshop);
	if (!root || protobuf_begin(&service->options) < 0)
		return -1;
	protobuf_add_text(&service->options, OPTION_ROOT, root);
	protobuf_add_switch(&service->options, OPTION_SIBLING, true);
	if (criu_options_add(&service->options, &options.criu, places) < 0 ||
		outside_bring(&restoration->outside, &service->options, creation->config,
			creation->record.bundle, places) < 0) {
		protobuf_free(&service->options);
		return -1;
	}
	service->kept_count = restoration->outside.count;
	return criu_run(service);
}

static int build(struct creation *creation, struct criu_places *places)
{
	struct restoration restoration = {.creation = creation};
	_cleanup_free char *workshop = record_path(&creation->record);
	places->workshop = workshop;
	int result = workshop ? create_groups(creation) : -1;
	if (result == 0)
		result = ask_criu(&restoration, places);
	outside_close(&restoration.outside);
	if (result == 0 && !creation->record.complete)
		result = fail("criu: did not say which process it has restored");
	return result;
}

static int restore_container(const char *id, struct criu_places *places)
{
	struct creation creation;
	int status = create_begin(&creation, &options.create, id, true);
	if (status == 0 && build(&creation, places) < 0)
		status = create_undo(&creation);
	if (status == 0 && !options.create.detach)
		status = attend(&creation, false);
	create_close(&creation);
	return status;
}

static int restore(char **operands)
{
	struct criu_places places = {.images = -1, .work = -1};
	int status = criu_places_open(&places, &options.criu, false);
	if (status == 0)
		status = criu_check();
	if (status == 0)
		status = restore_container(operands[0], &places);
	criu_places_close(&places);
	return status < 0 ? error_report() : status;
}

#define AT(member) offsetof(typeof(options), create.member)

static const struct flag flags[] = {
	{"bundle", "DIR", "the bundle; default: the working directory", flag_text, AT(bundle), 'b'},
	{"detach", NULL, "leave it running and return", flag_switch, AT(detach), 'd'},
	{"console-socket", "SOCKET", "the socket to send the terminal's master side to", flag_text,
		AT(files.console_socket)},
	{"pid-file", "FILE", "write the process's pid to FILE", flag_text, AT(files.pid_file)},
	{},
};

static const struct flag_group groups[] = {{flags, &options}, {criu_flags, &options.criu},
	{criu_restore_flags, &options.criu}, {}};

const struct verb verb_restore = {
	.name = "restore",
	.run = restore,
	.summary = "make a container from the files of a checkpoint",
	.usage = "restore [options] ID",
	.about = "Makes the container ID, of the bundle that it had, and lets its processes go on\n"
		 "where a checkpoint has stopped them. The exit status is its command's.",
	.groups = groups,
	.operands = 1,
};
