/*
 * One property of the config, one module beside this one; here is only their order, which the
 * kernel dictates: each step takes away what an earlier one needs.
 */
#include "7-runtime/process/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "7-runtime/process/capabilities.h"
#include "7-runtime/process/home.h"
#include "7-runtime/process/io_priority.h"
#include "7-runtime/process/keyring.h"
#include "7-runtime/process/label.h"
#include "7-runtime/process/memory_policy.h"
#include "7-runtime/process/personality.h"
#include "7-runtime/process/scheduler.h"
#include "7-runtime/process/time_namespace.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"

int setup_check(const struct config *config, const struct config_process *process)
{
	if (label_check(config, process) < 0 || scheduler_check(process->scheduler) < 0 ||
		memory_policy_check(config->linux.memory_policy) < 0)
		return -1;
	return time_namespace_check(config);
}

static int set_oom_score(const struct config_process *process, pid_t pid)
{
	char path[64], text[16];
	if (!process->oom_score_adj)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	snprintf(text, sizeof(text), "%d", *process->oom_score_adj);
	step_for("process.oomScoreAdj");
	if (file_write(AT_FDCWD, path, text) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

bool setup_needs_outside(const struct config_process *process)
{
	return process->oom_score_adj || process->io_priority || process->scheduler;
}

int setup_from_outside(const struct config_process *process, pid_t pid)
{
	if (set_oom_score(process, pid) < 0 || io_priority_apply(process->io_priority, pid) < 0)
		return -1;
	return scheduler_apply(process->scheduler, pid);
}

/*
 * What others inside may get hold of by /proc/PID/fd. With all of the host's /proc they would have
 * its /proc/sys.
 */
int setup_open_proc(const char *name)
{
	char path[32];
	struct statfs filesystem;
	snprintf(path, sizeof(path), "/proc/%s", name);
	step("open_tree: %s of the host alone, to be used from inside", path);
	_cleanup_fd int proc = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (proc < 0 && errno == EPERM)
		proc = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0 || fstatfs(proc, &filesystem) < 0)
		return fail_errno();
	if (filesystem.f_type != PROC_SUPER_MAGIC)
		return fail("%s: the host's /proc is no proc", path);
	return steal_fd(&proc);
}

/* One that gets a terminal makes a session for that. */
int setup_leave_session(const struct config_process *process)
{
	if (process->terminal)
		return 0;
	step("setsid: a session of its own");
	return setsid() < 0 ? fail_errno() : 0;
}

static int join_keyring(const struct setup *setup)
{
	if (setup->no_new_keyring)
		return 0;
	return keyring_join(setup->id, setup->process->selinux_label, setup->proc);
}

/* It takes away what the process could do after it, so it comes as late as can be. */
static int filter_at(const struct setup *setup, bool now, int line)
{
	return setup->seccomp.instructions && now ? seccomp_filter_load(&setup->seccomp, line) : 0;
}

int setup_as_root(const struct setup *setup, int line)
{
	if (join_keyring(setup) < 0 || personality_apply(setup->config->linux.personality) < 0 ||
		memory_policy_apply(setup->config->linux.memory_policy) < 0)
		return -1;
	if (capabilities_bound(setup->process->capabilities) < 0)
		return -1;
	return filter_at(setup, setup->seccomp.early, line);
}

static int gain_no_privileges(void)
{
	step_for("process.noNewPrivileges");
	step("prctl: no exec may gain privileges from here on (PR_SET_NO_NEW_PRIVS)");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}

int setup_as_user(const struct setup *setup, int line)
{
	(void)line;
	if (capabilities_set(setup->process->capabilities) < 0 ||
		home_set(setup->process, setup->proc) < 0)
		return -1;
	return setup->process->no_new_privileges ? gain_no_privileges() : 0;
}

int setup_with_parent(const struct setup *setup, int line)
{
	const struct seccomp_filter *filter = &setup->seccomp;
	return filter_at(setup, !filter->early && filter->notifies, line);
}

int setup_last(const struct setup *setup, int line)
{
	const struct seccomp_filter *filter = &setup->seccomp;
	if (label_apply(setup->process, setup->proc) < 0)
		return -1;
	return filter_at(setup, !filter->early && !filter->notifies, line);
}
