/*
 * Several commands share what they know of a container through the disk, and each may be killed at
 * any point.
 *
 * What must hold: what is made on the host is on record before it is made, so that delete --force
 * finds it. The record is replaced in one rename, never changed in place. One command at a time
 * works on a container: it holds a lock on the directory, but not while it waits for a program of
 * somebody else's (a hook, the init on its way), which may never end. And a pid means nothing
 * without the time at which that process started, since the kernel uses pids again.
 */
#include "7-runtime/record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "6-oci/arena.h"
#include "6-oci/decode.h"
#include "6-oci/json.h"
#include "6-oci/load.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"
#include "common/utf8.h"

enum { LOCK_MOST = 20000, LOCK_LOOK = 5 }; /* milliseconds */

static const char *given_root;

void record_set_root(const char *root)
{
	given_root = root;
}

static const char *root_path(void)
{
	static char path[PATH_MAX];
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	if (given_root)
		return given_root;
	if (geteuid() == 0 || !runtime || !*runtime)
		return "/run/cooper";
	snprintf(path, sizeof(path), "%s/cooper", runtime);
	return path;
}

static const char *root_name(void)
{
	return given_root ? "the state directory, --root" : "the state directory";
}

static int open_root(void)
{
	step("open: %s %s", root_name(), root_path());
	return open(root_path(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int record_check_id(const char *id)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+-.";
	size_t length = strlen(id);
	if (length > 0 && length <= NAME_MAX && strspn(id, allowed) == length &&
		strcmp(id, ".") != 0 && strcmp(id, "..") != 0)
		return 0;
	errno = EINVAL;
	fail("invalid container id \"%.64s\"", id);
	return fail_hint("an id has letters, digits and _ + - . and at most %d of them", NAME_MAX);
}

int record_check_path(const char *path)
{
	for (size_t length; *path; path += length) {
		length = utf8_length(path);
		if (length == 0)
			return fail("the path is no UTF-8, which the container's state is "
				    "written in");
	}
	return 0;
}

/* What one command does with the lock is soon done; should it hang, the others are not to. */
static int take_turn(const struct record *record)
{
	step("flock: the record of %s", record->id);
	for (int waited = 0; flock(record->directory, LOCK_EX | LOCK_NB) < 0; waited += LOCK_LOOK) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return fail_errno();
		if (waited >= LOCK_MOST) {
			fail("container \"%s\" is busy: another command is at work on it",
				record->id);
			return fail_hint("see ps -C cooper; end it, or try again");
		}
		nanosleep(&(struct timespec){.tv_nsec = LOCK_LOOK * 1000000L}, NULL);
	}
	return 0;
}

/* Whoever waited for the lock may find that the container has been deleted meanwhile. */
int record_lock(const struct record *record)
{
	struct stat info;
	if (take_turn(record) < 0)
		return -1;
	if (fstat(record->directory, &info) < 0)
		return fail_errno();
	if (info.st_nlink == 0) {
		errno = ENOENT;
		return fail("container \"%s\" does not exist", record->id);
	}
	/* It names what is to be killed and removed: with root's powers, who wrote it matters. */
	if (info.st_uid != geteuid()) {
		errno = EPERM;
		return fail("the record of \"%s\" belongs to the user %u", record->id, info.st_uid);
	}
	return 0;
}

/* One of another PID namespace, or none at all, would call every process dead. */
static int check_proc(void)
{
	char own[16], found[16] = "";
	snprintf(own, sizeof(own), "%d", getpid());
	if (readlink("/proc/self", found, sizeof(found) - 1) > 0 && !strcmp(own, found))
		return 0;
	errno = ENXIO;
	fail("/proc does not show this process");
	return fail_hint("mount -t proc proc /proc; without it nothing is known of processes");
}

static int begin(struct record *record, const char *id)
{
	*record = (struct record){.directory = -1};
	if (record_check_id(id) < 0 || check_proc() < 0)
		return -1;
	record->arena = arena_make();
	if (!record->arena)
		return -1;
	record->id = arena_copy(record->arena, id);
	return 0;
}

int record_claim(struct record *record, const char *id)
{
	if (begin(record, id) < 0 || directory_make(root_path(), 0700) < 0)
		return -1;
	_cleanup_fd int root = open_root();
	if (root < 0)
		return fail_errno();
	step("mkdir: claim the id %s", id);
	if (mkdirat(root, id, 0700) < 0)
		return errno == EEXIST ? fail("container with id \"%s\" already exists", id)
				       : fail_errno();
	step("open: the record of %s", id);
	record->directory = openat(root, id, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return record->directory < 0 ? fail_errno() : record_lock(record);
}

#define AT(member) offsetof(struct record, member)

static const struct property record_rows[] = {
	{"id", STRING, AT(id), 0, REQUIRED},
	{"bundle", STRING, AT(bundle), 0, REQUIRED},
	{"rootfs", STRING, AT(rootfs), 0, REQUIRED},
	{"cgroup", STRING, AT(cgroup)},
	{"scope", STRING, AT(scope)},
	{"resctrl", STRING, AT(resctrl)},
	{"resctrlMonitor", STRING, AT(resctrl_monitor)},
	{"created", STRING, AT(created), 0, REQUIRED},
	{"owner", INT64, AT(owner)},
	{"pid", INT64, AT(pid), .low = 0, .high = INT32_MAX},
	{"startTime", UINT64, AT(start_time)},
	{"noNewKeyring", BOOLEAN, AT(no_new_keyring)},
	{"complete", BOOLEAN, AT(complete)},
	{"annotations", STRING, AT(annotations), 0, MAP},
	{},
};

static const struct object_table record_table = {sizeof(struct record), record_rows};

int record_set_cgroup(struct record *record, const char *path)
{
	record->cgroup = arena_copy(record->arena, path);
	step("symlink: where its cgroup is, beside the record of %s", record->id);
	if (symlinkat(path, record->directory, "cgroup") < 0 && errno != EEXIST)
		return fail_errno();
	return 0;
}

static int recall_cgroup(struct record *record)
{
	char path[PATH_MAX];
	step("readlink: where the cgroup of %s is", record->id);
	ssize_t length = readlinkat(record->directory, "cgroup", path, sizeof(path) - 1);
	if (length < 0)
		return errno == ENOENT ? 0 : fail_errno();
	path[length] = '\0';
	record->cgroup = arena_copy(record->arena, path);
	return 0;
}

int record_save(const struct record *record)
{
	_cleanup_free char *text = record_text(record);
	return text ? file_replace_keeping(record->directory, "state.json", text, 0600) : -1;
}

/* What is wrong with this process, or the disk, says nothing of what is in the record. */
static bool is_passing(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == EIO;
}

int record_decode(struct record *record, struct json_object *json, const char *file)
{
	struct config_errors errors = {};
	struct decoder decoder = {.arena = record->arena, .errors = &errors, .stage = STAGE_ANY};
	decode(&decoder, json, &record_table, record);
	int result = errors.count ? config_errors_fail(&errors, file) : 0;
	config_errors_free(&errors);
	return result;
}

static int load_from(struct record *record, const char *file)
{
	errno = 0;
	struct json_object *json = json_read(record->directory, file, file, NULL);
	char *id = record->id;
	int result = json ? record_decode(record, json, file) : -1;
	json_object_put(json);
	if (result == 0 && strcmp(record->id, id) != 0)
		result = fail("%s: id: it is another container's, \"%.64s\"", file, record->id);
	record->id = id;
	return result;
}

/* A claim whose creator was killed before it wrote anything has no state.json. */
static int load(struct record *record)
{
	if (!file_exists(record->directory, "state.json") &&
		!file_exists(record->directory, "state.json.before"))
		return recall_cgroup(record);
	if (load_from(record, "state.json") == 0)
		return 0;
	if (is_passing(errno)) {
		close(steal_fd(&record->directory));
		return -1;
	}
	return fail_hint("delete --force %s removes it, as far as the record before it tells",
		record->id);
}

int record_salvage(struct record *record)
{
	const struct record nothing = {.id = record->id,
		.arena = record->arena,
		.directory = record->directory};
	*record = nothing;
	if (load_from(record, "state.json.before") == 0)
		return 0;
	if (is_passing(errno))
		return -1;
	_cleanup_free char *why = strdup(error_message());
	error_clear();
	*record = nothing;
	if (recall_cgroup(record) < 0)
		return -1;
	warn("%s; %s", why ? why : "",
		record->cgroup ? "its cgroup is known, and all in it goes"
			       : "look for cgroups named after it, and processes in them");
	return 0;
}

int record_open(struct record *record, const char *id, bool locked)
{
	if (begin(record, id) < 0)
		return -1;
	_cleanup_fd int root = open_root();
	if (root < 0 && errno != ENOENT)
		return fail_errno();
	step("open: the record of %s", id);
	record->directory =
		root < 0 ? -1 : openat(root, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (record->directory < 0)
		return errno == ENOENT ? fail("container \"%s\" does not exist", id) : fail_errno();
	if (!locked || record_lock(record) == 0)
		return load(record);
	int saved = errno;
	close(steal_fd(&record->directory));
	errno = saved;
	return -1;
}

char *record_path(const struct record *record)
{
	_cleanup_free char *path = text_format("%s/%s", root_path(), record->id);
	step("realpath: %s", path ? path : "");
	char *resolved = path ? realpath(path, NULL) : NULL;
	if (path && !resolved)
		fail_errno();
	return resolved;
}

/* The directory last: while it is there the id is taken. */
int record_forget(const struct record *record)
{
	static const char *const files[] = {"exec.fifo", "config.json", "config.json.new", "cgroup",
		"state.json.before", "state.json"};
	step("unlink: the record of %s", record->id);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (unlinkat(record->directory, files[i], 0) < 0 && errno != ENOENT)
			return fail_errno();
	_cleanup_fd int root = open_root();
	step("rmdir: give the id %s back", record->id);
	if (root < 0 || unlinkat(root, record->id, AT_REMOVEDIR) < 0)
		return fail_errno();
	return 0;
}

void record_close(struct record *record)
{
	if (record->directory >= 0)
		close(steal_fd(&record->directory));
	arena_free(record->arena);
	record->arena = NULL;
}

int record_unlock(const struct record *record)
{
	step("flock: let others at the record of %s", record->id);
	return flock(record->directory, LOCK_UN) < 0 ? fail_errno() : 0;
}

/* What is read only in part could say less of the container than what holds it. */
struct config *record_config(const struct record *record)
{
	struct config_errors errors = {};
	struct json_object *json = json_read(record->directory, "config.json", "config.json", NULL);
	struct config *config = json ? config_decode(json, STAGE_ANY, &errors) : NULL;
	json_object_put(json);
	if (errors.count > 0) {
		config_errors_fail(&errors, "config.json");
		config_free(config);
		config = NULL;
	}
	config_errors_free(&errors);
	if (!config)
		fail_hint("this is the copy that create made of it, beside state.json; kill and "
			  "delete do without it");
	return config;
}

static int is_id(const struct dirent *entry)
{
	return entry->d_name[0] != '.' || record_check_id(entry->d_name) == 0;
}

int record_each(int (*each)(const char *id, void *what), void *what)
{
	struct dirent **entries;
	step("scandir: %s %s", root_name(), root_path());
	int count = scandir(root_path(), &entries, is_id, alphasort), result = 0;
	error_clear();
	if (count < 0)
		return errno == ENOENT ? 0 : fail_errno();
	for (int i = 0; i < count; i++) {
		if (result == 0)
			result = each(entries[i]->d_name, what);
		free(entries[i]);
	}
	free(entries);
	return result;
}

int record_open_cgroup(const struct record *record, const char *path, struct cgroup *cgroup)
{
	if (cgroup_open(cgroup, path) < 0)
		return -1;
	if (cgroup->in.count > 0)
		return 0;
	fail("no cgroups are mounted here, but the container has one");
	return fail_hint("mount them again, on /sys/fs/cgroup: it is %s there", record->cgroup);
}
