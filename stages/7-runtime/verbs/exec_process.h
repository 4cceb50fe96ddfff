/* The process that exec brings into a container, from a file or from flags. */
#ifndef STAGE7_VERBS_EXEC_PROCESS_H
#define STAGE7_VERBS_EXEC_PROCESS_H

#include <stdbool.h>

#include "6-oci/config.h"
#include "common/flags.h"

struct json_object;

struct exec_process {
	const char *file; /* a "process" object; NULL: made of the rest */
	bool terminal;
	const char *user, *cwd;
	struct text_list env, capabilities, groups;
	const char *apparmor_profile, *selinux_label;
	bool no_new_privileges;
};

/* --process, --tty, --user, --cwd, --env, --cap, ...; they fill a struct exec_process. */
extern const struct flag exec_process_flags[];

/*
 * The process, in @config's memory. Without a file it is the container's own from @config, with
 * @arguments for its command, and changed as the flags say. Returns NULL with the error set.
 */
struct config_process *exec_process_read(const struct exec_process *asked, struct config *config,
	char **arguments);

/* The same from a file's JSON alone; @file is its name in errors. */
struct config_process *exec_process_decode(struct json_object *json, const char *file,
	struct config *config);

#endif
