/*
 * New namespaces come with the clone. Existing ones are entered with setns(2), and the order is
 * given by who may do what: a user namespace must be entered first, since it decides what may be
 * done with the rest; new namespaces must be made after that, so that they belong to it; and a PID
 * namespace holds for children only, never for the process that enters it.
 *
 * So where anything is joined a second process stands in between for a moment. It enters the
 * namespaces, clones the child with CLONE_PARENT, which makes it this process's child, and is gone.
 */
#include "6-oci/join.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "2-namespaces/namespaces.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/handshake.h"
#include "common/process.h"
#include "common/step.h"

struct joins {
	uint64_t new;    /* CLONE_NEW* flags of the namespaces to make */
	uint64_t joined; /* and of those to enter */
	int fds[8];      /* the latter, opened, in the order of the config */
	uint64_t types[8];
	size_t indexes[8]; /* where in the config */
	size_t count;
};

static void release_joins(const struct joins *joins)
{
	for (size_t i = 0; i < joins->count; i++)
		close(joins->fds[i]);
}

/* All are opened before the first is entered: afterwards their paths may mean something else. */
static int open_joins(struct joins *joins, const struct config *config)
{
	for (size_t i = 0; i < config->linux.namespaces.count; i++) {
		const struct config_namespace *namespace = &config->linux.namespaces.items[i];
		uint64_t type = namespace->type->value;
		if (!namespace->path) {
			/* The child makes this one itself, once it is in its cgroup. */
			joins->new |= type == CLONE_NEWCGROUP ? 0 : type;
			continue;
		}
		step_for("linux.namespaces[%zu]", i);
		step("open: the namespace %s", namespace->path);
		int fd = open(namespace->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		if (fd < 0)
			return fail_errno();
		joins->indexes[joins->count] = i;
		joins->types[joins->count] = type;
		joins->fds[joins->count++] = fd;
		joins->joined |= type;
	}
	step_for(NULL);
	return 0;
}

/* setns(2) checks that the namespace is of the type that the config says it is. */
static int enter(const struct joins *joins, bool user)
{
	for (size_t i = 0; i < joins->count; i++) {
		if ((joins->types[i] == CLONE_NEWUSER) != user)
			continue;
		step_for("linux.namespaces[%zu]", joins->indexes[i]);
		step("setns: enter the%s namespace", namespaces_text(joins->types[i]));
		if (setns(joins->fds[i], (int)joins->types[i]) < 0)
			return fail_errno();
	}
	step_for(NULL);
	return 0;
}

/* The process in between. */
static void __attribute__((noreturn)) clone_within(const struct joins *joins, int cgroup,
	struct handshake *handshake, int report, child_main *inside, void *what)
{
	narrate_process("joining");
	if (enter(joins, true) < 0 || enter(joins, false) < 0)
		_exit(error_report());
	step("clone3: the container's init, with new namespaces:%s", namespaces_text(joins->new));
	pid_t pid = process_clone(joins->new | CLONE_PARENT, cgroup, NULL);
	if (pid == 0)
		spawn_child(handshake_as_child(handshake),
			(joins->new | joins->joined) & CLONE_NEWUSER, inside, what);
	if (pid < 0 || write(report, &pid, sizeof(pid)) != sizeof(pid))
		_exit(error_report());
	_exit(0);
}

static int spawn_through(struct child *child, const struct joins *joins, int cgroup,
	child_main *inside, void *what)
{
	struct handshake handshake;
	int report[2];
	if (handshake_make(&handshake) < 0 || signals_hold() < 0)
		return -1;
	step("fork: a process that enters namespaces and clones the container's init there");
	if (pipe2(report, O_CLOEXEC) < 0)
		return fail_errno();
	pid_t between = fork();
	if (between == 0)
		clone_within(joins, cgroup, &handshake, report[1], inside, what);
	child->line = handshake_as_parent(&handshake);
	close(report[1]);
	_cleanup_fd int pids = report[0];
	if (between < 0)
		return fail_errno();
	bool told = read(pids, &child->pid, sizeof(child->pid)) == sizeof(child->pid);
	int status = process_wait(between);
	if (!told || status != 0)
		return fail_reported(EXIT_ERROR);
	step("pidfd_open: the container's init");
	child->pidfd = pidfd_open(child->pid, 0);
	return child->pidfd < 0 ? fail_errno() : 0;
}

int join_and_spawn(struct child *child, const struct config *config, int cgroup, bool *born_there,
	child_main *inside, void *what)
{
	__attribute__((cleanup(release_joins))) struct joins joins = {};
	if (open_joins(&joins, config) < 0)
		return -1;
	/* In somebody else's user namespace the cgroup's files are not ours to write. */
	if (joins.joined & CLONE_NEWUSER)
		cgroup = -1;
	*born_there = cgroup >= 0;
	if (joins.count == 0)
		return spawn(child, joins.new, cgroup, inside, what);
	return spawn_through(child, &joins, cgroup, inside, what);
}
