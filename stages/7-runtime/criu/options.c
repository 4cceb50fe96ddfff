/*
 * The words are runc's, and so are the defaults: an engine passes them on as its user gave them.
 *
 * What must hold: an option that is accepted is done. What cooper cannot do with criu is refused by
 * its name, while nothing has been made.
 */
#include "7-runtime/criu/options.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "7-runtime/criu/fields.h"
#include "7-runtime/criu/workshop.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

enum { LOG_LEVEL = 4, MOST_PORT = 65535 };

static const struct {
	const char *name;
	uint64_t value;
} cgroup_modes[] = {
	{"soft", CGROUP_MODE_SOFT},
	{"full", CGROUP_MODE_FULL},
	{"strict", CGROUP_MODE_STRICT},
	{"ignore", CGROUP_MODE_IGNORE},
};

enum { CGROUP_MODES = sizeof(cgroup_modes) / sizeof(*cgroup_modes) };

static int read_cgroup_mode(const char *flag, const char *value, void *target)
{
	for (size_t i = 0; i < CGROUP_MODES; i++)
		if (!strcmp(value, cgroup_modes[i].name))
			return flag_text(flag, value, target);
	return fail("%s: expected soft, full, strict or ignore, found \"%s\"", flag, value);
}

/* The network namespace comes back empty in any case: whoever made its links makes them again. */
static int read_empty_namespace(const char *flag, const char *value, void *target)
{
	(void)target;
	return strcmp(value, "network") == 0
		       ? 0
		       : fail("%s: expected network, found \"%s\"", flag, value);
}

static int read_parent(const char *flag, const char *value, void *target)
{
	if (*value == '/')
		return fail("%s: expected a path relative to the images, found \"%s\"", flag,
			value);
	return flag_text(flag, value, target);
}

static int read_page_server(const char *flag, const char *value, void *target)
{
	typeof(((struct criu_options *)NULL)->page_server) *server = target;
	const char *colon = strrchr(value, ':');
	if (!colon || colon == value)
		return fail("%s: expected ADDRESS:PORT, found \"%s\"", flag, value);
	char *address = strndup(value, (size_t)(colon - value));
	if (!address)
		return fail("out of memory");
	server->address = address;
	return text_number(flag, colon + 1, 1, MOST_PORT, &server->port);
}

/* Found out before anything is stopped: that nobody could be told. */
static int read_status_fd(const char *flag, const char *value, void *target)
{
	int64_t *fd = target;
	if (text_number(flag, value, 1, INT_MAX, fd) < 0)
		return -1;
	int mode = fcntl((int)*fd, F_GETFL);
	if (mode < 0 || (mode & O_ACCMODE) == O_RDONLY)
		return fail("%s: %s is no file descriptor that is open for writing", flag, value);
	return 0;
}

#define AT(member) offsetof(struct criu_options, member)

const struct flag criu_flags[] = {
	{"image-path", "DIR", "where the images are; default: checkpoint", flag_text,
		AT(image_path)},
	{"work-path", "DIR", "where criu's log goes; default: beside the images", flag_text,
		AT(work_path)},
	{"tcp-established", NULL, "also with open TCP connections", flag_switch,
		AT(tcp_established)},
	{"ext-unix-sk", NULL, "also with unix sockets that lead outside", flag_switch,
		AT(ext_unix_sk)},
	{"shell-job", NULL, "also when its terminal is the caller's", flag_switch, AT(shell_job)},
	{"file-locks", NULL, "also with locks on files", flag_switch, AT(file_locks)},
	{"manage-cgroups-mode", "MODE", "soft (default), full, strict or ignore", read_cgroup_mode,
		AT(cgroup_mode)},
	{"empty-ns", "TYPE", "for runc's sake: network, which is always empty",
		read_empty_namespace, AT(nothing)},
	{"auto-dedup", NULL, "keep memory that several images have only once", flag_switch,
		AT(auto_dedup)},
	{"lazy-pages", NULL, "let memory follow when it is used; see criu lazy-pages", flag_switch,
		AT(lazy_pages)},
	{},
};

const struct flag criu_checkpoint_flags[] = {
	{"parent-path", "DIR", "the images of an earlier pre-dump, seen from these", read_parent,
		AT(parent_path)},
	{"leave-running", NULL, "let the container run on", flag_switch, AT(leave_running)},
	{"pre-dump", NULL, "only memory, to make the next one quick; runs on", flag_switch,
		AT(pre_dump)},
	{"tcp-skip-in-flight", NULL, "leave out TCP connections that are just being made",
		flag_switch, AT(tcp_skip_in_flight)},
	{"link-remap", NULL, "give files that were deleted while open a name again", flag_switch,
		AT(link_remap)},
	{"page-server", "ADDRESS:PORT", "send the memory to a criu page-server there",
		read_page_server, AT(page_server)},
	{"status-fd", "FD", "write a NUL to it when --lazy-pages can be asked", read_status_fd,
		AT(status_fd)},
	{},
};

const struct flag criu_restore_flags[] = {
	{"lsm-profile", "TYPE:NAME", "another security profile than it had", flag_text,
		AT(lsm_profile)},
	{"lsm-mount-context", "CONTEXT", "another SELinux context of its mounts than it had",
		flag_text, AT(lsm_mount_context)},
	{"no-pivot", NULL, "for runc's sake: it is criu that enters the root", flag_switch,
		AT(nothing)},
	{"no-subreaper", NULL, "for runc's sake; cooper adopts nobody's processes", flag_switch,
		AT(nothing)},
	{},
};

/* --- the directories -------------------------------------------------------------------------- */

static int open_directory(const char *path, bool make)
{
	if (make && directory_make(path, 0700) < 0)
		return -1;
	step("open: the directory %s", path);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? fail_errno() : fd;
}

static int check_parent(const struct criu_places *places, const char *parent)
{
	if (!parent)
		return 0;
	step("open: --parent-path: %s, seen from the images", parent);
	_cleanup_fd int fd = openat(places->images, parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? fail_errno() : 0;
}

int criu_places_open(struct criu_places *places, const struct criu_options *options, bool make)
{
	const char *images = options->image_path ? options->image_path : "checkpoint";
	*places = (struct criu_places){.images = -1,
		.work = -1,
		.log = make ? "dump.log" : "restore.log",
		.path = options->work_path ? options->work_path : images};
	step_for("--image-path");
	places->images = open_directory(images, make);
	if (places->images < 0)
		return -1;
	if (!make && !file_exists(places->images, "inventory.img"))
		return fail("%s: there is no checkpoint in this directory", images);
	step_for(options->work_path ? "--work-path" : "--image-path");
	places->work = open_directory(places->path, true);
	if (places->work < 0)
		return -1;
	step_for(NULL);
	return check_parent(places, options->parent_path);
}

void criu_places_close(struct criu_places *places)
{
	if (places->images >= 0)
		close(steal_fd(&places->images));
	if (places->work >= 0)
		close(steal_fd(&places->work));
}

/* --- as criu has them ------------------------------------------------------------------------- */

static uint64_t cgroup_mode(const char *name)
{
	for (size_t i = 0; name && i < CGROUP_MODES; i++)
		if (!strcmp(name, cgroup_modes[i].name))
			return cgroup_modes[i].value;
	return CGROUP_MODE_DEFAULT;
}

int criu_options_add(struct protobuf *message, const struct criu_options *options,
	const struct criu_places *places)
{
	_cleanup_free char *yard = text_format("%s/" WORKSHOP_CGROUPS, places->workshop);
	if (!yard)
		return -1;
	protobuf_add_text(message, OPTION_CGROUP_YARD, yard);
	protobuf_add_number(message, OPTION_IMAGES, (uint64_t)places->images);
	protobuf_add_number(message, OPTION_WORK, (uint64_t)places->work);
	protobuf_add_number(message, OPTION_LOG_LEVEL, LOG_LEVEL);
	protobuf_add_text(message, OPTION_LOG_FILE, places->log);
	protobuf_add_switch(message, OPTION_NOTIFY, true);
	protobuf_add_switch(message, OPTION_EVASIVE_DEVICES, true);
	protobuf_add_switch(message, OPTION_ORPHAN_TERMINAL, true);
	protobuf_add_switch(message, OPTION_TCP_ESTABLISHED, options->tcp_established);
	protobuf_add_switch(message, OPTION_TCP_SKIP_IN_FLIGHT, options->tcp_skip_in_flight);
	protobuf_add_switch(message, OPTION_EXTERNAL_UNIX_SOCKETS, options->ext_unix_sk);
	protobuf_add_switch(message, OPTION_SHELL_JOB, options->shell_job);
	protobuf_add_switch(message, OPTION_FILE_LOCKS, options->file_locks);
	protobuf_add_switch(message, OPTION_LINK_REMAP, options->link_remap);
	protobuf_add_switch(message, OPTION_AUTO_DEDUP, options->auto_dedup);
	protobuf_add_switch(message, OPTION_LAZY_PAGES, options->lazy_pages);
	protobuf_add_switch(message, OPTION_MANAGE_CGROUPS, true);
	protobuf_add_number(message, OPTION_CGROUP_MODE, cgroup_mode(options->cgroup_mode));
	protobuf_add_number(message, OPTION_EMPTY_NAMESPACES, CLONE_NEWNET);
	protobuf_add_text(message, OPTION_LSM_PROFILE, options->lsm_profile);
	protobuf_add_text(message, OPTION_LSM_MOUNT_CONTEXT, options->lsm_mount_context);
	return 0;
}
