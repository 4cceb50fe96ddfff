/* Systemd's manager, as one calls it over D-Bus. See org.freedesktop.systemd1(5). */
#ifndef STAGE7_SYSTEMD_HELPER_MANAGER_H
#define STAGE7_SYSTEMD_HELPER_MANAGER_H

#include <stdbool.h>
#include <systemd/sd-bus.h>

static inline void release_message(sd_bus_message **message)
{
	sd_bus_message_unref(*message);
}

#define _cleanup_message __attribute__((cleanup(release_message)))

struct manager {
	sd_bus *bus;
	char *job;    /* the one that is waited for */
	char *result; /* how that one has ended; NULL: not yet */
};

/*
 * Connects to the manager of the machine, or, with @user, to the caller's own. All functions here
 * return 0, or -1 with the error set. manager_close() goes with a failed one, too.
 */
int manager_open(struct manager *manager, bool user);
void manager_close(struct manager *manager);

/* Sets the error out of what sd-bus returned and what the other side said. Returns -1. */
int manager_failed(const char *what, int status, const sd_bus_error *error);

/* Begins the call of a method of the manager's; the message is the caller's to unref. */
int manager_begin(struct manager *manager, const char *method, sd_bus_message **call);

/* Sends it. @reply may be NULL. */
int manager_call(struct manager *manager, sd_bus_message *call, sd_bus_message **reply);

/* The same for a method that is answered with a job: waits for that, too. It must be "done". */
int manager_call_job(struct manager *manager, sd_bus_message *call);

/* The first number in its version, such as 252. */
int manager_version(struct manager *manager, unsigned *version);

/*
 * The description of the unit @name in fresh memory (free it), or NULL in *@description when there
 * is no such unit.
 */
int manager_describe(struct manager *manager, const char *name, char **description);

/* Whether the bus knows this process by the pid that it knows itself by. */
int manager_check_pids(struct manager *manager);

#endif
