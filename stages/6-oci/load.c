/*
 * From a bundle to a config that can be acted on: read, parse, decode, check. The four are one
 * step to everybody else, and it comes before every other: a container whose config is wrong is
 * never begun.
 */
#include "6-oci/load.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "6-oci/arena.h"
#include "6-oci/config_tables.h"
#include "6-oci/environment.h"
#include "6-oci/json.h"
#include "6-oci/mount_options.h"
#include "6-oci/validate.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"
#include "common/text.h"

struct config *config_decode(struct json_object *json, int stage, struct config_errors *errors)
{
	struct arena *arena = arena_make();
	if (!arena)
		return NULL;
	struct config *config = arena_take(arena, 1, sizeof(*config));
	config->arena = arena;
	struct decoder decoder = {.arena = arena, .errors = errors, .stage = stage};
	decode(&decoder, json, &config_table, config);
	if (json_object_is_type(json, json_type_object))
		validate(config, stage, errors);
	if (config->process && errors->count == 0)
		environment_settle(&config->process->env);
	return config;
}

/* What a container that shall run needs beside a correct config. */
static void check_bundle(int bundle, const struct config *config, int stage,
	struct config_errors *errors)
{
	struct stat info;
	const char *path = config->root.path;
	/* Before stage 7 there is no create that could do without. */
	if (!config->process && stage < 7)
		config_errors_add(errors, "process: missing");
	if (!config_namespace(config, CLONE_NEWNS))
		config_errors_add(errors,
			"linux.namespaces: one of type mount is missing; the container's root "
			"would be made of the host's mounts");
	if (!path || !*path)
		return;
	if (fstatat(bundle, path, &info, 0) < 0)
		config_errors_add(errors, "root.path: %s: %s", quoted(path), strerror(errno));
	else if (!S_ISDIR(info.st_mode))
		config_errors_add(errors, "root.path: %s: %s", quoted(path), strerror(ENOTDIR));
}

/* What a bind mount shows is given from the root, or from the bundle. */
static int find_sources(const char *bundle, struct config *config)
{
	for (size_t i = 0; i < config->mounts.count; i++) {
		struct config_mount *mount = &config->mounts.items[i];
		if (!mount_is_bind(mount) || !mount->source || mount->source[0] == '/')
			continue;
		_cleanup_free char *path = text_format("%s/%s", bundle, mount->source);
		if (!path)
			return -1;
		mount->source = arena_copy(config->arena, path);
	}
	return 0;
}

struct config *config_load(const char *bundle, int stage, struct config_errors *errors)
{
	step("open: the bundle %s", bundle);
	_cleanup_fd int fd = open(bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		fail_errno();
		return NULL;
	}
	_cleanup_free char *text = NULL;
	struct json_object *json = json_read(fd, "config.json", "config.json", &text);
	if (!json)
		return NULL;
	struct config *config = config_decode(json, stage, errors);
	if (config)
		config->text = arena_copy(config->arena, text);
	bool is_object = json_object_is_type(json, json_type_object);
	json_object_put(json);
	if (config && is_object)
		check_bundle(fd, config, stage, errors);
	if (config && errors->count == 0 && find_sources(bundle, config) == 0)
		return config;
	config_free(config);
	if (errors->count > 0)
		config_errors_fail(errors, "config.json");
	return NULL;
}
