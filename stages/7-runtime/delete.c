/*
 * What must hold: it works from the record alone, in the order in which nothing gets lost. First
 * the processes: the init, and the kernel kills its PID namespace with it, or all in the cgroup,
 * where it has no such namespace of its own (and the init, should its creator have been killed
 * before it was moved there). Then the cgroup, and the record last: as long as something is left,
 * somebody can try again. A process of the host's that has entered the cgroup is not killed.
 */
#include "7-runtime/delete.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "4-cgroups/members.h"
#include "7-runtime/hooks.h"
#include "7-runtime/resctrl.h"
#include "7-runtime/systemd/scope.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"

enum { DEATH_MILLISECONDS = 10000, LOOK_MILLISECONDS = 100 };

/* Waits for the end of a process that has been killed. What is frozen meanwhile is let go. */
static int await_death(int init, const struct cgroup *cgroup)
{
	struct pollfd death = {.fd = init, .events = POLLIN};
	for (int waited = 0; waited < DEATH_MILLISECONDS; waited += LOOK_MILLISECONDS) {
		if (cgroup)
			cgroup_thaw(cgroup);
		if (poll(&death, 1, LOOK_MILLISECONDS) > 0)
			return 0;
	}
	return -1;
}

/* The kernel kills the whole PID namespace with its init. */
static int kill_init(const struct record *record, const struct cgroup *cgroup)
{
	if (!record_init_lives(record))
		return 0;
	step("pidfd_send_signal: SIGKILL to the init, %d", (int)record->pid);
	_cleanup_fd int init = pidfd_open((pid_t)record->pid, 0);
	if (init < 0)
		return errno == ESRCH ? 0 : fail_errno();
	/* Between the look at its start time and the open it may have become another's pid. */
	if (!record_init_lives(record))
		return 0;
	if (pidfd_send_signal(init, SIGKILL, NULL, 0) < 0 && errno != ESRCH)
		return fail_errno();
	if (await_death(init, cgroup) == 0)
		return 0;
	fail("the init, %d, does not die", (int)record->pid);
	return fail_hint("see /proc/%d/stack and TracerPid in /proc/%d/status; then try again",
		(int)record->pid, (int)record->pid);
}

/* All of such a container is in the PID namespace that ends with its init. */
static bool ends_with_init(const struct record *record, const struct config *config)
{
	const struct config_namespace *pids = config ? config_namespace(config, CLONE_NEWPID)
						     : NULL;
	return record->pid > 0 && pids && !pids->path;
}

static bool is_of_our_namespace(pid_t pid)
{
	char path[32];
	struct stat theirs, ours;
	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	return stat(path, &theirs) < 0 || stat("/proc/self/ns/pid", &ours) < 0 ||
	       theirs.st_ino == ours.st_ino;
}

/* An init that the record no longer tells: it is in another PID namespace than the host's. */
static int kill_inside(const struct cgroup *cgroup)
{
	struct process_list list = {};
	int result = cgroup_processes(cgroup, &list);
	for (size_t i = 0; result == 0 && i < list.count; i++) {
		_cleanup_fd int process = pidfd_open(list.pids[i], 0);
		if (process >= 0 && !is_of_our_namespace(list.pids[i]))
			pidfd_send_signal(process, SIGKILL, NULL, 0);
	}
	free(list.pids);
	cgroup_thaw(cgroup);
	return result;
}

/* Who else is in its cgroup then belongs to the host. Otherwise that alone tells what is ours. */
static int empty_cgroup(const struct record *record, const struct config *config)
{
	__attribute__((cleanup(cgroup_close))) struct cgroup cgroup = {.unified = -1};
	if (!record->cgroup)
		return kill_init(record, NULL);
	if (record_open_cgroup(record, record->cgroup, &cgroup) < 0)
		return -1;
	if (ends_with_init(record, config))
		return kill_init(record, &cgroup) < 0 || kill_inside(&cgroup) < 0
			       ? -1
			       : cgroup_remove_emptied(&cgroup);
	return cgroup_remove(&cgroup) < 0 ? -1 : kill_init(record, NULL);
}

static int delete_remains(const struct record *record, const struct config *config)
{
	int gone = record->scope ? systemd_stop(record) : empty_cgroup(record, config);
	if (gone < 0 || (record->scope && kill_init(record, NULL) < 0) ||
		resctrl_remove(record->resctrl_monitor) < 0 || resctrl_remove(record->resctrl) < 0)
		return -1;
	return record_forget(record);
}

/* Where nothing is on record there may be none. */
static struct config *kept_config(const struct record *record)
{
	struct config *config = record_config(record);
	if (!config && record->bundle)
		warn("%s; which hooks to run after the stop is not known", error_message());
	if (!config)
		error_clear();
	return config;
}

int delete_container(const struct record *record, const struct config *config)
{
	/* With the record goes the config that is there. */
	struct config *kept = config ? NULL : kept_config(record);
	if (kept)
		config = kept;
	int result = delete_remains(record, config);
	if (result == 0 && config)
		hooks_run_all(&config->hooks.poststop, "hooks.poststop", record, STOPPED);
	config_free(kept);
	return result;
}

int delete_failed(const struct record *record, const struct config *config)
{
	/* Nobody may be there to read it. */
	record_unlock(record);
	int status = error_report();
	error_clear();
	int result = record_lock(record);
	if (result == 0)
		result = delete_container(record, config);
	else if (errno == ENOENT)
		result = 0; /* somebody else has deleted it */
	if (result < 0)
		warn("%s", error_message());
	error_clear();
	return fail_reported(status);
}
