/*
 * A device node is only a pair of numbers with an owner and a mode. Root in a container that may
 * make nodes (CAP_MKNOD), or that finds one in a volume, would have the host's disk; so beside
 * capabilities the cgroup decides.
 *
 * In v1 that is a controller with two files, in v2 a program. With v1 the list in force is compared
 * with the wanted one, so that an update takes nothing away that stays.
 */
#include "7-runtime/resources/devices.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "7-runtime/resources/device_program.h"
#include "7-runtime/resources/device_rules.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

enum { LIST_MOST = 1 << 20, ENTRY_SIZE = 64 };

static void release_rules(const struct device_rules *rules)
{
	free(rules->items);
}

#define _cleanup_rules __attribute__((cleanup(release_rules)))

/* --- version 1 -------------------------------------------------------------------------------- */

static void spell_number(char text[24], int64_t number)
{
	if (number == DEVICE_ANY)
		snprintf(text, 24, "*");
	else
		snprintf(text, 24, "%lld", (long long)number);
}

/* As the kernel prints it: "c 1:3 rwm". */
static void spell(char entry[ENTRY_SIZE], const struct device_rule *rule)
{
	char major[24], minor[24];
	spell_number(major, rule->major);
	spell_number(minor, rule->minor);
	snprintf(entry, ENTRY_SIZE, "%c %s:%s %s%s%s", rule->type, major, minor,
		rule->access & DEVICE_READ ? "r" : "", rule->access & DEVICE_WRITE ? "w" : "",
		rule->access & DEVICE_MKNOD ? "m" : "");
}

static int write_entry(const char *directory, bool allow, const char *entry)
{
	_cleanup_free char *path =
		text_format("%s/devices.%s", directory, allow ? "allow" : "deny");
	return path ? file_write(AT_FDCWD, path, entry) : -1;
}

static bool is_wanted(const struct device_rules *wanted, const char *entry)
{
	char text[ENTRY_SIZE];
	for (size_t i = 0; i < wanted->count; i++) {
		spell(text, &wanted->items[i]);
		if (!strcmp(text, entry))
			return true;
	}
	return false;
}

/* Takes away what is allowed and no longer wanted. */
static int deny_the_rest(const char *directory, char *list, const struct device_rules *wanted)
{
	char *rest = NULL;
	for (char *entry = strtok_r(list, "\n", &rest); entry; entry = strtok_r(NULL, "\n", &rest))
		if (!is_wanted(wanted, entry) && write_entry(directory, false, entry) < 0)
			return -1;
	return 0;
}

static int write_list(const char *directory, bool allow, const struct device_rules *exceptions)
{
	_cleanup_free char *path = text_format("%s/devices.list", directory);
	_cleanup_free char *list = path ? file_read(AT_FDCWD, path, LIST_MOST, NULL) : NULL;
	if (!list)
		return -1;
	/* While all is allowed, the list is this line, and exceptions are not shown. */
	bool all_allowed = !strncmp(list, "a ", 2);
	if ((allow || all_allowed) && write_entry(directory, allow, "a") < 0)
		return -1;
	if (!allow && !all_allowed && deny_the_rest(directory, list, exceptions) < 0)
		return -1;
	for (size_t i = 0; i < exceptions->count; i++) {
		char entry[ENTRY_SIZE];
		spell(entry, &exceptions->items[i]);
		if (write_entry(directory, !allow, entry) < 0)
			return -1;
	}
	return 0;
}

static int apply_v1(const struct device_rules *rules, const char *directory)
{
	_cleanup_rules struct device_rules exceptions = {};
	bool allow;
	return device_rules_flatten(rules, &allow, &exceptions) == 0
		       ? write_list(directory, allow, &exceptions)
		       : -1;
}

int devices_check(const struct config_resources *resources, const struct cgroup *cgroup)
{
	_cleanup_rules struct device_rules rules = {}, exceptions = {};
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, CONTROLLER_DEVICES);
	bool allow;
	if (!hierarchy)
		return 0;
	if (device_rules_make(&rules, resources) < 0)
		return -1;
	int index = device_rules_flatten(&rules, &allow, &exceptions);
	if (index <= 0)
		return index;
	/* The first rule of the list is not the config's. */
	step_for("linux.resources.devices[%d]", index - 2);
	return fail("takes a part out of what an earlier rule says, which cgroup v1 cannot do");
}

/* --- version 2 -------------------------------------------------------------------------------- */

static int apply_v2(const struct device_rules *rules, const char *directory)
{
	struct device_program program;
	if (device_program_make(&program, rules) < 0)
		return -1;
	step("open: the cgroup %s", directory);
	_cleanup_fd int cgroup = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = cgroup < 0 ? fail_errno() : device_program_attach(&program, cgroup);
	free(program.code);
	return result;
}

/* --- either ----------------------------------------------------------------------------------- */

/* Root in a user namespace is not the host's root; there is nothing that the kernel lets it set. */
static bool is_host_root(void)
{
	unsigned inside, outside, count;
	if (geteuid() != 0)
		return false;
	_cleanup_stream FILE *map = fopen("/proc/self/uid_map", "re");
	return !map || fscanf(map, "%u %u %u", &inside, &outside, &count) != 3 ||
	       count == UINT32_MAX;
}

static int apply(const struct config_resources *resources, const struct hierarchy *hierarchy,
	const char *directory)
{
	_cleanup_rules struct device_rules rules = {};
	if (device_rules_make(&rules, resources) < 0)
		return -1;
	if (hierarchy->version == CGROUP_V1)
		return apply_v1(&rules, directory);
	return apply_v2(&rules, directory);
}

int devices_apply(const struct config_resources *resources, const struct cgroup *cgroup)
{
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, CONTROLLER_DEVICES);
	if (!hierarchy)
		hierarchy = hierarchy_unified(&cgroup->in);
	step_for("linux.resources.devices");
	if (!hierarchy || !cgroup_exists_in(cgroup, hierarchy)) {
		if (resources->devices.count > 0 && is_host_root())
			return fail("there is no cgroup that could hold the rules");
		step_for(NULL);
		return 0;
	}
	_cleanup_free char *directory = cgroup_directory(cgroup, hierarchy);
	if (!directory)
		return -1;
	if (apply(resources, hierarchy, directory) < 0) {
		if (is_host_root() || (errno != EPERM && errno != EACCES))
			return -1;
		error_clear();
		step("skip: without root nobody sets a rule, nor makes a device");
	}
	step_for(NULL);
	return 0;
}
