/* The options that checkpoint and restore share: those of runc. */
#ifndef STAGE7_CRIU_OPTIONS_H
#define STAGE7_CRIU_OPTIONS_H

#include <stdbool.h>

#include "7-runtime/criu/protobuf.h"
#include "common/flags.h"

struct criu_options {
	const char *image_path, *work_path; /* NULL: "checkpoint", and the same as the images */
	bool tcp_established, ext_unix_sk, shell_job, file_locks, auto_dedup, lazy_pages;
	const char *cgroup_mode; /* NULL: criu's default */

	/* checkpoint */
	const char *parent_path; /* relative to the images; NULL: there is none */
	bool leave_running, pre_dump, tcp_skip_in_flight, link_remap;
	struct {
		const char *address; /* NULL: there is none */
		int64_t port;
	} page_server;
	int64_t status_fd; /* open for writing; 0: nobody waits for a word */

	/* restore */
	const char *lsm_profile, *lsm_mount_context;

	bool nothing; /* what is only accepted */
};

/* Those of both, of checkpoint alone, of restore alone; each fills a struct criu_options. */
extern const struct flag criu_flags[];
extern const struct flag criu_checkpoint_flags[];
extern const struct flag criu_restore_flags[];

/* Where criu reads and writes. */
struct criu_places {
	int images, work;     /* -1: not open */
	const char *log;      /* its name in @work */
	const char *path;     /* of @work */
	const char *workshop; /* see workshop.h; the directory that criu has no other use for */
};

/*
 * Opens the directories that @options names; with @make they are made where they are missing.
 * Without it there must be a checkpoint in them. Returns 0, or -1 with the error set; close
 * @places in both cases.
 */
int criu_places_open(struct criu_places *places, const struct criu_options *options, bool make);
void criu_places_close(struct criu_places *places);

/*
 * Adds to a request's options what @options and @places say. Returns 0, or -1 with the error set.
 */
int criu_options_add(struct protobuf *message, const struct criu_options *options,
	const struct criu_places *places);

#endif
