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

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "2-namespaces/namespaces.h"
#include "4-cgroups/members.h"
#include "6-oci/config_tables.h"
#include "6-oci/doors.h"
#include "6-oci/errors.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/handshake.h"
#include "common/process.h"
#include "common/step.h"

/* The exit status of the process in between that says so; no error's. */
enum { CGROUP_FULL = 100 };

void joins_close(const struct joins *joins)
{
	for (size_t i = 0; i < joins->count; i++)
		close(joins->fds[i]);
}

static bool is_own(int namespace, const char *name)
{
	char path[32];
	struct stat theirs, ours;
	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	return fstat(namespace, &theirs) == 0 && stat(path, &ours) == 0 &&
	       theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

/*
 * Entering takes power over the user namespace that a namespace belongs to. That over our own is
 * lost on the way into another one; that over what belongs there is won by it.
 */
static enum turn turn_of(int namespace, uint64_t type)
{
	if (type == CLONE_NEWUSER)
		return USER;
	_cleanup_fd int owner = ioctl(namespace, NS_GET_USERNS);
	return owner >= 0 && is_own(owner, "user") ? OURS : THEIRS;
}

static void add(struct joins *joins, uint64_t type, int fd, int index)
{
	joins->indexes[joins->count] = index;
	joins->types[joins->count] = type;
	joins->turns[joins->count] = turn_of(fd, type);
	joins->fds[joins->count++] = fd;
	joins->joined |= type;
}

static const char *type_name(uint64_t type)
{
	for (const struct config_choice *known = config_choices("linux.namespaces.type");
		known->name; known++)
		if (known->value == type)
			return known->name;
	return "unknown";
}

/* See ioctl_ns(2). setns(2) would notice, but when other things have been done already. */
static int open_namespace(const struct config_namespace *namespace, size_t i)
{
	step_for("linux.namespaces[%zu].path", i);
	step("open: the namespace %s", namespace->path);
	_cleanup_fd int fd = open(namespace->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return fail_errno();
	int type = ioctl(fd, NS_GET_NSTYPE);
	if (type < 0)
		return fail("expected a %s namespace, found something else: %s",
			namespace->type->name, quoted(namespace->path));
	if ((uint64_t)type != namespace->type->value)
		return fail("expected a %s namespace, found a %s namespace: %s",
			namespace->type->name, type_name((uint64_t)type), quoted(namespace->path));
	step_for(NULL);
	return steal_fd(&fd);
}

/* All are opened before the first is entered: afterwards their paths may mean something else. */
int joins_from_config(struct joins *joins, const struct config *config)
{
	/*
	 * The child makes two itself: the one for cgroups once it is in its own, and the one for
	 * time because only an empty one can be set.
	 */
	const uint64_t by_child = CLONE_NEWCGROUP | CLONE_NEWTIME;
	*joins = (struct joins){};
	for (size_t i = 0; i < config->linux.namespaces.count; i++) {
		const struct config_namespace *namespace = &config->linux.namespaces.items[i];
		uint64_t type = namespace->type->value;
		/* Task 6.4: without a path it is a new one: @type is a flag of clone(2), and goes
		 * to joins->made, unless it is one of @by_child. With a path it exists already:
		 * open it and add() it, so that enter() can pass it to setns(2).
		 *
		 * Until then: joins->made |= type & ~by_child;
		 */
		if (!namespace->path) {
			joins->made |= type & ~by_child;
			continue;
		}
		int fd = open_namespace(namespace, i);
		if (fd < 0)
			return -1;
		add(joins, type, fd, (int)i);
		/* End of task 6.4. */
	}
	return 0;
}

int joins_from_process(struct joins *joins, pid_t pid)
{
	static const struct {
		const char *name;
		uint64_t type;
	} namespaces[] = {{"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS}, {"pid", CLONE_NEWPID},
		{"uts", CLONE_NEWUTS}, {"ipc", CLONE_NEWIPC}, {"net", CLONE_NEWNET},
		{"cgroup", CLONE_NEWCGROUP}, {"time", CLONE_NEWTIME}};
	*joins = (struct joins){};
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(*namespaces); i++) {
		char path[48];
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, namespaces[i].name);
		step("open: the namespace %s", path);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT && namespaces[i].type == CLONE_NEWTIME)
			continue; /* older than Linux 5.6, or built without them */
		if (fd < 0)
			return fail_errno();
		if (is_own(fd, namespaces[i].name))
			close(fd);
		else
			add(joins, namespaces[i].type, fd, -1);
	}
	return 0;
}

static int enter(const struct joins *joins, enum turn turn)
{
	for (size_t i = 0; i < joins->count; i++) {
		if (joins->turns[i] != turn)
			continue;
		if (joins->indexes[i] >= 0)
			step_for("linux.namespaces[%d]", joins->indexes[i]);
		step("setns: enter the%s namespace", namespaces_text(joins->types[i]));
		if (setns(joins->fds[i], (int)joins->types[i]) < 0)
			return fail_errno();
	}
	step_for(NULL);
	return 0;
}

/* What the child does, and how it gets into its cgroup. */
struct arrival {
	struct cgroup_doors doors;
	int cgroup; /* the v2 one, to be born in; or -1 */
	child_main *inside;
	void *what;
};

/* The process in between. */
static void __attribute__((noreturn)) clone_within(const struct joins *joins,
	struct handshake *handshake, int report, const struct arrival *arrival)
{
	narrate_process("joining");
	if (enter(joins, OURS) < 0 || enter(joins, USER) < 0 || enter(joins, THEIRS) < 0)
		_exit(error_report());
	step("clone3: the container's init, with new namespaces:%s", namespaces_text(joins->made));
	pid_t pid = process_clone(joins->made | CLONE_PARENT, arrival->cgroup, NULL);
	if (pid == 0) {
		/* The reader must see the end of it when this process's maker is killed. */
		close(report);
		spawn_child(handshake_as_child(handshake),
			(joins->made | joins->joined) & CLONE_NEWUSER, arrival->inside,
			arrival->what);
	}
	if (pid < 0 && errno == EAGAIN && arrival->cgroup >= 0)
		_exit(CGROUP_FULL);
	if (pid < 0 || write(report, &pid, sizeof(pid)) != sizeof(pid))
		_exit(error_report());
	_exit(0);
}

static int spawn_through(struct child *child, const struct joins *joins,
	const struct arrival *arrival)
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
		clone_within(joins, &handshake, report[1], arrival);
	child->line = handshake_as_parent(&handshake);
	close(report[1]);
	_cleanup_fd int pids = report[0];
	if (between < 0)
		return fail_errno();
	step("read: the pid of the container's init");
	ssize_t told = read(pids, &child->pid, sizeof(child->pid));
	if (told < 0)
		return fail_errno();
	int status = process_wait(between);
	if (status < 0)
		return -1;
	if (told == 0 && WIFEXITED(status) && WEXITSTATUS(status) == CGROUP_FULL) {
		errno = EAGAIN;
		return fail_errno();
	}
	if (told != sizeof(child->pid) || status != 0)
		return fail_reported(EXIT_ERROR);
	step("pidfd_open: the container's init");
	child->pidfd = pidfd_open(child->pid, 0);
	return child->pidfd < 0 ? fail_errno() : 0;
}

/* In namespaces of its own only: it can do that itself, and nobody waits until it has. */
static int arrive(void *what, int line)
{
	const struct arrival *arrival = what;
	return cgroup_doors_enter(&arrival->doors) < 0 ? -1 : arrival->inside(arrival->what, line);
}

/*
 * A process cannot be born in a cgroup that has as many as it may (a limit of 0 is one, too), but
 * it can be moved there: pids.max holds for fork(2) alone.
 */
static int spawn_or_move(struct child *child, const struct joins *joins, struct arrival *arrival)
{
	int result = joins->count > 0 ? spawn_through(child, joins, arrival)
				      : spawn(child, joins->made, arrival->cgroup, arrive, arrival);
	if (result == 0 || errno != EAGAIN || arrival->cgroup < 0)
		return result;
	error_clear();
	step("skip: the cgroup is full; the process will be moved there");
	arrival->cgroup = -1;
	return spawn_or_move(child, joins, arrival);
}

int join_and_spawn(struct child *child, const struct joins *joins, const struct cgroup *cgroup,
	child_main *inside, void *what)
{
	/*
	 * In somebody else's user namespace the cgroup's files are not ours to write, and from
	 * inside another cgroup namespace the own cgroup is not to be seen.
	 */
	bool can_write = !(joins->joined & (CLONE_NEWUSER | CLONE_NEWCGROUP));
	struct arrival arrival = {
		.cgroup = can_write ? cgroup->unified : -1,
		.inside = inside,
		.what = what,
	};
	if ((joins->count == 0 && cgroup_doors_open(&arrival.doors, cgroup) < 0) ||
		spawn_or_move(child, joins, &arrival) < 0) {
		cgroup_doors_close(&arrival.doors);
		return -1;
	}
	cgroup_doors_close(&arrival.doors);
	/* Through somebody else's it is moved: what it enters may stand still. */
	if ((joins->count > 0 && cgroup_join(cgroup, child->pid) < 0) ||
		(arrival.cgroup < 0 && cgroup_join_unified(cgroup, child->pid) < 0))
		return spawn_give_up(child);
	return 0;
}
