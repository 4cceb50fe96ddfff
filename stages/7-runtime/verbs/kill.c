/* cooper kill: a signal for a container's process. */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>

#include "4-cgroups/members.h"
#include "7-runtime/record.h"
#include "7-runtime/resources/freezer.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"
#include "common/text.h"

static struct {
	bool all;
} options;

/*
 * "TERM", "SIGTERM", "sigterm" or "15"; 0 only asks whether there is somebody to signal. Returns -1
 * with the error set for what is no signal.
 */
static int read_signal(const char *name)
{
	int64_t number;
	if (isdigit((unsigned char)*name))
		return text_number("signal", name, 0, SIGRTMAX, &number) < 0 ? -1 : (int)number;
	const char *rest = strncasecmp(name, "SIG", 3) == 0 ? name + 3 : name;
	for (int signal = 1; signal < NSIG; signal++) {
		const char *known = sigabbrev_np(signal);
		if (known && strcasecmp(known, rest) == 0)
			return signal;
	}
	return fail("unknown signal \"%s\"", name);
}

static int signal_init(const struct record *record, int signal)
{
	step("pidfd_send_signal: %d to the init, %d", signal, (int)record->pid);
	_cleanup_fd int init = pidfd_open((pid_t)record->pid, 0);
	/* The pid was the init's a moment ago; with the pidfd open it cannot become another's. */
	if (init < 0 || record_start_time((pid_t)record->pid) != record->start_time ||
		pidfd_send_signal(init, signal, NULL, 0) < 0)
		return fail_errno();
	return 0;
}

static int signal_all(const struct record *record, int signal)
{
	struct cgroup cgroup;
	if (cgroup_open(&cgroup, record->cgroup) < 0)
		return -1;
	int result = cgroup_signal(&cgroup, signal);
	cgroup_close(&cgroup);
	return result;
}

/* A frozen process of v1 does not even die before it is thawed. */
static int thaw(const struct record *record)
{
	struct cgroup cgroup;
	if (cgroup_open(&cgroup, record->cgroup) < 0)
		return -1;
	int result = freezer_set(&cgroup, false);
	cgroup_close(&cgroup);
	return result;
}

static int signal_container(const struct record *record, int signal)
{
	enum status status = record_status(record);
	int result;
	if (options.all && record->cgroup)
		result = signal_all(record, signal);
	else if (status != CREATED && status != RUNNING && status != PAUSED)
		result = fail("container not running: it is %s", status_name(status));
	else
		result = signal_init(record, signal);
	return result == 0 && status == PAUSED && signal == SIGKILL ? thaw(record) : result;
}

static int kill_verb(char **operands)
{
	int signal = read_signal(operands[1] ? operands[1] : "TERM");
	if (signal < 0)
		return error_report();
	struct record record;
	int result = record_open(&record, operands[0], true);
	if (result == 0)
		result = signal_container(&record, signal);
	record_close(&record);
	return result < 0 ? error_report() : 0;
}

static const struct flag flags[] = {
	{"all", NULL, "to every process of the container, not only its first", flag_switch, 0, 'a'},
	{},
};

static const struct flag_group groups[] = {{flags, &options}, {}};

const struct verb verb_kill = {
	.name = "kill",
	.run = kill_verb,
	.summary = "send a container a signal",
	.usage = "kill [--all] ID [SIGNAL]",
	.about = "Sends SIGNAL (a name or a number; default: TERM) to the container ID.",
	.groups = groups,
	.operands = 1,
	.optional = 1,
};
