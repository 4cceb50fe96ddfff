/*
 * What is on record about a container: a directory of its own, ROOT/ID, mode 0700.
 *
 *	state.json	what was made for it, and who it is; state.json.before: the one before
 *	config.json	the config as it was when the container was created
 *	cgroup		a link to nowhere, its text the cgroup's path: no write can break it
 *	exec.fifo	there until the container has been started
 *
 * A container outlives the program that has made it: another version of cooper may find its record.
 * For that the record needs no number of a version, but two rules. What a program does not know in
 * it, it passes over; and a property that is not there means what was done before there was one. (A
 * property whose meaning must change gets a new name.) What stands in config.json is checked again
 * by whoever goes on with it; only delete does without.
 */
#ifndef STAGE7_RECORD_H
#define STAGE7_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "4-cgroups/cgroup.h"
#include "6-oci/config.h"

struct json_object;

enum status { CREATING, CREATED, RUNNING, PAUSED, STOPPED };

struct record {
	char *id;
	char *bundle;  /* absolute */
	char *rootfs;  /* absolute */
	char *cgroup;  /* its path, as cgroup_open() takes it; NULL: none, or not known yet */
	char *scope;   /* systemd's unit, which that is in; NULL: none */
	char *resctrl; /* its own directory for linux.intelRdt; NULL: it has none */
	char *resctrl_monitor; /* and that of its counters */
	char *created;         /* when, in RFC 3339 */
	int64_t owner;         /* the uid of who created it */
	int64_t pid;           /* of its init; 0: there is none yet */
	uint64_t start_time; /* of that process: a pid alone is used again. See proc_pid_stat(5) */
	bool no_new_keyring; /* it has its creator's session keyring */
	bool complete;       /* the creation has come to its end */
	struct config_pairs annotations;
	int directory; /* of the record; it holds the lock */
	struct arena *arena;
};

/* Where all records are. NULL: the default, /run/cooper or below $XDG_RUNTIME_DIR. */
void record_set_root(const char *root);

/*
 * Claims the id for a new container: makes its directory, which fails when there is one, and locks
 * it. Returns -1 with the error set for an id that is taken, or is none (see record_check_id()).
 */
int record_claim(struct record *record, const char *id);

/*
 * Letters, digits and "_+-.", as many as fit into a file's name; not "." and "..". Returns -1,
 * error set, if not.
 */
int record_check_id(const char *id);

/* Whether a path can be on record: JSON takes only UTF-8. Returns -1, error set, if not. */
int record_check_path(const char *path);

/*
 * Puts on record which cgroup it has, so that even without the rest delete finds what is to be
 * killed. The next record_save() completes it. Returns 0, or -1 with the error set.
 */
int record_set_cgroup(struct record *record, const char *path);

/* Puts the record on disk as it is now, at one stroke. */
int record_save(const struct record *record);

/*
 * The record as what is on disk, in fresh memory (free it), NULL with the error set; and the way
 * back, in the memory of the record's arena; @file is its name, for errors. They touch nothing
 * else.
 */
char *record_text(const struct record *record);
int record_decode(struct record *record, struct json_object *json, const char *file);

/*
 * Reads the record of a container that exists. @lock: wait until nobody else works on it, and keep
 * others waiting until record_close(); that is not for a record of another user's. Returns -1 with
 * the error set; errno is ENOENT when there is no such container.
 */
int record_open(struct record *record, const char *id, bool lock);

/*
 * After a record_open() that has failed over what is in the record (it has a directory then): takes
 * the record as it was before its last change, which is still enough to delete by; without that,
 * warns, and it is a record of its cgroup alone, or of nothing. Returns -1, error set, when that
 * cannot be told now.
 */
int record_salvage(struct record *record);

/*
 * Opens the container's cgroup, or the one below it with this @path, for a command that must not
 * miss it: returns -1 with the error set where no cgroups are mounted, too. Close it in any case.
 */
int record_open_cgroup(const struct record *record, const char *path, struct cgroup *cgroup);

/* The path of its directory, in fresh memory (free it); NULL with the error set. */
char *record_path(const struct record *record);

/* Removes the record; the id is free then. What it speaks of must be gone before. */
int record_forget(const struct record *record);

void record_close(struct record *record);

/*
 * Lets other commands at the container, while this one still holds its record: nobody waits with
 * the lock for a program that is not cooper's own. record_lock() takes it again; errno is ENOENT
 * when the container has been deleted meanwhile. Both return 0, or -1 with the error set.
 */
int record_unlock(const struct record *record);
int record_lock(const struct record *record);

/* The config that the container was created with, free it; NULL with the error set. */
struct config *record_config(const struct record *record);

/* Calls @each with every id there is, in the order of the alphabet. Stops at the first -1. */
int record_each(int (*each)(const char *id, void *what), void *what);

/* The status as it is now: a look at the process and its cgroup, not at the disk. */
enum status record_status(const struct record *record);
const char *status_name(enum status status);

/*
 * The container's state as the specification has it ("State" in runtime.md), in fresh memory (free
 * it); @full: with what `cooper state` prints besides. NULL with the error set.
 */
char *record_state(const struct record *record, enum status status, bool full);

/* The name of who created it, in @name, or the number where there is no name. Returns @name. */
enum { RECORD_OWNER_SIZE = 64 };
const char *record_owner(const struct record *record, char name[RECORD_OWNER_SIZE]);

/* Whether the init that is on record is there, and no zombie. */
bool record_init_lives(const struct record *record);

/* Whether a signal has stopped the init, so that nothing moves it but SIGCONT. */
bool record_is_stopped_by_signal(const struct record *record);

/* When the process @pid started, in clock ticks since boot; 0 when there is none, or a zombie. */
uint64_t record_start_time(pid_t pid);

#endif
