/* The processes of a cgroup, and how they and it end. */
#ifndef STAGE4_MEMBERS_H
#define STAGE4_MEMBERS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "4-cgroups/cgroup.h"

/*
 * Moves the process @pid into the cgroup in every v1 hierarchy where it exists. For v2, clone the
 * process into @cgroup->unified, or call cgroup_join_unified() where that cannot be. Both return 0,
 * or -1 with the error set. See cgroups(7) and CLONE_INTO_CGROUP in clone(2).
 */
int cgroup_join(const struct cgroup *cgroup, pid_t pid);
int cgroup_join_unified(const struct cgroup *cgroup, pid_t pid);

struct process_list {
	pid_t *pids; /* free it */
	size_t count;
};

/*
 * Adds the processes in the cgroup and in those below it to @list. Returns 0, or -1 with the error
 * set. One that lives in a PID namespace which we cannot see is not among them.
 */
int cgroup_processes(const struct cgroup *cgroup, struct process_list *list);

/*
 * Sends @signal to all of them; SIGKILL at one stroke where the kernel can (cgroup.kill, Linux
 * 5.14). Otherwise what is forked meanwhile may escape. Returns 0, or -1 with the error set.
 */
int cgroup_signal(const struct cgroup *cgroup, int signal);

/*
 * Kills what is left in the cgroup and removes it with all below it, from every hierarchy. What is
 * above it stays. Does nothing when there is none. Returns 0, or -1, with the error set, when it is
 * still busy after ten seconds in which nobody in it has died.
 */
int cgroup_remove(const struct cgroup *cgroup);

/*
 * The same when all that belongs there has been killed already: who is still in it has come from
 * outside, is left alone, and is named in the error.
 */
int cgroup_remove_emptied(const struct cgroup *cgroup);

/* Lets it go on, with all below it, where it is frozen: in v1 that holds even a SIGKILL up. */
void cgroup_thaw(const struct cgroup *cgroup);

/*
 * How often the kernel has killed in the cgroup for lack of memory; 0 when that is not known. In v1
 * the cgroups below it do not count.
 */
int64_t cgroup_oom_kills(const struct cgroup *cgroup);

/*
 * Says on stderr that the kernel has killed in the cgroup for lack of memory, if it has. @limit:
 * that on its memory. @status: the exit status of its main process, as a shell has it.
 */
void cgroup_report_oom(const struct cgroup *cgroup, const struct limit *limit, int status);

#endif
