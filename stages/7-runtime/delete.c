/*
 * What must hold: it works from the record alone, in the order in which nothing gets lost. First
 * the cgroup with all the processes in it, then the init, should its creator have been killed
 * before it was moved there, and the record last: as long as something is left, somebody can try
 * again.
 */
#include "7-runtime/delete.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "4-cgroups/members.h"
#include "7-runtime/hooks.h"
#include "7-runtime/resctrl.h"
#include "7-runtime/systemd/scope.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"

enum { DEATH_MILLISECONDS = 10000 };

/* The kernel kills the whole PID namespace with its init. */
static int kill_init(const struct record *record)
{
	if (record->pid <= 0 || record_start_time((pid_t)record->pid) != record->start_time)
		return 0;
	step("pidfd_send_signal: SIGKILL to the init, %d", (int)record->pid);
	_cleanup_fd int init = pidfd_open((pid_t)record->pid, 0);
	if (init < 0)
		return errno == ESRCH ? 0 : fail_errno();
	/* Between the look at its start time and the open it may have become another's pid. */
	if (record_start_time((pid_t)record->pid) != record->start_time)
		return 0;
	if (pidfd_send_signal(init, SIGKILL, NULL, 0) < 0 && errno != ESRCH)
		return fail_errno();
	struct pollfd death = {.fd = init, .events = POLLIN};
	if (poll(&death, 1, DEATH_MILLISECONDS) == 0)
		return fail("the init, %d, does not die; is it stuck in the kernel?",
			(int)record->pid);
	return 0;
}

static int remove_cgroup(const struct record *record)
{
	struct cgroup cgroup;
	if (!record->cgroup)
		return 0;
	if (cgroup_open(&cgroup, record->cgroup) < 0)
		return -1;
	int removed = cgroup_remove(&cgroup);
	cgroup_close(&cgroup);
	return removed;
}

/* A frozen cgroup holds even a SIGKILL up; cgroup_remove() thaws it. So it comes first. */
static int delete_remains(const struct record *record)
{
	int gone = record->scope ? systemd_stop(record) : remove_cgroup(record);
	if (gone < 0 || kill_init(record) < 0 || resctrl_remove(record->resctrl_monitor) < 0 ||
		resctrl_remove(record->resctrl) < 0)
		return -1;
	return record_forget(record);
}

int delete_container(const struct record *record, const struct config *config)
{
	/* With the record goes the config that is there. */
	struct config *kept = config ? NULL : record_config(record);
	if (kept)
		config = kept;
	int result = delete_remains(record);
	if (result == 0 && config)
		hooks_run_all(&config->hooks.poststop, "hooks.poststop", record, STOPPED);
	config_free(kept);
	return result;
}

int delete_failed(const struct record *record, const struct config *config)
{
	int status = error_report();
	error_clear();
	if (delete_container(record, config) < 0)
		warn("%s", error_message());
	error_clear();
	return fail_reported(status);
}
