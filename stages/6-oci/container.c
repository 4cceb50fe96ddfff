/*
 * The lessons of five stages in one order, with config.json in place of flags. There is no init in
 * between here: the specification wants the command itself to be the container's first process.
 *
 * What must hold: the command starts with everything that the config asks for or not at all. So
 * every step that fails ends the child, and nothing is left out.
 */
#include "6-oci/container.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "1-chroot/command.h"
#include "2-namespaces/namespaces.h"
#include "2-namespaces/signals.h"
#include "2-namespaces/userns.h"
#include "3-rootfs/rootfs.h"
#include "3-rootfs/terminal.h"
#include "4-cgroups/cgroup_namespace.h"
#include "4-cgroups/members.h"
#include "5-network/network.h"
#include "6-oci/identity.h"
#include "6-oci/join.h"
#include "6-oci/root.h"
#include "6-oci/sysctl.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/handshake.h"
#include "common/process.h"
#include "common/step.h"
#include "common/text.h"

typedef int moment(void *what, int line);

static int call(const struct container_more *more, moment *what_to_do, int line)
{
	return what_to_do ? what_to_do(more->what, line) : 0;
}

static int name_the_machine(const struct config *config)
{
	if (config->hostname) {
		step_for("hostname");
		if (namespaces_set_hostname(config->hostname) < 0)
			return -1;
	}
	if (config->domainname) {
		step_for("domainname");
		step("setdomainname: %s", config->domainname);
		if (setdomainname(config->domainname, strlen(config->domainname)) < 0)
			return fail_errno();
	}
	step_for(NULL);
	return 0;
}

static int settle(const struct config *config)
{
	if (name_the_machine(config) < 0)
		return -1;
	const struct config_namespace *cgroup = config_namespace(config, CLONE_NEWCGROUP);
	if (cgroup && !cgroup->path && cgroup_namespace_enter() < 0)
		return -1;
	const struct config_namespace *network = config_namespace(config, CLONE_NEWNET);
	if (network && !network->path && network_set_loopback_up() < 0)
		return -1;
	return sysctl_apply(config);
}

static int enter_root(const struct container *container, int line)
{
	const struct config *config = container->config;
	const struct container_more *more = &container->more;
	_cleanup_fd int root =
		root_build(config, container->rootfs, more->mounts.make ? &more->mounts : NULL);
	if (root < 0 || identity_make_directory(config->process, root) < 0 ||
		call(more, more->built, line) < 0)
		return -1;
	return root_enter(config, root, more->pivot);
}

static int become_the_user(const struct config_process *process, const struct container_more *more,
	int line)
{
	identity_own_streams(process);
	if (identity_limit(process) < 0 || call(more, more->before_user, line) < 0 ||
		identity_become(process) < 0 || call(more, more->after_user, line) < 0)
		return -1;
	/* The change of user has switched this off. */
	if (process_die_with_parent() < 0 || !handshake_alive(line))
		return fail_reported(EXIT_ERROR);
	return identity_change_directory(process);
}

int container_execute(const struct config_process *process, const struct container_more *more,
	int line)
{
	char program[PATH_MAX];
	if (become_the_user(process, more, line) < 0)
		return -1;
	step_for("process.args");
	const char *name = process->args.count ? process->args.items[0] : NULL;
	if (signals_let_go() < 0 || (name && command_find(name, process->env.items, program) < 0) ||
		call(more, more->ready, line) < 0)
		return -1;
	if (!name)
		return fail("there is nothing to execute");
	step_for("process.args");
	return command_execute(program, process->args.items, process->env.items);
}

static int rising(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int container_close_files(const int *kept, size_t count, int line)
{
	int *all = calloc(count + 1, sizeof(*all));
	if (!all)
		return fail("out of memory");
	for (size_t i = 0; i < count; i++)
		all[i] = kept[i];
	all[count] = line;
	qsort(all, count + 1, sizeof(*all), rising);
	int result = rootfs_close_inherited(all, count + 1);
	free(all);
	return result;
}

static int resize(int terminal, const struct config_console_size *asked)
{
	const struct winsize size = {.ws_row = asked->height, .ws_col = asked->width};
	step_for("process.consoleSize");
	step("ioctl: make the terminal %u by %u (TIOCSWINSZ)", asked->width, asked->height);
	if (ioctl(terminal, TIOCSWINSZ, &size) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}

int container_make_terminal(const struct config_process *process, int line, bool console)
{
	if (!process->terminal)
		return 0;
	if (!process->console_size)
		return terminal_hand_over(line, console);
	_cleanup_fd int master = terminal_make(console);
	if (master < 0 || resize(master, process->console_size) < 0)
		return -1;
	return handshake_send(line, 't', master);
}

/* The child, in its namespaces and its cgroup. */
static int inside(void *what, int line)
{
	const struct container *container = what;
	const struct container_more *more = &container->more;
	const struct config *config = container->config;
	const struct config_process *process = config->process;
	if (container_close_files(container->kept, container->kept_count, line) < 0 ||
		call(more, more->begun, line) < 0 || settle(config) < 0 ||
		enter_root(container, line) < 0 ||
		container_make_terminal(process, line, true) < 0 || root_close(config) < 0)
		return -1;
	return container_execute(process, more, line);
}

static int map_ids(const struct config *config, pid_t pid)
{
	const struct config_namespace *user = config_namespace(config, CLONE_NEWUSER);
	if (!user || user->path)
		return 0;
	step_for("linux.uidMappings");
	const struct config_linux *linux = &config->linux;
	if (userns_map(pid, linux->uid_mappings.items, linux->uid_mappings.count,
		    linux->gid_mappings.items, linux->gid_mappings.count) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

int container_spawn(struct container *container)
{
	__attribute__((cleanup(joins_close))) struct joins joins;
	const struct container_more *more = &container->more;
	struct child *child = &container->child;
	if (joins_from_config(&joins, container->config) < 0 ||
		join_and_spawn(child, &joins, container->cgroup, inside, container) < 0)
		return -1;
	if (map_ids(container->config, child->pid) < 0 ||
		(more->cloned && more->cloned(more->parent, child) < 0) || spawn_release(child) < 0)
		return spawn_give_up(child);
	return 0;
}

char *container_rootfs(const char *bundle, const struct config *config)
{
	const char *path = config->root.path;
	char *whole =
		text_format("%s%s%s", *path == '/' ? "" : bundle, *path == '/' ? "" : "/", path);
	if (!whole)
		return NULL;
	step("realpath: %s", whole);
	char *resolved = realpath(whole, NULL);
	free(whole);
	if (!resolved)
		fail_errno();
	return resolved;
}
