/*
 * The specification has rules in plain text that no table holds: "MUST be an absolute path", "MUST
 * NOT be duplicated". The kernel has more of them, and says EINVAL in the middle of things. Here
 * they are checked while nothing has been done yet.
 *
 * What must hold: a config that the kernel would take is not refused. Where the answer depends on
 * the host (does the device exist, is the controller there), the question is left to the module
 * that will ask the kernel.
 */
#include "6-oci/validate.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "6-oci/mount_options.h"

static bool relative(const char *path)
{
	return path && path[0] != '/';
}

/* --- the top ---------------------------------------------------------------------------------- */

/*
 * Semantic Versioning 2.0.0: "1.2.3", then perhaps "-" and a name for what came before it, then
 * perhaps "+" and a name for the build. All of 1.x is read: within it, nothing is taken back.
 */
static void validate_version(const char *version, struct config_errors *errors)
{
	if (!version)
		return;
	unsigned major, minor, patch;
	int length = 0;
	bool plain = version[0] != '+' && version[0] != '-' && !strpbrk(version, " \t\n") &&
		     sscanf(version, "%9u.%9u.%9u%n", &major, &minor, &patch, &length) == 3;
	const char *rest = plain ? version + length : "";
	static const char names[] = "0123456789-.+"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	if (!plain || (*rest && *rest != '-' && *rest != '+') || (*rest && !rest[1]) ||
		rest[strspn(rest, names)])
		config_errors_add(errors,
			"ociVersion: expected a version such as \"1.3.0\", found %s",
			quoted(version));
	else if (major != 1)
		config_errors_add(errors,
			"ociVersion: %s is none of the versions 1.x that this program reads",
			quoted(version));
}

/* Names that belong to the UTS namespace; the kernel keeps 64 bytes of each. */
static void validate_name(const struct config *config, const char *property, const char *name,
	struct config_errors *errors)
{
	if (!name || !*name)
		return;
	if (strlen(name) > 64)
		config_errors_add(errors, "%s: longer than 64 bytes", property);
	else if (!config_namespace(config, CLONE_NEWUTS))
		config_errors_add(errors,
			"%s: would change the host's; linux.namespaces needs one of type uts",
			property);
}

static void validate_annotations(const struct config *config, struct config_errors *errors)
{
	for (size_t i = 0; i < config->annotations.count; i++)
		if (!*config->annotations.items[i].key)
			config_errors_add(errors, "annotations[\"\"]: a key must not be empty");
}

/* --- process ---------------------------------------------------------------------------------- */

/* @list is the property: "process.env", "hooks.poststop[0].env". */
static void validate_environment(const struct config_strings *variables, const char *list,
	struct config_errors *errors)
{
	for (size_t i = 0; i < variables->count; i++) {
		const char *variable = variables->items[i];
		if (variable && (*variable == '=' || !strchr(variable, '=')))
			config_errors_add(errors, "%s[%zu]: expected NAME=VALUE, found %s", list, i,
				quoted(variable));
	}
}

/*
 * What the kernel takes at most, whatever the limits of the process: 32 pages a string, and in all
 * three quarters of 8 MiB, with a pointer each. See "Limits on size of arguments and environment"
 * in execve(2).
 */
enum { MOST_BYTES_OF_ALL = 6 << 20, MOST_GROUPS = 65536 };

static size_t validate_sizes(const struct config_strings *strings, const char *list,
	struct config_errors *errors)
{
	size_t all = 0, most = 32 * (size_t)sysconf(_SC_PAGESIZE);
	for (size_t i = 0; i < strings->count; i++) {
		size_t size = strings->items[i] ? strlen(strings->items[i]) + 1 : 0;
		if (size > most)
			config_errors_add(errors,
				"%s[%zu]: %zu bytes, the kernel takes %zu at most", list, i, size,
				most);
		all += size + sizeof(char *);
	}
	return all;
}

/* @at is where the two stand: "process.", "hooks.poststop[0].". */
static void validate_execution(const struct config_strings *args, const struct config_strings *env,
	const char *at, struct config_errors *errors)
{
	char list[64];
	snprintf(list, sizeof(list), "%sargs", at);
	size_t all = validate_sizes(args, list, errors);
	snprintf(list, sizeof(list), "%senv", at);
	validate_environment(env, list, errors);
	all += validate_sizes(env, list, errors);
	if (all > MOST_BYTES_OF_ALL)
		config_errors_add(errors, "%s: %zu bytes with args, the kernel takes %d at most",
			list, all, MOST_BYTES_OF_ALL);
}

static void validate_rlimits(const struct config_process *process, const char *at,
	struct config_errors *errors)
{
	uint64_t seen = 0;
	for (size_t i = 0; i < process->rlimits.count; i++) {
		const struct config_rlimit *limit = &process->rlimits.items[i];
		if (limit->soft > limit->hard)
			config_errors_add(errors,
				"%srlimits[%zu].hard: %" PRIu64 " is less than soft, %" PRIu64, at,
				i, limit->hard, limit->soft);
		if (!limit->type)
			continue;
		if (seen & 1ULL << limit->type->value)
			config_errors_add(errors, "%srlimits[%zu].type: %s a second time", at, i,
				limit->type->name);
		seen |= 1ULL << limit->type->value;
	}
}

void validate_process(const struct config_process *process, const char *at,
	struct config_errors *errors)
{
	if (relative(process->cwd))
		config_errors_add(errors, "%scwd: expected an absolute path, found %s", at,
			quoted(process->cwd));
	if (process->args.count == 0)
		config_errors_add(errors, "%sargs: expected a command, found nothing", at);
	else if (process->args.items[0] && !*process->args.items[0])
		config_errors_add(errors, "%sargs[0]: expected a command, found \"\"", at);
	validate_execution(&process->args, &process->env, at, errors);
	if (process->user.additional_gids.count > MOST_GROUPS)
		config_errors_add(errors,
			"%suser.additionalGids: %zu groups, the kernel takes %d at most", at,
			process->user.additional_gids.count, MOST_GROUPS);
	validate_rlimits(process, at, errors);
	validate_scheduling(process, at, errors);
}

/* --- mounts, hooks ---------------------------------------------------------------------------- */

static void validate_mount_options(const struct config_mount *mount, size_t index, int stage,
	struct config_errors *errors)
{
	for (size_t i = 0; i < mount->options.count; i++) {
		const char *option = mount->options.items[i];
		if (option && !mount_option_is_done(option, stage))
			config_errors_add(errors,
				"mounts[%zu].options[%zu]: this stage does not do %s yet", index, i,
				quoted(option));
	}
}

/* Without a namespace it would show the host's whole tree. */
static void validate_cgroup_mount(const struct config *config, const struct config_mount *mount,
	size_t index, int stage, struct config_errors *errors)
{
	if (mount->type && !strcmp(mount->type, "cgroup") && stage < 7 &&
		!config_namespace(config, CLONE_NEWCGROUP))
		config_errors_add(errors,
			"mounts[%zu].type: this stage does not mount cgroups without a cgroup "
			"namespace yet",
			index);
}

/* A mount that translates ids: which ones, and of what. See "idmap" in config.md. */
static void validate_id_maps(const struct config *config, const struct config_mount *mount,
	size_t index, struct config_errors *errors)
{
	bool mapped = mount_has_option(mount, "idmap") || mount_has_option(mount, "ridmap");
	size_t uids = mount->uid_mappings.count, gids = mount->gid_mappings.count;
	char property[64];
	if (!uids != !gids)
		config_errors_add(errors, "mounts[%zu].%cidMappings: missing beside %s", index,
			uids ? 'g' : 'u', uids ? "uidMappings" : "gidMappings");
	snprintf(property, sizeof(property), "mounts[%zu].uidMappings", index);
	validate_map(&mount->uid_mappings, property, errors);
	snprintf(property, sizeof(property), "mounts[%zu].gidMappings", index);
	validate_map(&mount->gid_mappings, property, errors);
	if (mapped && !uids && !gids && !config_namespace(config, CLONE_NEWUSER))
		config_errors_add(errors,
			"mounts[%zu].uidMappings: missing; idmap needs them, or a user namespace "
			"in linux.namespaces",
			index);
	if ((mapped || uids) && !mount_is_bind(mount))
		config_errors_add(errors,
			"mounts[%zu].options: ids can be mapped in a bind mount only", index);
}

/* Words that say what kind of mount it is, and need a certain kind. */
static void validate_mount_kind(const struct config_mount *mount, size_t index,
	struct config_errors *errors)
{
	bool bind = mount_is_bind(mount), again = mount_has_option(mount, "remount");
	if (bind && !again && (!mount->source || !*mount->source))
		config_errors_add(errors, "mounts[%zu].source: missing in a bind mount", index);
	if (!bind && !again && (!mount->type || !*mount->type))
		config_errors_add(errors, "mounts[%zu].type: missing, and the options say no bind",
			index);
	if (mount_has_option(mount, "tmpcopyup") &&
		(bind || !mount->type || strcmp(mount->type, "tmpfs") != 0))
		config_errors_add(errors, "mounts[%zu].options: tmpcopyup needs a tmpfs", index);
	if (again &&
		(mount->uid_mappings.count || mount_has_option(mount, "idmap") ||
			mount_has_option(mount, "ridmap") || mount_has_option(mount, "tmpcopyup")))
		config_errors_add(errors,
			"mounts[%zu].options: remount changes a mount that is there, which takes "
			"no idmap or tmpcopyup any more",
			index);
}

static void validate_mounts(const struct config *config, int stage, struct config_errors *errors)
{
	if (config->mounts.count > 0 && !config_namespace(config, CLONE_NEWNS))
		config_errors_add(errors,
			"mounts: would be the host's; linux.namespaces needs one of type mount");
	for (size_t i = 0; i < config->mounts.count; i++) {
		const struct config_mount *mount = &config->mounts.items[i];
		if (!mount->destination)
			continue;
		/* A relative one is deprecated, and allowed: it starts at the root. */
		if (!*mount->destination)
			config_errors_add(errors,
				"mounts[%zu].destination: expected a path, found "
				"\"\"",
				i);
		validate_mount_options(mount, i, stage, errors);
		validate_cgroup_mount(config, mount, i, stage, errors);
		validate_mount_kind(mount, i, errors);
		validate_id_maps(config, mount, i, errors);
	}
}

static void validate_hook_list(const struct config_hook_list *hooks, const char *name,
	struct config_errors *errors)
{
	for (size_t i = 0; i < hooks->count; i++) {
		const struct config_hook *hook = &hooks->items[i];
		char at[48];
		snprintf(at, sizeof(at), "hooks.%s[%zu].", name, i);
		if (relative(hook->path))
			config_errors_add(errors,
				"hooks.%s[%zu].path: expected an absolute path, found %s", name, i,
				quoted(hook->path));
		validate_execution(&hook->args, &hook->env, at, errors);
	}
}

static void validate_hooks(const struct config_hooks *hooks, struct config_errors *errors)
{
	validate_hook_list(&hooks->prestart, "prestart", errors);
	validate_hook_list(&hooks->create_runtime, "createRuntime", errors);
	validate_hook_list(&hooks->create_container, "createContainer", errors);
	validate_hook_list(&hooks->start_container, "startContainer", errors);
	validate_hook_list(&hooks->poststart, "poststart", errors);
	validate_hook_list(&hooks->poststop, "poststop", errors);
}

void validate(const struct config *config, int stage, struct config_errors *errors)
{
	validate_version(config->oci_version, errors);
	if (config->root.path && !*config->root.path)
		config_errors_add(errors, "root.path: expected a directory, found \"\"");
	validate_mounts(config, stage, errors);
	if (config->process)
		validate_process(config->process, "process.", errors);
	validate_name(config, "hostname", config->hostname, errors);
	validate_name(config, "domainname", config->domainname, errors);
	validate_hooks(&config->hooks, errors);
	validate_hooks_can_run(config, errors);
	validate_annotations(config, errors);
	validate_linux(config, errors);
}
