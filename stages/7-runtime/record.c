/*
 * Several commands share what they know of a container through the disk, and each may be killed at
 * any point.
 *
 * What must hold: what is made on the host is on record before it is made, so that delete --force
 * finds it. The record is replaced in one rename, never changed in place. One command at a time
 * works on a container: it holds a lock on the directory. And a pid means nothing without the time
 * at which that process started, since the kernel uses pids again.
 */
#include "7-runtime/record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "6-oci/arena.h"
#include "6-oci/decode.h"
#include "6-oci/json.h"
#include "6-oci/load.h"
#include "7-runtime/resources/freezer.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/quote.h"
#include "common/step.h"
#include "common/text.h"

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

static int open_root(void)
{
	step("open: the state directory %s", root_path());
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
	fail("invalid container id \"%.64s\"", id);
	return fail_hint("an id has letters, digits and _ + - . and at most %d of them", NAME_MAX);
}

/* Whoever waited for the lock may find that the container has been deleted meanwhile. */
static int lock(const struct record *record)
{
	struct stat info;
	step("flock: the record of %s", record->id);
	if (flock(record->directory, LOCK_EX) < 0 || fstat(record->directory, &info) < 0)
		return fail_errno();
	if (info.st_nlink > 0)
		return 0;
	errno = ENOENT;
	return fail("container \"%s\" does not exist", record->id);
}

static int begin(struct record *record, const char *id)
{
	*record = (struct record){.directory = -1};
	if (record_check_id(id) < 0)
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
	return record->directory < 0 ? fail_errno() : lock(record);
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

static void print_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, ",\n  \"%s\": ", name);
	quote_json(out, text);
}

static void print_annotations(FILE *out, const struct config_pairs *annotations)
{
	if (annotations->count == 0)
		return;
	fprintf(out, ",\n  \"annotations\": {");
	for (size_t i = 0; i < annotations->count; i++) {
		fprintf(out, "%s\n    ", i ? "," : "");
		quote_json(out, annotations->items[i].key);
		fprintf(out, ": ");
		quote_json(out, annotations->items[i].value);
	}
	fprintf(out, "\n  }");
}

/* Closes a memory stream; its text, or NULL with the error set. */
static char *finish(FILE *out, char **text)
{
	if (fclose(out) == 0)
		return *text;
	free(*text);
	fail("out of memory");
	return NULL;
}

char *record_text(const struct record *record)
{
	char *memory = NULL;
	size_t size;
	FILE *out = open_memstream(&memory, &size);
	if (!out) {
		fail("out of memory");
		return NULL;
	}
	fprintf(out, "{\n  \"id\": ");
	quote_json(out, record->id);
	print_text(out, "bundle", record->bundle);
	print_text(out, "rootfs", record->rootfs);
	if (record->cgroup)
		print_text(out, "cgroup", record->cgroup);
	if (record->scope)
		print_text(out, "scope", record->scope);
	if (record->resctrl)
		print_text(out, "resctrl", record->resctrl);
	if (record->resctrl_monitor)
		print_text(out, "resctrlMonitor", record->resctrl_monitor);
	print_text(out, "created", record->created);
	fprintf(out,
		",\n  \"owner\": %" PRId64 ",\n  \"pid\": %" PRId64 ",\n  \"startTime\": %" PRIu64,
		record->owner, record->pid, record->start_time);
	fprintf(out, ",\n  \"noNewKeyring\": %s", record->no_new_keyring ? "true" : "false");
	fprintf(out, ",\n  \"complete\": %s", record->complete ? "true" : "false");
	print_annotations(out, &record->annotations);
	fprintf(out, "\n}\n");
	return finish(out, &memory);
}

int record_save(const struct record *record)
{
	_cleanup_free char *text = record_text(record);
	return text ? file_replace(record->directory, "state.json", text, 0600) : -1;
}

int record_decode(struct record *record, struct json_object *json)
{
	struct config_errors errors = {};
	struct decoder decoder = {.arena = record->arena, .errors = &errors, .stage = STAGE_ANY};
	decode(&decoder, json, &record_table, record);
	int result = errors.count ? config_errors_fail(&errors, "state.json") : 0;
	config_errors_free(&errors);
	return result;
}

/* A claim whose creator was killed before it wrote anything has no state.json. */
static int load(struct record *record)
{
	if (!file_exists(record->directory, "state.json"))
		return 0;
	struct json_object *json = json_read(record->directory, "state.json", "state.json", NULL);
	int result = json ? record_decode(record, json) : -1;
	json_object_put(json);
	return result;
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
	if (locked && lock(record) < 0)
		return -1;
	return load(record);
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
	static const char *const files[] = {"exec.fifo", "config.json", "config.json.new",
		"state.json.new", "state.json"};
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

struct config *record_config(const struct record *record)
{
	struct config_errors errors = {};
	struct json_object *json = NULL;
	if (file_exists(record->directory, "config.json"))
		json = json_read(record->directory, "config.json", "config.json", NULL);
	struct config *config = json ? config_decode(json, STAGE_ANY, &errors) : NULL;
	json_object_put(json);
	config_errors_free(&errors);
	error_clear();
	return config;
}

static int is_id(const struct dirent *entry)
{
	return entry->d_name[0] != '.' || record_check_id(entry->d_name) == 0;
}

int record_each(int (*each)(const char *id, void *what), void *what)
{
	struct dirent **entries;
	step("scandir: the state directory %s", root_path());
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

/* That there is no such process is an answer, no error; one that is set stays. */
static bool read_stat(pid_t pid, char *state, uint64_t *start)
{
	char path[32], text[1024];
	unsigned long long ticks;
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	_cleanup_fd int fd = pid > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (length <= 0)
		return false;
	text[length] = '\0';
	/* The name of the program stands in brackets, and may have brackets and blanks in it. */
	const char *rest = strrchr(text, ')');
	if (!rest ||
		sscanf(rest + 1,
			" %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d "
			"%*d %llu",
			state, &ticks) != 2)
		return false;
	*start = ticks;
	return true;
}

uint64_t record_start_time(pid_t pid)
{
	char state;
	uint64_t start;
	return read_stat(pid, &state, &start) && state != 'Z' && state != 'X' ? start : 0;
}

bool record_is_stopped_by_signal(const struct record *record)
{
	char state;
	uint64_t start;
	return read_stat((pid_t)record->pid, &state, &start) && state == 'T';
}

/* (The library's look-up by name services is not for a static program.) */
const char *record_owner(const struct record *record, char name[RECORD_OWNER_SIZE])
{
	_cleanup_stream FILE *users = fopen("/etc/passwd", "re");
	const struct passwd *user;
	snprintf(name, RECORD_OWNER_SIZE, "%" PRId64, record->owner);
	while (users && (user = fgetpwent(users)))
		if (user->pw_uid == record->owner) {
			snprintf(name, RECORD_OWNER_SIZE, "%s", user->pw_name);
			break;
		}
	return name;
}

static bool is_paused(const struct record *record)
{
	struct cgroup cgroup;
	bool paused = record->cgroup && cgroup_open(&cgroup, record->cgroup) == 0 &&
		      freezer_is_set(&cgroup);
	if (record->cgroup)
		cgroup_close(&cgroup);
	error_clear();
	return paused;
}

enum status record_status(const struct record *record)
{
	if (!record->complete)
		return CREATING;
	if (record_start_time((pid_t)record->pid) != record->start_time)
		return STOPPED;
	if (is_paused(record))
		return PAUSED;
	return file_exists(record->directory, "exec.fifo") ? CREATED : RUNNING;
}

const char *status_name(enum status status)
{
	static const char *const names[] = {"creating", "created", "running", "paused", "stopped"};
	return names[status];
}

char *record_state(const struct record *record, enum status status, bool full)
{
	char *memory = NULL;
	size_t size;
	FILE *out = open_memstream(&memory, &size);
	if (!out) {
		fail("out of memory");
		return NULL;
	}
	fprintf(out, "{\n  \"ociVersion\": \"1.3.0\"");
	print_text(out, "id", record->id);
	fprintf(out, ",\n  \"pid\": %" PRId64, status == STOPPED ? 0 : record->pid);
	print_text(out, "status", status_name(status));
	print_text(out, "bundle", record->bundle ? record->bundle : "");
	if (full) {
		print_text(out, "rootfs", record->rootfs ? record->rootfs : "");
		print_text(out, "created", record->created ? record->created : "");
		char owner[RECORD_OWNER_SIZE];
		print_text(out, "owner", record_owner(record, owner));
	}
	print_annotations(out, &record->annotations);
	fprintf(out, "\n}\n");
	return finish(out, &memory);
}
