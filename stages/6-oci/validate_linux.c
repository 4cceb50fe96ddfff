/*
 * The checks of config.json's section "linux". Most of them ask one thing: is there a namespace
 * that keeps this from the host? A sysctl of the network, set without a network namespace, is the
 * host's.
 */
#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "6-oci/validate.h"

/* --- namespaces and ids ----------------------------------------------------------------------- */

static void validate_namespaces(const struct config *config, struct config_errors *errors)
{
	/* Task 6.3: a path has to be absolute, and no type may be there twice, with a path or
	 * without. Whoever mends the config wants to know each place: "linux.namespaces[2].path:
	 * ...", "linux.namespaces[2].type: ...". The decoder has complained about a type that it
	 * does not know; that is NULL here.
	 *
	 * Until then: return;
	 */
	uint64_t seen = 0;
	for (size_t i = 0; i < config->linux.namespaces.count; i++) {
		const struct config_namespace *namespace = &config->linux.namespaces.items[i];
		if (namespace->path && namespace->path[0] != '/')
			config_errors_add(errors,
				"linux.namespaces[%zu].path: expected an absolute path, found %s",
				i, quoted(namespace->path));
		if (!namespace->type)
			continue;
		if (seen & namespace->type->value)
			config_errors_add(errors, "linux.namespaces[%zu].type: %s a second time", i,
				namespace->type->name);
		seen |= namespace->type->value;
	}
	/* End of task 6.3. */
}

/* See user_namespaces(7). */
enum { MOST_MAP_LINES = 340 };

void validate_map(const struct config_mappings *map, const char *property,
	struct config_errors *errors)
{
	if (map->count > MOST_MAP_LINES)
		config_errors_add(errors, "%s: %zu lines, the kernel takes %d at most", property,
			map->count, MOST_MAP_LINES);
	for (size_t i = 0; i < map->count; i++) {
		const struct id_map *line = &map->items[i];
		if (line->count == 0)
			config_errors_add(errors, "%s[%zu].size: expected at least 1, found 0",
				property, i);
		else if (line->count > UINT32_MAX - line->inside ||
			 line->count > UINT32_MAX - line->outside)
			config_errors_add(errors,
				"%s[%zu].size: %u ids from there on are more than there are",
				property, i, line->count);
	}
}

static bool is_mapped(const struct config_mappings *map, uint32_t id)
{
	for (size_t i = 0; i < map->count; i++)
		if (id >= map->items[i].inside && id - map->items[i].inside < map->items[i].count)
			return true;
	return false;
}

/* An id without a mapping is nobody: the kernel refuses to become it. */
static void validate_user(const struct config *config, struct config_errors *errors)
{
	const struct config_mappings *uids = &config->linux.uid_mappings;
	const struct config_mappings *gids = &config->linux.gid_mappings;
	if (!config->process || !uids->count || !gids->count || uids->count > MOST_MAP_LINES ||
		gids->count > MOST_MAP_LINES)
		return;
	const struct config_user *user = &config->process->user;
	if (!is_mapped(uids, user->uid))
		config_errors_add(errors, "process.user.uid: %u is not in linux.uidMappings",
			user->uid);
	if (!is_mapped(gids, user->gid))
		config_errors_add(errors, "process.user.gid: %u is not in linux.gidMappings",
			user->gid);
	for (size_t i = 0; i < user->additional_gids.count; i++)
		if (!is_mapped(gids, user->additional_gids.items[i]))
			config_errors_add(errors,
				"process.user.additionalGids[%zu]: %u is not in linux.gidMappings",
				i, user->additional_gids.items[i]);
}

static void validate_maps(const struct config *config, struct config_errors *errors)
{
	static const char *const names[] = {"linux.uidMappings", "linux.gidMappings"};
	const struct config_mappings *maps[] = {&config->linux.uid_mappings,
		&config->linux.gid_mappings};
	const struct config_namespace *user = config_namespace(config, CLONE_NEWUSER);
	for (size_t i = 0; i < 2; i++) {
		if (maps[i]->count && !user)
			config_errors_add(errors,
				"%s: linux.namespaces needs one of type user beside it", names[i]);
		if (!maps[i]->count && user && !user->path)
			config_errors_add(errors, "%s: missing; a new user namespace needs one",
				names[i]);
		validate_map(maps[i], names[i], errors);
	}
	if (user)
		validate_user(config, errors);
}

/* --- sysctl ----------------------------------------------------------------------------------- */

/*
 * The sysctls that a namespace has for itself, and the property that gives it one. See
 * ipc_namespaces(7), uts_namespaces(7), network_namespaces(7).
 */
static const struct {
	const char *name; /* with a dot at its end, all that begin so */
	uint64_t namespace;
	const char *type;
} namespaced[] = {
	{"net.", CLONE_NEWNET, "network"},
	{"fs.mqueue.", CLONE_NEWIPC, "ipc"},
	{"kernel.msgmax", CLONE_NEWIPC, "ipc"},
	{"kernel.msgmnb", CLONE_NEWIPC, "ipc"},
	{"kernel.msgmni", CLONE_NEWIPC, "ipc"},
	{"kernel.sem", CLONE_NEWIPC, "ipc"},
	{"kernel.shmall", CLONE_NEWIPC, "ipc"},
	{"kernel.shmmax", CLONE_NEWIPC, "ipc"},
	{"kernel.shmmni", CLONE_NEWIPC, "ipc"},
	{"kernel.shm_rmid_forced", CLONE_NEWIPC, "ipc"},
	{"kernel.hostname", CLONE_NEWUTS, "uts"},
	{"kernel.domainname", CLONE_NEWUTS, "uts"},
	{"user.", CLONE_NEWUSER, "user"},
};

/* A dot and a slash both stand between the parts of a sysctl's name: sysctl(8). */
static bool begins(const char *name, const char *with)
{
	for (; *with; name++, with++)
		if (*name != *with && !(*name == '/' && *with == '.'))
			return false;
	return with[-1] == '.' ? *name != '\0' : *name == '\0';
}

static void validate_sysctl(const struct config *config, const char *name,
	struct config_errors *errors)
{
	if (strstr(name, "..") || strstr(name, "//") || strstr(name, "./") || strstr(name, "/."))
		return config_errors_add(errors, "linux.sysctl[%s]: not the name of a sysctl",
			quoted(name));
	for (size_t i = 0; i < sizeof(namespaced) / sizeof(*namespaced); i++) {
		if (!begins(name, namespaced[i].name))
			continue;
		if (!config_namespace(config, namespaced[i].namespace))
			config_errors_add(errors,
				"linux.sysctl[%s]: would change the host's; linux.namespaces needs "
				"one of type %s",
				quoted(name), namespaced[i].type);
		return;
	}
	config_errors_add(errors,
		"linux.sysctl[%s]: belongs to no namespace, so it would change the host",
		quoted(name));
}

/* To say the same twice does no harm. (A value that is no string is an error of its own.) */
static void validate_name_twice(const struct config_pair *sysctl, const char *property,
	const char *name, struct config_errors *errors)
{
	if (name && sysctl->value && strcmp(name, sysctl->value) != 0)
		config_errors_add(errors, "linux.sysctl[%s]: %s says something else",
			quoted(sysctl->key), property);
}

static void validate_sysctls(const struct config *config, struct config_errors *errors)
{
	for (size_t i = 0; i < config->linux.sysctl.count; i++) {
		const struct config_pair *sysctl = &config->linux.sysctl.items[i];
		validate_sysctl(config, sysctl->key, errors);
		if (begins(sysctl->key, "kernel.hostname"))
			validate_name_twice(sysctl, "hostname", config->hostname, errors);
		if (begins(sysctl->key, "kernel.domainname"))
			validate_name_twice(sysctl, "domainname", config->domainname, errors);
	}
}

/* --- devices and paths ------------------------------------------------------------------------ */

/* The kernel has 12 bits for a major number and 20 for a minor one. */
static void validate_device_number(const int64_t *number, int bits, const char *name, size_t i,
	struct config_errors *errors)
{
	int64_t high = (INT64_C(1) << bits) - 1;
	if (!number)
		config_errors_add(errors, "linux.devices[%zu].%s: missing", i, name);
	else if (*number < 0 || *number > high)
		config_errors_add(errors,
			"linux.devices[%zu].%s: expected a whole number from 0 to %" PRId64
			", found %" PRId64,
			i, name, high, *number);
}

/* A file's path has a name at its end. */
static bool names_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	return *path == '/' && slash[1] && strcmp(slash, "/.") != 0 && strcmp(slash, "/..") != 0;
}

static void validate_devices(const struct config_linux *linux, struct config_errors *errors)
{
	for (size_t i = 0; i < linux->devices.count; i++) {
		const struct config_device *device = &linux->devices.items[i];
		if (device->path && !names_file(device->path))
			config_errors_add(errors,
				"linux.devices[%zu].path: expected an absolute path of a file, "
				"found %s",
				i, quoted(device->path));
		if (!device->type || device->type->value == S_IFIFO)
			continue;
		validate_device_number(device->major, 12, "major", i, errors);
		validate_device_number(device->minor, 20, "minor", i, errors);
	}
}

/* What the kernel takes for the name of an interface, and "%d" for a number of its choice. */
static bool is_interface_name(const char *name, bool template)
{
	const char *percent = strchr(name, '%');
	if (!*name || strlen(name) > 15 || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	if (percent && (!template || percent[1] != 'd' || strchr(percent + 1, '%')))
		return false;
	return !strpbrk(name, "/: \t\n\v\f\r");
}

/* The name of interface @i in the container. */
static const char *name_inside(const struct config_linux *linux, size_t i)
{
	const struct config_net_device *device = &linux->net_devices.items[i];
	return device->name && *device->name ? device->name : device->key;
}

static void validate_net_devices(const struct config *config, struct config_errors *errors)
{
	enum { NET_DEVICES_MOST = 1000 };
	const struct config_linux *linux = &config->linux;
	if (linux->net_devices.count > 0 && !config_namespace(config, CLONE_NEWNET))
		config_errors_add(errors,
			"linux.netDevices: nowhere to move them; linux.namespaces needs one of "
			"type network");
	if (linux->net_devices.count > NET_DEVICES_MOST)
		return config_errors_add(errors, "linux.netDevices: more than %d",
			NET_DEVICES_MOST);
	for (size_t i = 0; i < linux->net_devices.count; i++) {
		const char *key = linux->net_devices.items[i].key, *name = name_inside(linux, i);
		if (!is_interface_name(key, false))
			config_errors_add(errors,
				"linux.netDevices[%s]: not the name of a network interface",
				quoted(key));
		if (!is_interface_name(name, true))
			config_errors_add(errors,
				"linux.netDevices[%s].name: expected the name of a network "
				"interface, found %s",
				quoted(key), quoted(name));
		for (size_t j = 0; j < i; j++)
			if (!strchr(name, '%') && !strcmp(name, name_inside(linux, j)))
				config_errors_add(errors,
					"linux.netDevices[%s].name: %s a second time", quoted(key),
					quoted(name));
	}
}

static void validate_paths(const struct config *config, const struct config_strings *paths,
	const char *property, struct config_errors *errors)
{
	if (paths->count > 0 && !config_namespace(config, CLONE_NEWNS))
		config_errors_add(errors,
			"%s: would change the host's mounts; linux.namespaces needs one of type "
			"mount",
			property);
	for (size_t i = 0; i < paths->count; i++)
		if (paths->items[i] && paths->items[i][0] != '/')
			config_errors_add(errors, "%s[%zu]: expected an absolute path, found %s",
				property, i, quoted(paths->items[i]));
}

/* ".." would lead out of the place that the host has given to containers. */
static void validate_cgroups_path(const char *path, struct config_errors *errors)
{
	for (const char *part = path; part && *part; part += strspn(part, "/")) {
		size_t length = strcspn(part, "/");
		if (length == 2 && !strncmp(part, "..", 2))
			config_errors_add(errors,
				"linux.cgroupsPath: expected a path without \"..\", found %s",
				quoted(path));
		part += length;
	}
}

void validate_linux(const struct config *config, struct config_errors *errors)
{
	const struct config_linux *linux = &config->linux;
	validate_namespaces(config, errors);
	validate_maps(config, errors);
	validate_devices(linux, errors);
	validate_net_devices(config, errors);
	validate_cgroups_path(linux->cgroups_path, errors);
	validate_resources(&linux->resources, errors);
	if (linux->seccomp)
		validate_seccomp(linux->seccomp, errors);
	validate_sysctls(config, errors);
	validate_paths(config, &linux->masked_paths, "linux.maskedPaths", errors);
	validate_paths(config, &linux->readonly_paths, "linux.readonlyPaths", errors);
	if (linux->memory_policy)
		validate_memory_policy(linux->memory_policy, errors);
	validate_features(config, errors);
}
