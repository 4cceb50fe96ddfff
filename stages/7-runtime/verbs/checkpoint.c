/* cooper checkpoint: a container's processes, with all they have in memory, as files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "4-cgroups/cgroup.h"
#include "7-runtime/criu/options.h"
#include "7-runtime/criu/outside.h"
#include "7-runtime/criu/service.h"
#include "7-runtime/delete.h"
#include "7-runtime/record.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

static struct criu_options options;

static int check_status(const struct record *record)
{
	enum status status = record_status(record);
	if (status == RUNNING)
		return 0;
	return fail("cannot checkpoint a container in the %s state", status_name(status));
}

/* criu stops all the processes at one stroke, by their cgroup. */
static int add_freezer(struct protobuf *message, const struct record *record)
{
	struct cgroup cgroup;
	if (!record->cgroup)
		return 0;
	if (cgroup_open(&cgroup, record->cgroup) < 0)
		return -1;
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup.in, CONTROLLER_FREEZER);
	if (!hierarchy)
		hierarchy = hierarchy_unified(&cgroup.in);
	_cleanup_free char *directory = hierarchy && cgroup_exists_in(&cgroup, hierarchy)
						? cgroup_directory(&cgroup, hierarchy)
						: NULL;
	protobuf_add_text(message, OPTION_FREEZE_CGROUP, directory);
	cgroup_close(&cgroup);
	return 0;
}

static int add_page_server(struct protobuf *message)
{
	struct protobuf server;
	if (!options.page_server.address)
		return 0;
	if (protobuf_begin(&server) < 0)
		return -1;
	protobuf_add_text(&server, PAGE_SERVER_ADDRESS, options.page_server.address);
	protobuf_add_number(&server, PAGE_SERVER_PORT, (uint64_t)options.page_server.port);
	return protobuf_add_message(message, OPTION_PAGE_SERVER, &server);
}

static int add_container(struct protobuf *message, const struct record *record,
	const struct config *config, const struct criu_places *places)
{
	protobuf_add_number(message, OPTION_PID, (uint64_t)record->pid);
	protobuf_add_text(message, OPTION_ROOT, record->rootfs);
	protobuf_add_switch(message, OPTION_LEAVE_RUNNING, options.leave_running);
	protobuf_add_text(message, OPTION_PARENT_IMAGES, options.parent_path);
	protobuf_add_switch(message, OPTION_TRACK_MEMORY, options.parent_path || options.pre_dump);
	if (criu_options_add(message, &options, places) < 0 || add_freezer(message, record) < 0 ||
		add_page_server(message) < 0)
		return -1;
	return options.pre_dump ? 0 : outside_leave(message, config, (pid_t)record->pid, places);
}

/* criu waits until somebody has fetched all of the memory; now is when they can begin. */
static int notified(void *what, const char *moment, pid_t pid, int fd)
{
	(void)what, (void)pid, (void)fd;
	if (strcmp(moment, "status-ready") != 0 || !options.status_fd)
		return 0;
	step("write: to --status-fd %d: memory can be fetched", (int)options.status_fd);
	int result = write((int)options.status_fd, "", 1) == 1 ? 0 : fail_errno();
	close((int)options.status_fd);
	return result;
}

static int dump(const struct record *record, const struct config *config,
	const struct criu_places *places)
{
	struct criu_service service = {
		.request = options.pre_dump ? CRIU_PRE_DUMP : CRIU_DUMP,
		.places = places,
		.notified = notified,
	};
	if (protobuf_begin(&service.options) < 0)
		return -1;
	if (add_container(&service.options, record, config, places) < 0) {
		protobuf_free(&service.options);
		return -1;
	}
	return criu_run(&service);
}

/* criu has killed the processes by then; what there was around them goes, too. */
static int dump_and_delete(const struct record *record, struct criu_places *places)
{
	struct config *config = record_config(record);
	_cleanup_free char *workshop = record_path(record);
	places->workshop = workshop;
	int result = workshop && config ? dump(record, config, places) : -1;
	config_free(config);
	if (result < 0 || options.leave_running || options.pre_dump)
		return result;
	return delete_container(record, NULL);
}

static int checkpoint(char **operands)
{
	struct record record;
	struct criu_places places = {.images = -1, .work = -1};
	int result = record_open(&record, operands[0], true);
	if (result == 0)
		result = check_status(&record);
	if (result == 0)
		result = criu_check();
	if (result == 0)
		result = criu_places_open(&places, &options, true);
	if (result == 0)
		result = dump_and_delete(&record, &places);
	criu_places_close(&places);
	record_close(&record);
	return result < 0 ? error_report() : 0;
}

static const struct flag_group groups[] = {{criu_flags, &options},
	{criu_checkpoint_flags, &options}, {}};

const struct verb verb_checkpoint = {
	.name = "checkpoint",
	.run = checkpoint,
	.summary = "save a running container in files, and stop it",
	.usage = "checkpoint [options] ID",
	.about = "Saves the processes of the container ID, with all they have in memory, in\n"
		 "files, by the program criu. The container is deleted then, unless it shall\n"
		 "run on; restore makes it again.",
	.groups = groups,
	.operands = 1,
};
