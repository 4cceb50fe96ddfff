/*
 * The way in is that of setns(2): a process that has entered the namespaces of the container's init
 * clones another, which is inside from its birth. It brings nothing with it: the root and the
 * working directory are those of the mount namespace, the files of the host are closed.
 *
 * What must hold: it gets all that the init got (its cgroup, its seccomp filter, its capabilities
 * at most). A process that is less shut in than the container is the way out of it.
 */
#include "7-runtime/enter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "4-cgroups/members.h"
#include "6-oci/container.h"
#include "6-oci/join.h"
#include "7-runtime/process/affinity.h"
#include "7-runtime/release.h"
#include "7-runtime/resctrl.h"
#include "7-runtime/sub_cgroup.h"
#include "7-runtime/systemd/scope.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/handshake.h"
#include "common/step.h"
#include "common/text.h"

static int before_user(void *what, int line)
{
	const struct entry *entry = what;
	return setup_as_root(&entry->setup, line);
}

static int after_user(void *what, int line)
{
	const struct entry *entry = what;
	return setup_as_user(&entry->setup, line);
}

static int ready(void *what, int line)
{
	const struct entry *entry = what;
	if (setup_with_parent(&entry->setup, line) < 0 || release_await(line, NULL) < 0)
		return -1;
	return setup_last(&entry->setup, line);
}

/*
 * Until the exec it has more rights than those who are in there already. Nobody may look at its
 * memory or its files, or be its debugger. (With root none of this program's processes can be
 * looked at; see shelter.c.)
 */
static int hide(void)
{
	step("prctl: let nobody inside look at this process (PR_SET_DUMPABLE)");
	return prctl(PR_SET_DUMPABLE, 0) < 0 ? fail_errno() : 0;
}

static int receive_proc(struct entry *entry, int line)
{
	if (release_await_word(line, 'p', &entry->setup.proc) < 0)
		return -1;
	if (entry->setup.proc >= 0)
		return 0;
	/* A process with too many open files gets the word without the file. */
	errno = EMFILE;
	step("recvmsg: take the own directory in /proc from the parent");
	return fail_errno();
}

static int inside(void *what, int line)
{
	struct entry *entry = what;
	const struct config_process *process = entry->setup.process;
	const struct container_more more = {.before_user = before_user,
		.after_user = after_user,
		.ready = ready,
		.what = what};
	narrate_process("exec");
	if (hide() < 0 || container_close_files(entry->kept, entry->kept_count, line) < 0 ||
		setup_leave_session(process) < 0 || receive_proc(entry, line) < 0 ||
		container_make_terminal(process, line, false) < 0)
		return -1;
	return container_execute(process, &more, line);
}

/* The init may end, and its pid become another's, while its namespaces are opened. */
static int open_namespaces(const struct record *record, struct joins *joins)
{
	if (joins_from_process(joins, (pid_t)record->pid) < 0 && errno != ENOENT)
		return -1;
	if (record_start_time((pid_t)record->pid) == record->start_time)
		return 0;
	error_clear();
	return fail("cannot exec in a stopped container");
}

/* What has been taken away cannot hold the process as it held the others. */
static int check_cgroup(const struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->in.count; i++) {
		const struct hierarchy *hierarchy = &cgroup->in.list[i];
		/* Where we could have made none, there never was one. */
		if (!cgroup_exists_in(cgroup, hierarchy) && access(hierarchy->mount, W_OK) == 0)
			return fail("the container's cgroup is gone: %s%s", hierarchy->mount,
				cgroup->path);
	}
	return 0;
}

static int open_cgroup(const struct entry *entry, struct cgroup *cgroup, struct sub_cgroups *below)
{
	const struct record *record = entry->record;
	*cgroup = (struct cgroup){.unified = -1};
	if (!record->cgroup)
		return 0;
	if (record_open_cgroup(record, record->cgroup, cgroup) < 0 || check_cgroup(cgroup) < 0 ||
		sub_cgroups_find(below, entry->sub_cgroups, cgroup) < 0)
		return -1;
	sub_cgroups_replace(below, cgroup);
	/* Without root the way there leads over cgroups of root's; systemd does it later. */
	if (systemd_attach_needed(record))
		cgroup_close(cgroup);
	return 0;
}

static int move(const struct entry *entry, const struct sub_cgroups *below, pid_t pid)
{
	const struct text_list *wanted = entry->sub_cgroups;
	if (!systemd_attach_needed(entry->record))
		return sub_cgroups_join(below, pid);
	return systemd_attach(entry->record, wanted->count ? wanted->items[0] : NULL, pid);
}

/* The child waits. It is in the container's cgroup, unless systemd has to move it there. */
static int prepare(const struct entry *entry, const struct sub_cgroups *below, pid_t pid)
{
	const struct config_process *process = entry->setup.process;
	struct resctrl resctrl;
	if (move(entry, below, pid) < 0)
		return -1;
	if (resctrl_locate(&resctrl, entry->setup.config->linux.intel_rdt, RESCTRL_ROOT,
		    entry->record->id) < 0 ||
		resctrl_join(&resctrl, pid) < 0 ||
		affinity_final(process->exec_cpu_affinity, pid) < 0)
		return -1;
	return setup_from_outside(process, pid);
}

/* The last that the parent does for it: opens what it cannot reach any more. */
static int send_proc(struct child *child)
{
	char name[16];
	snprintf(name, sizeof(name), "%d", child->pid);
	_cleanup_fd int proc = setup_open_proc(name);
	return proc < 0 ? -1 : handshake_send(child->line, 'p', proc);
}

int enter_container(struct entry *entry)
{
	__attribute__((cleanup(joins_close))) struct joins joins = {};
	__attribute__((cleanup(cgroup_close))) struct cgroup cgroup = {.unified = -1};
	__attribute__((cleanup(sub_cgroups_release))) struct sub_cgroups below = {};
	if (open_namespaces(entry->record, &joins) < 0 || open_cgroup(entry, &cgroup, &below) < 0 ||
		affinity_initial(entry->setup.process->exec_cpu_affinity) < 0 ||
		join_and_spawn(&entry->child, &joins, &cgroup, inside, entry) < 0)
		return -1;
	if (prepare(entry, &below, entry->child.pid) < 0 || spawn_release(&entry->child) < 0 ||
		send_proc(&entry->child) < 0)
		return spawn_give_up(&entry->child);
	return 0;
}
