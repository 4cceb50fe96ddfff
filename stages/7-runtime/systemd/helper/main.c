/*
 * cooper-systemd: asks systemd for a container's cgroup. cooper runs it; it is of no use by hand.
 *
 *	cooper-systemd check system|user SCOPE
 *		that systemd can be reached, and has no unit with this name
 *	cooper-systemd start system|user SCOPE DESCRIPTION SLICE PID [FILE=TEXT...]
 *		a scope with the process in it; what the files of cgroup v2 would be told, and
 *		annotations with properties (property.h), "org.systemd.property.NAME=VALUE"
 *	cooper-systemd attach system|user SCOPE SUBCGROUP PID
 *		a further process, into a cgroup of the scope's, "/container"
 *	cooper-systemd set system|user SCOPE [FILE=TEXT...]
 *	cooper-systemd stop system|user SCOPE DESCRIPTION
 *		kills all in it, and waits for its end; but only if it is the one so described
 *
 * It is a program of its own since D-Bus comes with a library that exists only as a shared one:
 * cooper itself stays static, and who needs no systemd needs none of that.
 *
 * What must hold: it says what went wrong in one line, and exits with 1 then. It does not outlive a
 * cooper that waits for it, so that no scope comes into being that nobody waits for any more.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "7-runtime/systemd/helper/manager.h"
#include "7-runtime/systemd/helper/properties.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"
#include "common/text.h"

static int check(struct manager *manager, char **words)
{
	_cleanup_free char *description = NULL;
	if (manager_check_pids(manager) < 0 ||
		manager_describe(manager, words[0], &description) < 0)
		return -1;
	return description ? fail("there is a unit %s already: \"%s\"", words[0], description) : 0;
}

static int read_pid(const char *word, uint32_t *pid)
{
	int64_t number;
	if (text_number("pid", word, 1, INT32_MAX, &number) < 0)
		return -1;
	*pid = (uint32_t)number;
	return 0;
}

/* Delegate: what is below its cgroup is ours. CollectMode: a failed one is forgotten, too. */
static int add_scope(sd_bus_message *call, const char *description, const char *slice, uint32_t pid)
{
	return sd_bus_message_append(call, "(sv)(sv)(sv)(sv)(sv)(sv)", "Description", "s",
		description, "Slice", "s", slice, "CollectMode", "s", "inactive-or-failed",
		"Delegate", "b", 1, "DefaultDependencies", "b", 0, "PIDs", "au", 1, pid);
}

static int start(struct manager *manager, char **words)
{
	_cleanup_message sd_bus_message *call = NULL;
	unsigned version;
	uint32_t pid;
	if (read_pid(words[3], &pid) < 0 || manager_version(manager, &version) < 0 ||
		manager_begin(manager, "StartTransientUnit", &call) < 0)
		return -1;
	int status = sd_bus_message_append(call, "ss", words[0], "fail");
	if (status >= 0)
		status = sd_bus_message_open_container(call, 'a', "(sv)");
	if (status >= 0)
		status = add_scope(call, words[1], words[2], pid);
	if (status >= 0)
		status = properties_add(call, version, words + 4);
	if (status >= 0)
		status = sd_bus_message_close_container(call);
	if (status >= 0)
		status = sd_bus_message_append(call, "a(sa(sv))", 0);
	if (status < 0)
		return manager_failed("StartTransientUnit", status, NULL);
	return manager_call_job(manager, call);
}

static int attach(struct manager *manager, char **words)
{
	_cleanup_message sd_bus_message *call = NULL;
	uint32_t pid;
	if (read_pid(words[2], &pid) < 0 || manager_check_pids(manager) < 0 ||
		manager_begin(manager, "AttachProcessesToUnit", &call) < 0)
		return -1;
	int status = sd_bus_message_append(call, "ssau", words[0], words[1], 1, pid);
	if (status < 0)
		return manager_failed("AttachProcessesToUnit", status, NULL);
	return manager_call(manager, call, NULL);
}

static int set(struct manager *manager, char **words)
{
	_cleanup_message sd_bus_message *call = NULL;
	unsigned version;
	if (manager_version(manager, &version) < 0 ||
		manager_begin(manager, "SetUnitProperties", &call) < 0)
		return -1;
	int status = sd_bus_message_append(call, "sb", words[0], 1);
	if (status >= 0)
		status = sd_bus_message_open_container(call, 'a', "(sv)");
	if (status >= 0)
		status = properties_add(call, version, words + 1);
	if (status >= 0)
		status = sd_bus_message_close_container(call);
	if (status < 0)
		return manager_failed("SetUnitProperties", status, NULL);
	return manager_call(manager, call, NULL);
}

/* To stop it by the book would give its processes a minute and a half to end by themselves. */
static int kill_all(struct manager *manager, const char *scope)
{
	_cleanup_message sd_bus_message *call = NULL;
	if (manager_begin(manager, "KillUnit", &call) < 0)
		return -1;
	int status = sd_bus_message_append(call, "ssi", scope, "all", SIGKILL);
	return status < 0 ? manager_failed("KillUnit", status, NULL)
			  : manager_call(manager, call, NULL);
}

static int stop_job(struct manager *manager, const char *scope)
{
	_cleanup_message sd_bus_message *call = NULL;
	if (manager_begin(manager, "StopUnit", &call) < 0)
		return -1;
	int status = sd_bus_message_append(call, "ss", scope, "replace");
	return status < 0 ? manager_failed("StopUnit", status, NULL)
			  : manager_call_job(manager, call);
}

/* A scope goes by itself when its last process does, so it may at any point of this. */
static int stop(struct manager *manager, char **words)
{
	_cleanup_free char *before = NULL, *after = NULL;
	if (manager_describe(manager, words[0], &before) < 0)
		return -1;
	if (!before || strcmp(before, words[1]) != 0)
		return 0;
	if (kill_all(manager, words[0]) < 0)
		error_clear();
	if (stop_job(manager, words[0]) == 0)
		return 0;
	if (sd_bus_is_open(manager->bus) <= 0 || manager_describe(manager, words[0], &after) < 0)
		return -1;
	if (after && !strcmp(after, words[1]))
		return -1;
	error_clear();
	return 0;
}

static const struct {
	const char *name;
	int words;
	int (*run)(struct manager *manager, char **words);
} verbs[] = {
	{"check", 1, check},
	{"start", 4, start},
	{"attach", 3, attach},
	{"set", 1, set},
	{"stop", 2, stop},
};

static int run(int argc, char **argv)
{
	for (size_t i = 0; argc > 3 && i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strcmp(verbs[i].name, argv[1]) != 0 || argc - 3 < verbs[i].words)
			continue;
		struct manager manager;
		int result = manager_open(&manager, strcmp(argv[2], "user") == 0);
		if (result == 0)
			result = verbs[i].run(&manager, argv + 3);
		manager_close(&manager);
		return result;
	}
	return fail("this program is for cooper's use, with --systemd-cgroup");
}

int main(int argc, char **argv)
{
	narrate_as("systemd");
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		fail_errno();
	return run(argc, argv) < 0 ? error_report() : 0;
}
