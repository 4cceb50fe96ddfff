/*
 * An engine gives the whole process as a file; a person says what is different from the container's
 * own.
 */
#include "7-runtime/verbs/exec_process.h"

#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "6-oci/arena.h"
#include "6-oci/config_tables.h"
#include "6-oci/json.h"
#include "6-oci/validate.h"
#include "7-runtime/process/capabilities.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"
#include "common/text.h"

enum { STAGE = 7 };

/* --- flags ------------------------------------------------------------------------------------ */

/* "1000", "1000:1000". */
static int parse_user(const char *flag, const char *text, struct config_user *user)
{
	int64_t uid, gid = user->gid;
	_cleanup_free char *name = strdup(text);
	char *group = name ? strchr(name, ':') : NULL;
	if (!name)
		return fail("out of memory");
	if (group)
		*group++ = '\0';
	if (text_number(flag, name, 0, UINT32_MAX, &uid) < 0 ||
		(group && text_number(flag, group, 0, UINT32_MAX, &gid) < 0))
		return -1;
	user->uid = (uint32_t)uid;
	user->gid = (uint32_t)gid;
	return 0;
}

static int read_user(const char *flag, const char *value, void *target)
{
	struct config_user user = {};
	return parse_user(flag, value, &user) < 0 ? -1 : flag_text(flag, value, target);
}

static int read_group(const char *flag, const char *value, void *target)
{
	int64_t gid;
	return text_number(flag, value, 0, UINT32_MAX, &gid) < 0 ? -1
								 : flag_list(flag, value, target);
}

static int read_directory(const char *flag, const char *value, void *target)
{
	if (*value != '/')
		return fail("%s: expected an absolute path, found \"%s\"", flag, value);
	return flag_text(flag, value, target);
}

static int read_variable(const char *flag, const char *value, void *target)
{
	if (*value == '=' || !strchr(value, '='))
		return fail("%s: expected NAME=VALUE, found \"%s\"", flag, value);
	return flag_list(flag, value, target);
}

static int read_capability(const char *flag, const char *value, void *target)
{
	int capability;
	if (!capability_find(value, &capability))
		return fail("%s: expected a capability such as CAP_NET_RAW, found \"%s\"", flag,
			value);
	return flag_list(flag, value, target);
}

#define AT(member) offsetof(struct exec_process, member)

const struct flag exec_process_flags[] = {
	{"process", "FILE", "the process as a \"process\" of config.json", flag_text, AT(file),
		'p'},
	{"tty", NULL, "with a terminal of its own", flag_switch, AT(terminal), 't'},
	{"user", "UID[:GID]", "its user, and group", read_user, AT(user), 'u'},
	{"additional-gids", "GID", "a further group (may be repeated)", read_group, AT(groups),
		'g'},
	{"cwd", "DIR", "its working directory, inside", read_directory, AT(cwd)},
	{"env", "NAME=VALUE", "a further variable (may be repeated)", read_variable, AT(env), 'e'},
	{"cap", "CAP_NAME", "a further capability (may be repeated)", read_capability,
		AT(capabilities), 'c'},
	{"no-new-privs", NULL, "it can gain no privileges by an exec", flag_switch,
		AT(no_new_privileges)},
	{"apparmor", "PROFILE", "its AppArmor profile", flag_text, AT(apparmor_profile)},
	{"process-label", "LABEL", "its SELinux label", flag_text, AT(selinux_label)},
	{},
};

/* --- the process ------------------------------------------------------------------------------ */

static int check(const struct config_process *process, const char *file,
	struct config_errors *errors)
{
	if (errors->count == 0)
		validate_process(process, "", errors);
	int result = errors->count ? config_errors_fail(errors, file) : 0;
	config_errors_free(errors);
	return result;
}

struct config_process *exec_process_decode(struct json_object *json, const char *file,
	struct config *config)
{
	struct config_process *process = arena_take(config->arena, 1, sizeof(*process));
	struct config_errors errors = {};
	struct decoder decoder = {.arena = config->arena, .errors = &errors, .stage = STAGE};
	decode(&decoder, json, &config_process_table, process);
	return check(process, file, &errors) < 0 ? NULL : process;
}

static struct config_process *read_file(const char *file, struct config *config)
{
	step_for("--process");
	struct json_object *json = json_read(AT_FDCWD, file, file, NULL);
	struct config_process *process = json ? exec_process_decode(json, file, config) : NULL;
	json_object_put(json);
	if (process)
		step_for(NULL);
	return process;
}

/* @strings and @added one behind the other. */
static void append(struct arena *arena, struct config_strings *strings, const char *const *added,
	size_t count)
{
	char **items = arena_take(arena, strings->count + count + 1, sizeof(*items));
	for (size_t i = 0; i < strings->count; i++)
		items[i] = strings->items[i];
	for (size_t i = 0; i < count; i++)
		items[strings->count + i] = arena_copy(arena, added[i]);
	*strings = (struct config_strings){items, strings->count + count};
}

static int add_groups(struct arena *arena, const struct text_list *groups, struct config_user *user)
{
	size_t before = user->additional_gids.count;
	uint32_t *items = arena_take(arena, before + groups->count, sizeof(*items));
	if (before > 0)
		memcpy(items, user->additional_gids.items, before * sizeof(*items));
	for (size_t i = 0; i < groups->count; i++) {
		int64_t gid;
		if (text_number("--additional-gids", groups->items[i], 0, UINT32_MAX, &gid) < 0)
			return -1;
		items[before + i] = (uint32_t)gid;
	}
	user->additional_gids.items = items;
	user->additional_gids.count = before + groups->count;
	return 0;
}

static void add_capabilities(struct arena *arena, const struct text_list *names,
	struct config_process *process)
{
	struct config_capabilities *sets = arena_take(arena, 1, sizeof(*sets));
	if (process->capabilities)
		*sets = *process->capabilities;
	append(arena, &sets->bounding, names->items, names->count);
	append(arena, &sets->permitted, names->items, names->count);
	append(arena, &sets->effective, names->items, names->count);
	process->capabilities = sets;
}

static int change(const struct exec_process *asked, struct arena *arena,
	struct config_process *process)
{
	process->terminal = asked->terminal;
	/* The window is that of whoever calls. */
	process->console_size = NULL;
	if (asked->user && parse_user("--user", asked->user, &process->user) < 0)
		return -1;
	if (asked->groups.count > 0 && add_groups(arena, &asked->groups, &process->user) < 0)
		return -1;
	if (asked->cwd)
		process->cwd = arena_copy(arena, asked->cwd);
	append(arena, &process->env, asked->env.items, asked->env.count);
	if (asked->capabilities.count > 0)
		add_capabilities(arena, &asked->capabilities, process);
	if (asked->no_new_privileges)
		process->no_new_privileges = true;
	if (asked->apparmor_profile)
		process->apparmor_profile = arena_copy(arena, asked->apparmor_profile);
	if (asked->selinux_label)
		process->selinux_label = arena_copy(arena, asked->selinux_label);
	return 0;
}

struct config_process *exec_process_read(const struct exec_process *asked, struct config *config,
	char **arguments)
{
	if (asked->file)
		return read_file(asked->file, config);
	if (!*arguments) {
		fail("expected a command, or --process FILE");
		return NULL;
	}
	struct config_process *process = arena_take(config->arena, 1, sizeof(*process));
	struct config_errors errors = {};
	size_t count = 0;
	while (arguments[count])
		count++;
	if (config->process)
		*process = *config->process;
	process->args = (struct config_strings){};
	append(config->arena, &process->args, (const char *const *)arguments, count);
	if (change(asked, config->arena, process) < 0)
		return NULL;
	return check(process, "process", &errors) < 0 ? NULL : process;
}
