/*
 * linux.resources: from its JSON to what is written into the files of a cgroup, in both versions.
 *
 * What must hold: a file is a name, not a path; a value is one line; what is a number in the config
 * is in no file cut off or with another sign; and weights stay within their range.
 */
#include "fuzz.h"

#include <stdio.h>

#include "6-oci/arena.h"
#include "6-oci/config_tables.h"
#include "6-oci/resources.h"
#include "6-oci/validate.h"
#include "7-runtime/resources/settings.h"

struct walk {
	enum cgroup_version version;
	unsigned controllers; /* that were asked for anything */
	enum controller controller;
};

static bool is_one_of(const char *file, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(*names, file))
			return true;
	return false;
}

/* Limits for which -1 means none, and files in which 0 stands for something else. */
static void check_value(const struct walk *walk, const char *file, const char *text)
{
	static const char *const weights[] = {"cpu.weight", "io.weight", NULL};
	static const char *const unlimited[] = {"memory.limit_in_bytes",
		"memory.soft_limit_in_bytes", "memory.memsw.limit_in_bytes", "cpu.cfs_quota_us",
		"cpu.rt_runtime_us", NULL};
	/* Their lines begin with the name of a device, which can be any. */
	static const char *const named[] = {"rdma.max", "net_prio.ifpriomap", NULL};
	if (is_one_of(file, named))
		return;
	must(walk->version == CGROUP_V1 || strncmp(text, "-", 1) != 0);
	must(text[0] != '-' || (is_one_of(file, unlimited) && !strcmp(text, "-1")));
	if (walk->version == CGROUP_V2 && is_one_of(file, weights) && !strchr(text, ' ')) {
		long weight = strtol(text, NULL, 10);
		must(weight >= 1 && weight <= 10000);
	}
}

static void check_line(const struct walk *walk, const char *file, const char *text)
{
	must(*file && !strchr(file, '/') && file[0] != '.');
	must(*text && !strpbrk(text, "\n"));
	check_value(walk, file, text);
}

static int write_limit(void *where, const char *file, const char *text)
{
	struct walk *walk = where;
	check_line(walk, file, text);
	walk->controllers |= 1u << walk->controller;
	return 0;
}

static int visit_setting(void *what, const struct setting *setting)
{
	struct walk *walk = what;
	must(setting->property && setting->text);
	must(setting->controller == walk->controller);
	must(!setting->instead == !setting->instead_text);
	if (setting->file)
		check_line(walk, setting->file, setting->text);
	if (setting->instead)
		check_line(walk, setting->instead, setting->instead_text);
	return 0;
}

/* The device of each limit is the one that the config names. */
static void check_throttles(const struct cgroup_limits *limits, const struct config_block_io *io)
{
	const struct config_throttle_devices *lists[] = {&io->throttle_read_bps_device,
		&io->throttle_write_bps_device, &io->throttle_read_iops_device,
		&io->throttle_write_iops_device};
	size_t at = 0;
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < lists[i]->count; j++, at++) {
			must((int64_t)limits->throttles[at].major == lists[i]->items[j].major);
			must((int64_t)limits->throttles[at].minor == lists[i]->items[j].minor);
		}
	must(at == limits->throttle_count);
}

static void check(const struct config_resources *resources)
{
	struct cgroup_limits limits;
	must(resources_limits(resources, &limits) == 0);
	check_throttles(&limits, &resources->block_io);
	must(limits_check(&limits) == 0);
	for (enum cgroup_version version = CGROUP_V1; version <= CGROUP_V2; version++) {
		struct walk walk = {.version = version};
		for (enum controller c = 0; c < CONTROLLER_COUNT; c++) {
			walk.controller = c;
			must(limits_write(&limits, c, version, write_limit, &walk) == 0);
			must(settings_each(resources, c, version, visit_setting, &walk) == 0);
		}
		must(walk.controllers == limits_controllers(&limits));
	}
	resources_release(&limits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_object *json = fuzz_json(data, size);
	if (!json)
		return 0;
	struct json_object *whole = json_object_new_object();
	json_object_object_add(whole, "linux.resources", json);
	struct config_errors errors = {};
	struct config_resources resources = {};
	struct decoder decoder = {.arena = arena_make(), .errors = &errors, .stage = 7};
	must(decoder.arena);
	decode(&decoder, whole, &config_resources_table, &resources);
	json_object_put(whole);
	if (errors.count == 0)
		validate_resources(&resources, &errors);
	if (!fuzz_errors(&errors))
		check(&resources);
	fuzz_expect_error(false);
	arena_free(decoder.arena);
	return 0;
}
