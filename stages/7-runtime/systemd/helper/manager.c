/*
 * What is slow in systemd is a job: the method returns at once, with the name of the job, and a
 * signal tells later how that has ended. So who wants to know asks for the signals before they
 * call.
 *
 * What must hold: pids are numbers of the manager's PID namespace. From within another one we would
 * hand it some other process of the host's.
 */
#include "7-runtime/systemd/helper/manager.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/text.h"

#define DESTINATION "org.freedesktop.systemd1"
#define OBJECT      "/org/freedesktop/systemd1"
#define INTERFACE   DESTINATION ".Manager"
#define NO_UNIT     DESTINATION ".NoSuchUnit"

/* Longer than a method call may take, which is 25 seconds. */
enum { JOB_MICROSECONDS = 60 * 1000000 };

int manager_failed(const char *what, int status, const sd_bus_error *error)
{
	const char *said = error && error->message ? error->message : strerror(-status);
	return fail("%s: %.*s", what,
		(int)(strlen(said) - (*said && said[strlen(said) - 1] == '.')), said);
}

static int job_removed(sd_bus_message *message, void *what, sd_bus_error *error)
{
	struct manager *manager = what;
	const char *job, *unit, *result;
	uint32_t number;
	(void)error;
	int status = sd_bus_message_read(message, "uoss", &number, &job, &unit, &result);
	if (status >= 0 && manager->job && !manager->result && !strcmp(job, manager->job))
		manager->result = strdup(result);
	return status < 0 ? status : 0;
}

int manager_open(struct manager *manager, bool user)
{
	*manager = (struct manager){};
	int status = user ? sd_bus_open_user(&manager->bus) : sd_bus_open_system(&manager->bus);
	if (status < 0)
		return manager_failed(user ? "cannot reach the user's systemd (is there a session, "
					     "and XDG_RUNTIME_DIR set?)"
					   : "cannot reach systemd (is its bus, dbus, running?)",
			status, NULL);
	return 0;
}

void manager_close(struct manager *manager)
{
	sd_bus_flush_close_unref(manager->bus);
	free(manager->job);
	free(manager->result);
}

int manager_begin(struct manager *manager, const char *method, sd_bus_message **call)
{
	int status = sd_bus_message_new_method_call(manager->bus, call, DESTINATION, OBJECT,
		INTERFACE, method);
	return status < 0 ? manager_failed(method, status, NULL) : 0;
}

int manager_call(struct manager *manager, sd_bus_message *call, sd_bus_message **reply)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int result = 0, status = sd_bus_call(manager->bus, call, 0, &error, reply);
	if (status < 0)
		result = manager_failed(sd_bus_message_get_member(call), status, &error);
	sd_bus_error_free(&error);
	return result;
}

static int listen_for_jobs(struct manager *manager)
{
	_cleanup_message sd_bus_message *call = NULL;
	int status = sd_bus_match_signal(manager->bus, NULL, DESTINATION, OBJECT, INTERFACE,
		"JobRemoved", job_removed, manager);
	if (status < 0)
		return manager_failed("JobRemoved", status, NULL);
	if (manager_begin(manager, "Subscribe", &call) < 0)
		return -1;
	return manager_call(manager, call, NULL);
}

static int wait_for_job(struct manager *manager)
{
	while (!manager->result) {
		int status = sd_bus_process(manager->bus, NULL);
		if (status == 0) {
			status = sd_bus_wait(manager->bus, JOB_MICROSECONDS);
			if (status == 0)
				return fail("systemd does not come to an end with its job");
		}
		if (status < 0)
			return manager_failed("waiting for systemd's job", status, NULL);
	}
	return 0;
}

int manager_call_job(struct manager *manager, sd_bus_message *call)
{
	_cleanup_message sd_bus_message *reply = NULL;
	const char *job;
	if (listen_for_jobs(manager) < 0 || manager_call(manager, call, &reply) < 0)
		return -1;
	const char *method = sd_bus_message_get_member(call);
	int status = sd_bus_message_read(reply, "o", &job);
	if (status < 0)
		return manager_failed(method, status, NULL);
	manager->job = strdup(job);
	if (!manager->job)
		return fail("out of memory");
	if (wait_for_job(manager) < 0)
		return -1;
	return strcmp(manager->result, "done") == 0
		       ? 0
		       : fail("%s: systemd's job has ended with \"%s\"", method, manager->result);
}

int manager_version(struct manager *manager, unsigned *version)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	_cleanup_free char *text = NULL;
	int result = 0, status = sd_bus_get_property_string(manager->bus, DESTINATION, OBJECT,
				INTERFACE, "Version", &error, &text);
	if (status < 0)
		result = manager_failed("systemd's version", status, &error);
	else
		*version = (unsigned)strtoul(text + strcspn(text, "0123456789"), NULL, 10);
	sd_bus_error_free(&error);
	return result;
}

/* Of a unit whose object we have. It may go at any time. */
static int read_description(struct manager *manager, const char *unit, char **description)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int result = 0, status = sd_bus_get_property_string(manager->bus, DESTINATION, unit,
				DESTINATION ".Unit", "Description", &error, description);
	if (status < 0 && !sd_bus_error_has_name(&error, SD_BUS_ERROR_UNKNOWN_OBJECT) &&
		!sd_bus_error_has_name(&error, NO_UNIT))
		result = manager_failed("the unit's description", status, &error);
	sd_bus_error_free(&error);
	return result;
}

int manager_describe(struct manager *manager, const char *name, char **description)
{
	_cleanup_message sd_bus_message *reply = NULL;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	const char *unit;
	*description = NULL;
	int result = 0, status = sd_bus_call_method(manager->bus, DESTINATION, OBJECT, INTERFACE,
				"GetUnit", &error, &reply, "s", name);
	bool none = sd_bus_error_has_name(&error, NO_UNIT);
	if (status >= 0)
		status = sd_bus_message_read(reply, "o", &unit);
	if (status < 0 && !none)
		result = manager_failed("GetUnit", status, &error);
	sd_bus_error_free(&error);
	return status < 0 ? result : read_description(manager, unit, description);
}

int manager_check_pids(struct manager *manager)
{
	_cleanup_message sd_bus_message *reply = NULL;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	const char *self;
	uint32_t pid = 0;
	int result = 0, status = sd_bus_get_unique_name(manager->bus, &self);
	if (status >= 0)
		status = sd_bus_call_method(manager->bus, "org.freedesktop.DBus",
			"/org/freedesktop/DBus", "org.freedesktop.DBus",
			"GetConnectionUnixProcessID", &error, &reply, "s", self);
	if (status >= 0)
		status = sd_bus_message_read(reply, "u", &pid);
	if (status < 0)
		result = manager_failed("GetConnectionUnixProcessID", status, &error);
	else if (pid != (uint32_t)getpid())
		result = fail("systemd is in another PID namespace, where the pids of here are "
			      "other processes'");
	sd_bus_error_free(&error);
	return result;
}
