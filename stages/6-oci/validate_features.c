/*
 * The checks of sections that ask for one feature of the kernel: the clocks of a time namespace,
 * the personality, the shares of a processor's cache.
 */
#include <inttypes.h>
#include <sched.h>
#include <string.h>

#include "6-oci/validate.h"

/* --- linux.timeOffsets ------------------------------------------------------------------------ */

static void validate_offset(const struct config_time_offset *offset, const char *clock,
	struct config_errors *errors)
{
	if (offset && offset->nanosecs > 999999999)
		config_errors_add(errors,
			"linux.timeOffsets.%s.nanosecs: expected a whole number from 0 to "
			"999999999, found %" PRIu32,
			clock, offset->nanosecs);
}

/* Offsets can be set before the first process is there, and so never in a namespace to join. */
static void validate_time_offsets(const struct config *config, struct config_errors *errors)
{
	const struct config_time_offsets *offsets = &config->linux.time_offsets;
	const struct config_namespace *namespace = config_namespace(config, CLONE_NEWTIME);
	if (!offsets->boottime && !offsets->monotonic)
		return;
	if (!namespace)
		config_errors_add(errors,
			"linux.timeOffsets: linux.namespaces needs one of type time beside it");
	else if (namespace->path)
		config_errors_add(errors,
			"linux.timeOffsets: the time namespace %s has offsets already",
			quoted(namespace->path));
	validate_offset(offsets->boottime, "boottime", errors);
	validate_offset(offsets->monotonic, "monotonic", errors);
}

/* --- linux.personality ------------------------------------------------------------------------ */

static void validate_personality(const struct config_personality *personality,
	struct config_errors *errors)
{
	if (personality && personality->flags.count > 0 && personality->flags.items[0])
		config_errors_add(errors,
			"linux.personality.flags[0]: the specification has no flags yet, found %s",
			quoted(personality->flags.items[0]));
}

/* --- linux.intelRdt --------------------------------------------------------------------------- */

#define RDT "linux.intelRdt."

static void validate_bandwidth(const char *line, struct config_errors *errors)
{
	if (line && (strncmp(line, "MB:", 3) != 0 || strchr(line, '\n')))
		config_errors_add(errors,
			RDT "memBwSchema: expected a line that begins with MB:, found %s",
			quoted(line));
}

/* It becomes a directory's name; "/" is the directory above all. */
static void validate_class(const char *name, struct config_errors *errors)
{
	static const char *const taken[] = {"", ".", "..", "info", "mon_data", "mon_groups"};
	bool good = !strchr(name, '/') && !strchr(name, '\n') && strlen(name) <= 255;
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		good = good && strcmp(name, taken[i]) != 0;
	if (!good && strcmp(name, "/") != 0)
		config_errors_add(errors, RDT "closID: expected a name, or \"/\", found %s",
			quoted(name));
}

static void validate_intel_rdt(const struct config_intel_rdt *rdt, struct config_errors *errors)
{
	if (!rdt)
		return;
	if (rdt->clos_id)
		validate_class(rdt->clos_id, errors);
	validate_bandwidth(rdt->mem_bw_schema, errors);
	for (size_t i = 0; i < rdt->schemata.count; i++) {
		const char *line = rdt->schemata.items[i];
		if (line && (strchr(line, '\n') || !strchr(line, ':')))
			config_errors_add(errors,
				RDT "schemata[%zu]: expected one line such as \"L3:0=f\", found %s",
				i, quoted(line));
	}
}

void validate_features(const struct config *config, struct config_errors *errors)
{
	const struct config_linux *linux = &config->linux;
	validate_time_offsets(config, errors);
	validate_personality(linux->personality, errors);
	validate_intel_rdt(linux->intel_rdt, errors);
}
