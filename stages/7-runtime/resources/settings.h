/* What linux.resources asks for beyond the limits of stage 4: which files, and what is in them. */
#ifndef STAGE7_RESOURCES_SETTINGS_H
#define STAGE7_RESOURCES_SETTINGS_H

#include <stdbool.h>

#include "4-cgroups/hierarchy.h"
#include "6-oci/config.h"

/* One value that the config asks for, in the spelling of one version of cgroups. */
struct setting {
	const char *property; /* below linux.resources: "memory.swappiness" */
	enum controller controller;
	const char *file; /* NULL: this version has nothing like it */
	const char *text;
	const char *instead; /* a file to write @instead_text to when @file is not there, or NULL */
	const char *instead_text;
	bool optional; /* a kernel without the file does the same without it */
};

typedef int setting_visitor(void *what, const struct setting *setting);

/*
 * Calls @visit for each of them, in the order in which the kernel wants them written; @version: of
 * the hierarchy that has the controller @controller. Settings of other controllers are passed over.
 * Stops at the first -1 and returns it.
 */
int settings_each(const struct config_resources *resources, enum controller controller,
	enum cgroup_version version, setting_visitor *visit, void *what);

/* The set (1u << CONTROLLER_...) of the controllers that are asked for. */
unsigned settings_controllers(const struct config_resources *resources);

#endif
