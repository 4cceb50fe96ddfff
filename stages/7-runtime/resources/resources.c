/*
 * Stage 6 turns linux.resources into the limits of stage 4. Beside that go the settings of
 * settings.c and the devices. In version 2 a container gets every controller that there is, asked
 * for or not: they count what it uses, and an update can set limits later.
 *
 * What must hold: what this host cannot do is found out before anything is made, as far as that can
 * be known; and the cgroup is complete before a process is in it.
 */
#include "7-runtime/resources/resources.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "4-cgroups/inherit.h"
#include "6-oci/resources.h"
#include "6-oci/validate.h"
#include "7-runtime/resources/batch.h"
#include "7-runtime/resources/devices.h"
#include "7-runtime/resources/kernel_memory.h"
#include "7-runtime/resources/owner.h"
#include "7-runtime/resources/settings.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

/* --- what this host can do -------------------------------------------------------------------- */

static bool file_is_in(const char *directory, const char *file)
{
	_cleanup_free char *path = text_format("%s/%s", directory, file);
	return path && file_exists(AT_FDCWD, path);
}

static int check_setting(void *what, const struct setting *setting)
{
	const struct hierarchy *hierarchy = what;
	step_for("linux.resources.%s", setting->property);
	if (!setting->file)
		return fail("cgroup v2, which has the controller here, has nothing like it");
	/* The top of a v1 tree has nearly all the files that those below it have. */
	if (hierarchy->version == CGROUP_V1 && !setting->instead && !setting->optional &&
		setting->controller != CONTROLLER_RDMA &&
		!file_is_in(hierarchy->mount, setting->file))
		return fail("this kernel does not have it (there is no %s)", setting->file);
	step_for(NULL);
	return 0;
}

/* Nobody has the controller, in a spelling of v1, which has them all. */
static int no_controller(void *what, const struct setting *setting)
{
	(void)what;
	step_for("linux.resources.%s", setting->property);
	return fail("this host has no cgroup controller \"%s\"",
		controller_name(setting->controller, CGROUP_V1));
}

static int check_settings(const struct config_resources *resources, const struct cgroup *cgroup)
{
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++) {
		const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, c);
		/* Controllers that v2 has no more are asked for as what v2 has not. */
		bool dropped = !hierarchy && hierarchy_unified(&cgroup->in) &&
			       hierarchy_with(&cgroup->in, CONTROLLER_MEMORY) ==
				       hierarchy_unified(&cgroup->in) &&
			       !controller_name(c, CGROUP_V2);
		if (dropped)
			hierarchy = hierarchy_unified(&cgroup->in);
		if (settings_each(resources, c, hierarchy ? hierarchy->version : CGROUP_V1,
			    hierarchy ? check_setting : no_controller, (void *)hierarchy) < 0)
			return -1;
	}
	return 0;
}

/* In kB, as /sys/kernel/mm/hugepages names its directories; "2MB" is hugepages-2048kB. */
static uint64_t page_size(const char *text)
{
	char *unit;
	uint64_t size = strtoull(text, &unit, 10);
	return size << (*unit == 'G' ? 20 : *unit == 'M' ? 10 : 0);
}

/* The kernel names a size in the largest unit that it is a whole number of. */
static int check_page_sizes(const struct config_resources *resources)
{
	for (size_t i = 0; i < resources->hugepage_limits.count; i++) {
		const char *size = resources->hugepage_limits.items[i].page_size;
		char path[80];
		uint64_t in_kb = page_size(size);
		snprintf(path, sizeof(path), "/sys/kernel/mm/hugepages/hugepages-%" PRIu64 "kB",
			in_kb);
		step_for("linux.resources.hugepageLimits[%zu].pageSize", i);
		if (!file_exists(AT_FDCWD, path))
			return fail("this host has no huge pages of %s: see "
				    "/sys/kernel/mm/hugepages",
				size);
		if (in_kb % 1024 == 0 && size[strspn(size, "0123456789")] == 'K')
			return fail("expected %" PRIu64 "MB, which is how the kernel names it, "
				    "found %s",
				in_kb / 1024, size);
	}
	step_for(NULL);
	return 0;
}

/* "memory.high" needs the controller memory in v2; "cgroup.max.depth" needs none. */
static int check_unified(const struct config_pairs *unified, const struct cgroup *cgroup)
{
	const struct hierarchy *hierarchy = hierarchy_unified(&cgroup->in);
	if (unified->count == 0)
		return 0;
	step_for("linux.resources.unified");
	if (!hierarchy)
		return fail("this host has no cgroup v2");
	_cleanup_free char *path = text_format("%s/cgroup.controllers", hierarchy->mount);
	_cleanup_free char *controllers = path ? file_read(AT_FDCWD, path, 4096, NULL) : NULL;
	if (!controllers)
		return -1;
	for (size_t i = 0; i < unified->count; i++) {
		const char *file = unified->items[i].key;
		_cleanup_free char *name = strndup(file, strcspn(file, "."));
		if (!name)
			return fail("out of memory");
		step_for("linux.resources.unified[\"%s\"]", file);
		if (strcmp(name, "cgroup") != 0 && !has_word(controllers, name))
			return fail("cgroup v2 has no controller \"%s\" here", name);
	}
	step_for(NULL);
	return 0;
}

int resources_check(const struct config_resources *resources, const struct cgroup *cgroup)
{
	if (check_settings(resources, cgroup) < 0 || check_page_sizes(resources) < 0 ||
		check_unified(&resources->unified, cgroup) < 0)
		return -1;
	return devices_check(resources, cgroup);
}

/* --- writing ---------------------------------------------------------------------------------- */

/* The weight of a disk is among the settings: a kernel has it in one of two files. */
static int read_limits(const struct config_resources *resources, struct cgroup_limits *limits)
{
	if (resources_limits(resources, limits) < 0)
		return -1;
	limits->blkio_weight.set = false;
	return 0;
}

struct target {
	struct batch *batch;
	const char *directory;
};

static int add_setting(void *what, const struct setting *setting)
{
	const struct target *target = what;
	char property[160];
	const char *file = setting->file, *text = setting->text;
	snprintf(property, sizeof(property), "linux.resources.%s", setting->property);
	if (file && !file_is_in(target->directory, file)) {
		if (setting->optional)
			return 0;
		if (setting->instead) {
			file = setting->instead;
			text = setting->instead_text;
		}
	}
	return file ? batch_add(target->batch, target->directory, file, text, property) : 0;
}

static int add_limit(void *what, const char *file, const char *text)
{
	const struct target *target = what;
	return batch_add(target->batch, target->directory, file, text, "linux.resources");
}

/* What both versions have, for one controller. @limits: NULL when they are set already. */
static int add_controller(struct batch *batch, const struct cgroup *cgroup, enum controller c,
	const struct config_resources *resources, const struct cgroup_limits *limits)
{
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, c);
	if (!hierarchy)
		return 0;
	_cleanup_free char *directory = cgroup_directory(cgroup, hierarchy);
	struct target target = {batch, directory};
	if (!directory ||
		(limits && limits_write(limits, c, hierarchy->version, add_limit, &target) < 0))
		return -1;
	return settings_each(resources, c, hierarchy->version, add_setting, &target);
}

static int add_unified(struct batch *batch, const struct cgroup *cgroup,
	const struct config_pairs *unified)
{
	const struct hierarchy *hierarchy = hierarchy_unified(&cgroup->in);
	_cleanup_free char *directory = hierarchy ? cgroup_directory(cgroup, hierarchy) : NULL;
	for (size_t i = 0; directory && i < unified->count; i++) {
		_cleanup_free char *property =
			text_format("linux.resources.unified[\"%s\"]", unified->items[i].key);
		if (!property || batch_add(batch, directory, unified->items[i].key,
					 unified->items[i].value, property) < 0)
			return -1;
	}
	return 0;
}

static int apply_settings(const struct config_resources *resources, const struct cgroup *cgroup)
{
	__attribute__((cleanup(batch_release))) struct batch batch = {};
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++)
		if (add_controller(&batch, cgroup, c, resources, NULL) < 0)
			return -1;
	if (batch_apply(&batch) < 0)
		return -1;
	return kernel_memory_limit(cgroup, &resources->memory);
}

/* --- creating --------------------------------------------------------------------------------- */

/* A name of v2's own, such as "misc", has no place in the set of controllers, but comes along. */
static void hand_all_down(const char *directory)
{
	_cleanup_free char *path = text_format("%s/cgroup.controllers", directory);
	_cleanup_free char *controllers = path ? file_read(AT_FDCWD, path, 4096, NULL) : NULL;
	if (!controllers)
		return error_clear();
	controllers[strcspn(controllers, "\n")] = '\0';
	if (inherit_controllers(directory, controllers) < 0)
		step("skip: %s hands down no more controllers", directory);
	error_clear();
}

/*
 * Everything that is there, down to the container's cgroup. On a hybrid host v1 has the controllers
 * that count. One that was asked for is handed down already, so failures matter no more.
 */
static void inherit_all(const struct cgroup *cgroup)
{
	const struct hierarchy *unified = hierarchy_unified(&cgroup->in);
	if (!unified || cgroup->in.count > 1 || !cgroup_exists_in(cgroup, unified))
		return;
	_cleanup_free char *directory = cgroup_directory(cgroup, unified);
	char *slash = directory ? directory + strlen(unified->mount) : NULL;
	for (; slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		hand_all_down(directory);
		*slash = '/';
	}
}

static int make(const struct config_resources *resources, struct cgroup *cgroup)
{
	__attribute__((cleanup(resources_release))) struct cgroup_limits limits = {};
	step_for("linux.resources");
	if (read_limits(resources, &limits) < 0)
		return -1;
	limits.controllers = settings_controllers(resources);
	if (cgroup_create(cgroup, &limits, true) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

int resources_create(const struct config *config, struct cgroup *cgroup)
{
	const struct config_resources *resources = &config->linux.resources;
	if (make(resources, cgroup) < 0)
		return -1;
	inherit_all(cgroup);
	if (apply_settings(resources, cgroup) < 0 || devices_apply(resources, cgroup) < 0)
		return -1;
	return owner_change(config, cgroup);
}

/* --- updating --------------------------------------------------------------------------------- */

static int64_t read_limit(const struct cgroup *cgroup, enum controller controller,
	const char *v1_file, const char *v2_file)
{
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, controller);
	_cleanup_free char *directory = hierarchy ? cgroup_directory(cgroup, hierarchy) : NULL;
	if (!directory)
		return -1;
	_cleanup_free char *path = text_format("%s/%s", directory,
		hierarchy->version == CGROUP_V1 ? v1_file : v2_file);
	_cleanup_free char *text = path ? file_read(AT_FDCWD, path, 128, NULL) : NULL;
	error_clear();
	/* "max" */
	return text && *text >= '0' && *text <= '9' ? strtoll(text, NULL, 10) : -1;
}

/* The kernel kills to make room in v2, where in v1 it refuses. */
static int check_usage(const struct config_memory *memory, const struct cgroup *cgroup)
{
	if (!memory->check_before_update || !memory->limit || *memory->limit <= 0)
		return 0;
	int64_t usage =
		read_limit(cgroup, CONTROLLER_MEMORY, "memory.usage_in_bytes", "memory.current");
	step_for("linux.resources.memory.limit");
	if (usage > *memory->limit)
		return fail("%" PRId64 " is less than what is used now, %" PRId64, *memory->limit,
			usage);
	step_for(NULL);
	return 0;
}

/* Of two values that depend on each other, the other is what it is now. */
static void complete(struct cgroup_limits *limits, const struct cgroup *cgroup)
{
	static const char v1_swap[] = "memory.memsw.limit_in_bytes";
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, CONTROLLER_MEMORY);
	_cleanup_free char *directory = hierarchy ? cgroup_directory(cgroup, hierarchy) : NULL;
	bool v1 = hierarchy && hierarchy->version == CGROUP_V1;
	/* No limit on memory with one on memory and swap together would be none. */
	if (limits->memory.set && limits->memory.value < 0 && !limits->memory_swap.set &&
		directory && file_is_in(directory, v1 ? v1_swap : "memory.swap.max"))
		limits->memory_swap = (struct limit){true, -1};
	if (limits->cpu_period.set && !limits->cpu_quota.set)
		limits->cpu_quota = (struct limit){true,
			read_limit(cgroup, CONTROLLER_CPU, "cpu.cfs_quota_us", "cpu.max")};
}

static int add_all(struct batch *batch, const struct config_resources *resources,
	const struct cgroup *cgroup, const struct cgroup_limits *limits)
{
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++)
		if (add_controller(batch, cgroup, c, resources, limits) < 0)
			return -1;
	return add_unified(batch, cgroup, &resources->unified);
}

static int validate_update(const struct config_resources *resources, const struct cgroup *cgroup)
{
	struct config_errors errors = {};
	validate_resources(resources, &errors);
	int result = errors.count ? fail("%s", errors.kept ? errors.lines[0] : "out of memory") : 0;
	config_errors_free(&errors);
	if (result < 0 || resources_check(resources, cgroup) < 0)
		return -1;
	return check_usage(&resources->memory, cgroup);
}

int resources_update(struct config_resources *resources, const struct cgroup *cgroup)
{
	__attribute__((cleanup(resources_release))) struct cgroup_limits limits = {};
	__attribute__((cleanup(batch_release))) struct batch batch = {};
	/* Swap counts memory, too: the limit on that is what it is now. */
	int64_t memory =
		read_limit(cgroup, CONTROLLER_MEMORY, "memory.limit_in_bytes", "memory.max");
	if (resources->memory.swap && !resources->memory.limit)
		resources->memory.limit = &memory;
	if (validate_update(resources, cgroup) < 0)
		return -1;
	step_for("linux.resources");
	if (read_limits(resources, &limits) < 0)
		return -1;
	complete(&limits, cgroup);
	if (limits_check(&limits) < 0 || add_all(&batch, resources, cgroup, &limits) < 0 ||
		batch_apply(&batch) < 0)
		return -1;
	if (kernel_memory_limit(cgroup, &resources->memory) < 0 ||
		(resources->devices.count > 0 && devices_apply(resources, cgroup) < 0)) {
		batch_undo(&batch);
		return -1;
	}
	return 0;
}
