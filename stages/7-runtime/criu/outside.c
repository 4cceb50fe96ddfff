/*
 * criu saves what it finds in the container, and makes it again. A bind mount, a mask, a namespace
 * that was joined, a pipe to whoever started it: of these one end belongs to somebody else. At the
 * checkpoint each gets a name in the images; at the restore criu is told what has that name now.
 *
 * What must hold: both sides agree on the names. A bind mount has its destination in config.json, a
 * mask what it hides behind, a namespace its kind, a stream what /proc calls it; those of the
 * streams are put on record in descriptors.json, since nobody could know them later.
 */
#include "7-runtime/criu/outside.h"

#include <fcntl.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "3-rootfs/device.h"
#include "3-rootfs/inside.h"
#include "6-oci/json.h"
#include "7-runtime/criu/fields.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/quote.h"
#include "common/step.h"
#include "common/text.h"

static const char streams_file[] = "descriptors.json";

enum { STREAMS = 3, EXTERNAL_SIZE = 96 };

/* --- mounts: away ----------------------------------------------------------------------------- */

static int add_mount(struct protobuf *options, const char *key, const char *value)
{
	struct protobuf mount;
	if (protobuf_begin(&mount) < 0)
		return -1;
	protobuf_add_text(&mount, EXTERNAL_MOUNT_KEY, key);
	protobuf_add_text(&mount, EXTERNAL_MOUNT_VALUE, value);
	return protobuf_add_message(options, OPTION_EXTERNAL_MOUNT, &mount);
}

/* Where links inside lead, in the container's own words: what its mountinfo calls the place. */
static bool find_place(int root, const char *path, bool *mounted, char place[PATH_MAX])
{
	char link[32];
	struct statx info;
	step("openat2: %s, in the container", path);
	_cleanup_fd int fd = inside_open(root, path, O_PATH);
	if (fd < 0 || statx(fd, "", AT_EMPTY_PATH, STATX_TYPE, &info) < 0)
		return false;
	*mounted = (info.stx_attributes & STATX_ATTR_MOUNT_ROOT) && !S_ISDIR(info.stx_mode);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, place, PATH_MAX - 1);
	if (length < 0)
		return false;
	place[length] = '\0';
	return true;
}

static int leave_bind_mounts(struct protobuf *options, const struct config *config, int root)
{
	char place[PATH_MAX];
	bool mounted;
	for (size_t i = 0; i < config->mounts.count; i++) {
		const struct config_mount *mount = &config->mounts.items[i];
		if (mount->type && strcmp(mount->type, "bind") != 0)
			continue;
		step_for("mounts[%zu]", i);
		if (!find_place(root, mount->destination, &mounted, place))
			return fail_errno();
		if (add_mount(options, place, mount->destination) < 0)
			return -1;
	}
	step_for(NULL);
	return 0;
}

/* A file that something is mounted on: a mask, or a node of the host's in place of a new one. */
static int leave_file(struct protobuf *options, int root, const char *path, const char *value)
{
	char place[PATH_MAX];
	bool mounted = false;
	return find_place(root, path, &mounted, place) && mounted ? add_mount(options, place, value)
								  : 0;
}

static int leave_files(struct protobuf *options, const struct config *config, int root)
{
	const struct config_strings *masked = &config->linux.masked_paths;
	for (size_t i = 0; i < masked->count; i++)
		if (leave_file(options, root, masked->items[i], "/dev/null") < 0)
			return -1;
	for (const struct device *device = device_standard; device->path; device++)
		if (leave_file(options, root, device->path, device->path) < 0)
			return -1;
	for (size_t i = 0; i < config->linux.devices.count; i++) {
		const char *path = config->linux.devices.items[i].path;
		if (leave_file(options, root, path, path) < 0)
			return -1;
	}
	return 0;
}

/* --- namespaces ------------------------------------------------------------------------------- */

/* criu's word for the kind, that of /proc/PID/ns; @key: it can keep one open for us. */
static const struct namespace_kind {
	uint64_t type;
	const char *name, *key;
	bool joins;
} kinds[] = {
	{CLONE_NEWNET, "net", "extRootNetNS", false},
	{CLONE_NEWPID, "pid", "extRootPidNS", false},
	{CLONE_NEWUTS, "uts", NULL, true},
	{CLONE_NEWIPC, "ipc", NULL, true},
	{CLONE_NEWUSER, "user", NULL, true},
	{CLONE_NEWTIME, "time", NULL, true},
	{CLONE_NEWNS, "mnt", NULL, false},
	{CLONE_NEWCGROUP, "cgroup", NULL, false},
	{},
};

static const struct namespace_kind *kind_of(const struct config_namespace *namespace)
{
	const struct namespace_kind *kind = kinds;
	while (kind->name && kind->type != namespace->type->value)
		kind++;
	return kind;
}

static int leave_namespace(struct protobuf *options, const struct config_namespace *namespace)
{
	char external[EXTERNAL_SIZE];
	struct stat info;
	const struct namespace_kind *kind = kind_of(namespace);
	if (!namespace->path || (!kind->key && kind->joins))
		return 0;
	if (!kind->key)
		return fail("criu cannot restore a process in a joined %s namespace", kind->name);
	step("stat: the namespace %s", namespace->path);
	if (stat(namespace->path, &info) < 0)
		return fail_errno();
	snprintf(external, sizeof(external), "%s[%ju]:%s", kind->name, (uintmax_t)info.st_ino,
		kind->key);
	protobuf_add_text(options, OPTION_EXTERNAL, external);
	return 0;
}

static int inherit(struct protobuf *options, const char *key, int fd)
{
	struct protobuf pair;
	if (protobuf_begin(&pair) < 0)
		return -1;
	protobuf_add_text(&pair, INHERIT_FD_KEY, key);
	protobuf_add_number(&pair, INHERIT_FD_NUMBER, (uint64_t)fd);
	return protobuf_add_message(options, OPTION_INHERIT_FD, &pair);
}

static int join(struct protobuf *options, const char *name, const char *path)
{
	struct protobuf pair;
	if (protobuf_begin(&pair) < 0)
		return -1;
	protobuf_add_text(&pair, JOIN_NAMESPACE_NAME, name);
	protobuf_add_text(&pair, JOIN_NAMESPACE_FILE, path);
	return protobuf_add_message(options, OPTION_JOIN_NAMESPACE, &pair);
}

static int bring_namespace(struct outside *outside, struct protobuf *options,
	const struct config_namespace *namespace)
{
	const struct namespace_kind *kind = kind_of(namespace);
	if (!namespace->path)
		return 0;
	if (kind->joins)
		return join(options, kind->name, namespace->path);
	if (!kind->key || outside->count == OUTSIDE_FILES_MOST)
		return fail("criu cannot restore a process in a joined %s namespace", kind->name);
	step("open: the namespace %s", namespace->path);
	int fd = open(namespace->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno();
	outside->files[outside->count++] = fd;
	return inherit(options, kind->key, fd);
}

/* --- the standard streams --------------------------------------------------------------------- */

/* The first number of the first line of /proc/PID/@file that @format reads; 0 if there is none. */
static unsigned find_mount(pid_t pid, const char *file, const char *format, unsigned wanted)
{
	_cleanup_free char *path = text_format("/proc/%d/%s", pid, file), *line = NULL;
	_cleanup_stream FILE *in = path ? fopen(path, "re") : NULL;
	size_t size = 0;
	unsigned number;
	while (in && getline(&line, &size, in) > 0)
		/* NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers */
		if (sscanf(line, format, &number) == 1 && (!wanted || number == wanted))
			return number;
	return 0;
}

/* A file of the host's that is on no mount of the container's: criu could not find it again. */
static int name_outside_file(pid_t init, int fd, char name[PATH_MAX])
{
	char path[32];
	struct stat info;
	snprintf(path, sizeof(path), "fdinfo/%d", fd);
	unsigned mount = find_mount(init, path, "mnt_id: %u", 0);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", init, fd);
	if (*name != '/' || find_mount(init, "mountinfo", "%u", mount) || stat(path, &info) < 0)
		return 0;
	snprintf(name, PATH_MAX, "file[%x:%" PRIx64 "]", mount, (uint64_t)info.st_ino);
	return 1;
}

/* "pipe:[1234]", a path, or criu's name for a file that is outside. */
static int leave_stream(struct protobuf *options, pid_t init, int fd, char name[PATH_MAX])
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", init, fd);
	step("readlink: %s, a stream of the container's", path);
	ssize_t length = readlink(path, name, PATH_MAX - 1);
	name[length < 0 ? 0 : length] = '\0';
	if (name_outside_file(init, fd, name))
		protobuf_add_text(options, OPTION_EXTERNAL, name);
	return 0;
}

static int leave_streams(struct protobuf *options, pid_t init, int images)
{
	char *text = NULL, name[PATH_MAX];
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return fail("out of memory");
	for (int fd = 0; fd < STREAMS; fd++) {
		leave_stream(options, init, fd, name);
		putc(fd ? ',' : '[', out);
		quote_json(out, name);
	}
	putc(']', out);
	_cleanup_free char *whole = fclose(out) == 0 ? text : NULL;
	return whole ? file_replace(images, streams_file, whole, 0600) : fail("out of memory");
}

static int bring_streams(struct protobuf *options, int images)
{
	struct json_object *names = json_read(images, streams_file, streams_file, NULL);
	int result = names ? 0 : -1;
	if (names && !json_object_is_type(names, json_type_array))
		result = fail("%s: expected a list of names", streams_file);
	for (int fd = 0; result == 0 && fd < STREAMS; fd++) {
		const char *name = json_object_get_string(
			json_object_array_get_idx(names, (size_t)fd));
		if (name && (!strncmp(name, "pipe:", 5) || !strncmp(name, "file[", 5)))
			result = inherit(options, name, fd);
	}
	json_object_put(names);
	return result;
}

/* --- all of it -------------------------------------------------------------------------------- */

int outside_leave(struct protobuf *options, const struct config *config, pid_t init,
	const struct criu_places *places)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/%d/root", init);
	step("open: %s", path);
	_cleanup_fd int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return fail_errno();
	for (size_t i = 0; i < config->linux.namespaces.count; i++) {
		step_for("linux.namespaces[%zu]", i);
		if (leave_namespace(options, &config->linux.namespaces.items[i]) < 0)
			return -1;
	}
	step_for(NULL);
	if (leave_bind_mounts(options, config, root) < 0 || leave_files(options, config, root) < 0)
		return -1;
	return leave_streams(options, init, places->images);
}

static int bring_bind_mount(struct protobuf *options, const struct config_mount *mount,
	const char *bundle)
{
	if (mount->type && strcmp(mount->type, "bind") != 0)
		return 0;
	bool absolute = *mount->source == '/';
	_cleanup_free char *source =
		text_format("%s%s%s", absolute ? "" : bundle, absolute ? "" : "/", mount->source);
	return source ? add_mount(options, mount->destination, source) : -1;
}

static int bring_files(struct protobuf *options, const struct config *config)
{
	for (const struct device *device = device_standard; device->path; device++)
		if (add_mount(options, device->path, device->path) < 0)
			return -1;
	for (size_t i = 0; i < config->linux.devices.count; i++) {
		const char *path = config->linux.devices.items[i].path;
		if (add_mount(options, path, path) < 0)
			return -1;
	}
	return 0;
}

int outside_bring(struct outside *outside, struct protobuf *options, const struct config *config,
	const char *bundle, const struct criu_places *places)
{
	for (size_t i = 0; i < config->linux.namespaces.count; i++) {
		step_for("linux.namespaces[%zu]", i);
		if (bring_namespace(outside, options, &config->linux.namespaces.items[i]) < 0)
			return -1;
	}
	step_for(NULL);
	for (size_t i = 0; i < config->mounts.count; i++)
		if (bring_bind_mount(options, &config->mounts.items[i], bundle) < 0)
			return -1;
	return bring_files(options, config) < 0 ? -1 : bring_streams(options, places->images);
}

void outside_close(struct outside *outside)
{
	while (outside->count > 0)
		close(outside->files[--outside->count]);
}
