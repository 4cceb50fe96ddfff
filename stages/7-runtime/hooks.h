/* The programs that a config wants to run at certain moments. */
#ifndef STAGE7_HOOKS_H
#define STAGE7_HOOKS_H

#include "6-oci/config.h"
#include "7-runtime/record.h"

/*
 * Runs the hooks one after the other, each with the container's state on its standard input
 * (@record's, as @status), and waits for it. One that does not end in its time, or whose container
 * is deleted meanwhile, is killed with its whole process group; so it is when a signal wants this
 * process to end. The record must not be locked. @property: where they are in the config,
 * "hooks.createRuntime". Returns -1, error set, at the first that fails. See "POSIX-platform Hooks"
 * in config.md.
 */
int hooks_run(const struct config_hook_list *hooks, const char *property,
	const struct record *record, enum status status);

/* The same for hooks whose failure stops nothing: it is a warning, and the next one runs. */
void hooks_run_all(const struct config_hook_list *hooks, const char *property,
	const struct record *record, enum status status);

#endif
