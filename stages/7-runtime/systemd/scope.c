/*
 * Where systemd runs, it owns the tree of cgroups: what others make in the middle of it may be
 * changed or removed under them. So a container is made a unit of systemd's, and of the kind for
 * processes that somebody else starts, a scope. With Delegate=yes all that is below the scope's
 * cgroup is left to us. The scope's own files stay systemd's, which writes them anew whenever it
 * likes. So the container gets a cgroup below it, with all its limits; the scope gets those that
 * systemd has a property for. Its weights only count there, beside other units.
 *
 * What must hold: the scope's name is on record before the scope is made. Since a scope goes by
 * itself with its last process, another may have the name later: it is ours when its description
 * has the time of creation that is on record. A helper program does the asking (helper/main.c).
 */
#include "7-runtime/systemd/scope.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "2-namespaces/userns.h"
#include "4-cgroups/members.h"
#include "6-oci/arena.h"
#include "6-oci/resources.h"
#include "7-runtime/systemd/property.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/process.h"
#include "common/step.h"
#include "common/text.h"

#define HELPER "cooper-systemd"
#define BELOW  "/container"

enum { WORDS_MOST = 256, FILE_MOST = 1 << 16 };

struct systemd_options systemd_options;

const struct flag systemd_flags[] = {
	{"systemd-cgroup", NULL, "have systemd make the container's cgroup, in a scope",
		flag_switch, offsetof(struct systemd_options, wanted)},
	{},
};

/* --- the helper ------------------------------------------------------------------------------- */

struct request {
	const char *words[WORDS_MOST + 1];
	size_t count;
	struct arena *arena;
};

static void add(struct request *request, const char *word)
{
	if (request->count < WORDS_MOST)
		request->words[request->count++] = word;
}

static bool is_beside(const char *program, char path[PATH_MAX])
{
	const char *name = strrchr(program, '/');
	return name &&
	       snprintf(path, PATH_MAX, "%.*s/" HELPER, (int)(name - program), program) <
		       PATH_MAX &&
	       access(path, X_OK) == 0;
}

/*
 * Beside this program, or in the PATH. A sheltered program's file has no path of its own any more;
 * its first word has it (shelter.h).
 */
static int find_helper(char path[PATH_MAX])
{
	char self[PATH_MAX] = "";
	const char *given = getenv("PATH");
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) > 1 && is_beside(self, path))
		return 0;
	if (is_beside(program_invocation_name, path))
		return 0;
	for (const char *at = given ? given : ""; *at; at += strspn(at, ":")) {
		int part = (int)strcspn(at, ":");
		snprintf(path, PATH_MAX, "%.*s/" HELPER, part, at);
		if (*at == '/' && access(path, X_OK) == 0)
			return 0;
		at += part;
	}
	fail("--systemd-cgroup needs the program " HELPER ", which is not there");
	return fail_hint("it belongs beside cooper: \"make install\" puts it there");
}

/* Root of a user namespace is a user to systemd, and speaks to that user's own. */
static bool is_users(void)
{
	return geteuid() != 0 || !userns_is_initial();
}

/* The words of the request go after the scope. */
static int ask(const char *verb, const struct record *record, struct request *request)
{
	char helper[PATH_MAX];
	const char *words[WORDS_MOST + 5] = {helper, verb, is_users() ? "user" : "system",
		record->scope};
	if (find_helper(helper) < 0)
		return -1;
	memcpy(words + 4, request->words, request->count * sizeof(*words));
	return process_run(words, NULL);
}

static char *description(const struct record *record, struct arena *arena)
{
	_cleanup_free char *text =
		text_format("cooper container %s, created %s", record->id, record->created);
	return text ? arena_copy(arena, text) : NULL;
}

/* --- limits ----------------------------------------------------------------------------------- */

static int add_setting(void *what, const char *file, const char *text)
{
	struct request *request = what;
	_cleanup_free char *word = text_format("%s=%s", file, text);
	if (!word)
		return -1;
	add(request, arena_copy(request->arena, word));
	return 0;
}

/* The helper leaves out what systemd does not know. */
static int add_limits(struct request *request, const struct cgroup_limits *limits)
{
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++)
		if (limits_write(limits, c, CGROUP_V2, add_setting, request) < 0)
			return -1;
	for (size_t i = 0; i < limits->unified_count; i++)
		if (add_setting(request, limits->unified[i].file, limits->unified[i].text) < 0)
			return -1;
	return 0;
}

static int add_resources(struct request *request, const struct config_resources *resources)
{
	__attribute__((cleanup(resources_release))) struct cgroup_limits limits = {};
	if (resources_limits(resources, &limits) < 0)
		return -1;
	return add_limits(request, &limits);
}

int systemd_update(const struct record *record, const struct config_resources *resources)
{
	if (!record->scope)
		return 0;
	struct request request = {.arena = record->arena};
	return add_resources(&request, resources) < 0 ? -1 : ask("set", record, &request);
}

/* --- what the bundle says of it ----------------------------------------------------------------
 */

enum { PROPERTIES_MOST = 64, PROPERTY_LONGEST = 4096 };

/* Returns whether it is one: 1 or 0; -1 with the error set for one that cannot be. */
static int check_property(const char *annotation, const char *value)
{
	struct property_value property;
	if (!property_is(annotation))
		return 0;
	step_for("annotations[\"%s\"]", annotation);
	if (strlen(value) > PROPERTY_LONGEST)
		return fail("longer than %d characters", PROPERTY_LONGEST);
	int result = property_read(&property, annotation, value);
	property_free(&property);
	if (result < 0)
		return -1;
	step_for(NULL);
	return 1;
}

static int check_properties(const struct config_pairs *annotations)
{
	size_t count = 0;
	for (size_t i = 0; i < annotations->count; i++) {
		int is = check_property(annotations->items[i].key, annotations->items[i].value);
		if (is < 0)
			return -1;
		count += (size_t)is;
	}
	return count <= PROPERTIES_MOST
		       ? 0
		       : fail("annotations: more than %d properties for systemd", PROPERTIES_MOST);
}

/* The helper reads them again: it is the one that has to know their types. */
static int add_properties(struct request *request, const struct config_pairs *annotations)
{
	for (size_t i = 0; i < annotations->count; i++)
		if (property_is(annotations->items[i].key) &&
			add_setting(request, annotations->items[i].key,
				annotations->items[i].value) < 0)
			return -1;
	return 0;
}

/* --- its beginning ---------------------------------------------------------------------------- */

static int check_host(void)
{
	struct hierarchies hierarchies;
	/* What sd_booted(3) looks at. */
	if (!file_exists(AT_FDCWD, "/run/systemd/system"))
		return fail("--systemd-cgroup: this host has not been booted with systemd");
	if (hierarchies_find(&hierarchies) < 0)
		return -1;
	bool pure = hierarchies.count == 1 && hierarchy_unified(&hierarchies);
	hierarchies_release(&hierarchies);
	if (pure)
		return 0;
	fail("--systemd-cgroup: this host has cgroup v1; only v2 can be shared with systemd");
	return fail_hint("boot it with systemd.unified_cgroup_hierarchy=1, or leave the flag out");
}

int systemd_check(const struct config *config, const char *id, struct arena *arena,
	struct systemd_path *path)
{
	struct request request = {};
	if (check_host() < 0)
		return -1;
	step_for("linux.cgroupsPath");
	if (systemd_path_read(config->linux.cgroups_path, id, arena, path) < 0)
		return -1;
	struct record record = {.scope = path->scope};
	if (ask("check", &record, &request) < 0)
		return -1;
	step_for(NULL);
	return check_properties(&config->annotations);
}

/* The cgroup of the process, out of the line "0::/system.slice/cooper-one.scope". */
static char *read_cgroup(pid_t pid)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	_cleanup_free char *text = file_read(AT_FDCWD, path, FILE_MOST, NULL);
	if (!text)
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return strncmp(text, "0::", 3) == 0 ? strdup(text + 3) : NULL;
}

/* Systemd has the last word on where a scope is: names that mean something to cgroups change. */
static int find_scope(struct record *record, pid_t pid)
{
	_cleanup_free char *scope = read_cgroup(pid);
	const char *name = scope ? strrchr(scope, '/') : NULL;
	size_t length = strlen(record->scope);
	if (!name || strlen(name + 1) < length ||
		strcmp(name + 1 + strlen(name + 1) - length, record->scope) != 0)
		return fail("systemd has made %s, but the process is not in it", record->scope);
	_cleanup_free char *path = text_format("%s" BELOW, scope);
	if (!path)
		return -1;
	return record_set_cgroup(record, path) < 0 ? -1 : record_save(record);
}

int systemd_start(struct record *record, const struct systemd_path *path,
	const struct config *config, pid_t pid, struct cgroup *cgroup)
{
	char number[16];
	static const struct cgroup_limits none;
	struct request request = {.arena = record->arena};
	const char *slice = path->slice ? path->slice : is_users() ? "user.slice" : "system.slice";
	snprintf(number, sizeof(number), "%d", pid);
	add(&request, description(record, record->arena));
	add(&request, slice);
	add(&request, number);
	step_for("linux.cgroupsPath");
	if (add_resources(&request, &config->linux.resources) < 0 ||
		add_properties(&request, &config->annotations) < 0 ||
		ask("start", record, &request) < 0 || find_scope(record, pid) < 0)
		return -1;
	/* A cgroup that hands controllers down may have no processes, so that comes first. */
	if (cgroup_open(cgroup, record->cgroup) < 0 || cgroup_create(cgroup, &none, true) < 0 ||
		cgroup_join_unified(cgroup, pid) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

/* --- later ------------------------------------------------------------------------------------ */

bool systemd_attach_needed(const struct record *record)
{
	return record->scope && is_users();
}

int systemd_attach(const struct record *record, const char *below, pid_t pid)
{
	char number[16];
	struct request request = {};
	_cleanup_free char *path = text_format(BELOW "%s%s", below ? "/" : "", below ? below : "");
	if (!path)
		return -1;
	snprintf(number, sizeof(number), "%d", pid);
	add(&request, path);
	add(&request, number);
	return ask("attach", record, &request);
}

/* The cgroup goes with the scope, and that with its last process. */
static bool is_over(const struct record *record)
{
	__attribute__((cleanup(cgroup_close))) struct cgroup cgroup = {.unified = -1};
	if (!record->cgroup || strlen(record->cgroup) < strlen(BELOW))
		return false;
	_cleanup_free char *scope = strndup(record->cgroup, strlen(record->cgroup) - strlen(BELOW));
	bool there = !scope || cgroup_open(&cgroup, scope) < 0 || cgroup_exists(&cgroup);
	error_clear();
	return !there;
}

int systemd_stop(const struct record *record)
{
	struct request request = {};
	if (!record->scope || is_over(record))
		return 0;
	add(&request, description(record, record->arena));
	return ask("stop", record, &request);
}
