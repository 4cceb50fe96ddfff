/* Shares of a processor's cache and of the memory's bandwidth: linux.intelRdt. */
#ifndef STAGE7_RESCTRL_H
#define STAGE7_RESCTRL_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "6-oci/config.h"
#include "7-runtime/record.h"

/* Where the kernel's filesystem for it is mounted. */
#define RESCTRL_ROOT "/sys/fs/resctrl"

/* The directories of a container. Zeroed, it stands for a config without linux.intelRdt. */
struct resctrl {
	char group[PATH_MAX];   /* the class of service; "": none */
	char monitor[PATH_MAX]; /* the container's own counters; "": none asked for */
	bool own;               /* the group is the container's alone, and goes with it */
};

/* Whether @root is the kernel's filesystem, if the config asks for it. -1 with the error set. */
int resctrl_check_mounted(const struct config_intel_rdt *wanted, const char *root);

/* Names the directories of the container @id below @root. @wanted may be NULL. */
int resctrl_locate(struct resctrl *resctrl, const struct config_intel_rdt *wanted, const char *root,
	const char *id);

/* The same for a container that exists. */
int resctrl_of(struct resctrl *resctrl, const struct record *record);

/*
 * While nothing has been made: the group of a closID is there if it must be, and shares what the
 * config says; that of a container is not there yet. Returns -1 with the error set. See
 * "IntelRdt" in config-linux.md.
 */
int resctrl_check(const struct resctrl *resctrl, const struct config_intel_rdt *wanted);

/*
 * Makes what is missing, which must be on record by now, and writes the schemata. On failure what
 * it has made is gone again. @wanted may be NULL.
 */
int resctrl_make(const struct resctrl *resctrl, const struct config_intel_rdt *wanted);

/* Moves the process @pid into the group, and its counters into the container's. */
int resctrl_join(const struct resctrl *resctrl, pid_t pid);

/* Removes a directory that resctrl_make() has made; one that is not there is no error. */
int resctrl_remove(const char *directory);

/*
 * Whether the lines of @wanted say what those of @schemata, the kernel's file, do. Domains that
 * @wanted does not name may have any value.
 */
bool resctrl_matches(const char *wanted, const char *schemata);

#endif
