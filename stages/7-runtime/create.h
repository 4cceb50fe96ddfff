/* Making a container: the first half of create and of run. */
#ifndef STAGE7_CREATE_H
#define STAGE7_CREATE_H

#include <stdbool.h>

#include "6-oci/container.h"
#include "7-runtime/files.h"
#include "7-runtime/process/seccomp.h"
#include "7-runtime/record.h"
#include "7-runtime/resctrl.h"
#include "7-runtime/systemd/path.h"

struct create_options {
	const char *bundle; /* NULL: the working directory */
	struct files files;
	bool no_pivot;
	bool no_new_keyring; /* keep the caller's */
	bool detach;         /* nobody stays to pass the terminal on */
};

/* --bundle, --no-pivot, --no-new-keyring, and those of files.h, which fill a struct create_options.
 */
extern const struct flag create_flags[];

/* A container that has just been made. */
struct creation {
	struct config *config;
	struct record record;
	struct cgroup cgroup;
	struct resctrl resctrl;
	struct systemd_path systemd; /* of its scope, with --systemd-cgroup */
	struct container container;
	struct seccomp_filter seccomp;
	bool in_scope; /* systemd has made its cgroup */
	int terminal;  /* the master side, when it stays here; or -1 */
};

/*
 * Makes the container @id. It waits at its exec fifo then, or, with @start, runs. On failure
 * nothing is left of it. Returns 0, or -1 with the error set; close @creation in both cases.
 */
int create_container(struct creation *creation, const struct create_options *options,
	const char *id, bool start);

/*
 * Its first half: reads and checks everything, claims the id, and puts on record what will be made.
 * Nothing is made yet. Returns as above; create_undo() for what fails later.
 */
int create_begin(struct creation *creation, const struct create_options *options, const char *id,
	bool start);

/* What it shall be in: makes the cgroup with its limits, and the group of resctrl. */
int create_groups(struct creation *creation);

/* Where systemd makes the cgroup: has it made, with the process @pid in it. Once is enough. */
int create_enter_scope(struct creation *creation, pid_t pid);

/* Puts its first process on record, before that runs; @parent is a struct creation. */
int create_put_on_record(void *parent, const struct child *child);

/* Takes what was made down again, prints the error that is set, and returns -1. */
int create_undo(struct creation *creation);

void create_close(struct creation *creation);

#endif
