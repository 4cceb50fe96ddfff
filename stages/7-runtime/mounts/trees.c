/*
 * Root of a user namespace is nobody on the host. It may not say how a filesystem of the host's
 * translates ids, nor walk to a volume that only root can reach. The creator may. So it copies such
 * a mount with open_tree(2), detached, sets it up, and sends the fd; the init attaches it, which
 * takes privilege over its own mounts only.
 *
 * An id-mapped mount translates with the maps of a user namespace. When the config brings maps of
 * its own, a process is cloned into a new user namespace for as long as it takes to open that.
 *
 * What must hold: the two sides agree on which mounts are sent, and in which order. Both look into
 * a list that was made before the clone.
 */
#include "7-runtime/mounts/trees.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "2-namespaces/userns.h"
#include "6-oci/arena.h"
#include "6-oci/mount_options.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/handshake.h"
#include "common/process.h"
#include "common/step.h"

static bool is_mapped(const struct config_mount *mount)
{
	return mount_has_option(mount, "idmap") || mount_has_option(mount, "ridmap") ||
	       mount->uid_mappings.count > 0;
}

static bool root_is_shared(const struct config *config)
{
	const struct config_choice *root = config->linux.rootfs_propagation;
	return root && root->value & MS_SHARED;
}

/* With the host: a volume that is shared, in a root that shall be shared. */
static bool shares_with_host(const struct config *config, const struct config_mount *mount)
{
	return root_is_shared(config) &&
	       (mount_has_option(mount, "shared") || mount_has_option(mount, "rshared"));
}

/*
 * Whether this process is root over the mounts around it: they belong to its user namespace, or to
 * one within that. Who is root in a user namespace alone, as by "unshare --user", has no say over
 * mounts: those are the host's. See NS_GET_USERNS in ioctl_ns(2). Returns 1, 0, or -1 with the
 * error set.
 */
static int has_mounts(void)
{
	if (geteuid() != 0)
		return 0;
	step("ioctl: NS_GET_USERNS: whose the mounts of /proc/self/ns/mnt are");
	_cleanup_fd int mounts = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	_cleanup_fd int owner = mounts < 0 ? -1 : ioctl(mounts, NS_GET_USERNS);
	if (owner < 0 && (mounts < 0 || errno != EPERM))
		return fail_errno();
	return owner >= 0;
}

/* Without root over the mounts here (@may) this process may do no more than the container's. */
static bool is_wanted(const struct config *config, const struct config_mount *mount, bool may)
{
	if (!mount_is_bind(mount) || mount_has_option(mount, "remount"))
		return false;
	return is_mapped(mount) || (may && (config_namespace(config, CLONE_NEWUSER) ||
						   shares_with_host(config, mount)));
}

int trees_choose(struct trees *trees, const struct config *config)
{
	size_t count = config->mounts.count;
	*trees = (struct trees){.config = config,
		.wanted = arena_take(config->arena, count, sizeof(bool)),
		.fds = arena_take(config->arena, count, sizeof(int))};
	bool matters = config_namespace(config, CLONE_NEWUSER) || root_is_shared(config);
	int may = matters ? has_mounts() : 0;
	if (may < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		trees->wanted[i] = is_wanted(config, &config->mounts.items[i], may);
		trees->fds[i] = -1;
	}
	return 0;
}

/* --- the creator's part ----------------------------------------------------------------------- */

static int open_user_namespace(pid_t pid)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	step("open: %s, whose maps a mount shall use", path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 ? fd : fail_errno();
}

/* A user namespace with maps of the mount's own. */
static int make_user_namespace(const struct config_mount *mount)
{
	step("clone3: a process in a new user users, for its maps");
	pid_t pid = process_clone(CLONE_NEWUSER, -1, NULL);
	if (pid < 0)
		return -1;
	if (pid == 0) {
		if (process_die_with_parent() == 0)
			pause();
		_exit(EXIT_ERROR);
	}
	const struct config_mappings *uids = &mount->uid_mappings, *gids = &mount->gid_mappings;
	_cleanup_fd int users = -1;
	if (userns_map(pid, uids->items, uids->count, gids->items, gids->count) == 0)
		users = open_user_namespace(pid);
	kill(pid, SIGKILL);
	if (process_wait(pid) < 0)
		return -1;
	return steal_fd(&users);
}

static int map_ids(int tree, const struct config_mount *mount, pid_t init)
{
	bool below = mount_has_option(mount, "ridmap");
	_cleanup_fd int users = mount->uid_mappings.count ? make_user_namespace(mount)
							  : open_user_namespace(init);
	if (users < 0)
		return -1;
	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)users};
	step("mount_setattr: translate the ids in the mount for %s%s", mount->destination,
		below ? ", and below it" : "");
	if (mount_setattr(tree, "", AT_EMPTY_PATH | (below ? AT_RECURSIVE : 0), &attributes,
		    sizeof(attributes)) == 0)
		return 0;
	fail_errno();
	if (errno == EINVAL)
		fail_hint("the filesystem of %s cannot translate ids (Linux 5.12 can for ext4, "
			  "xfs, btrfs; 6.3 for tmpfs), or does so already",
			mount->source);
	return -1;
}

/*
 * In the container all mounts of the host are slaves before any is copied (6-oci/root.c). Here they
 * are what they are on the host: a copy that shall be shared, but not with the host, has to become
 * a slave first.
 */
static int make_tree(const struct config *config, const struct config_mount *asked, pid_t init)
{
	struct mount mount;
	if (mount_options_read(asked, &mount) < 0)
		return -1;
	_cleanup_free char *data = (char *)mount.data;
	struct mount_attr shared = {.propagation = mount.propagation};
	bool away = mount.propagation & MS_SHARED && !shares_with_host(config, asked);
	if (away)
		mount.propagation = MS_SLAVE;
	_cleanup_fd int tree = mount_make(&mount);
	if (tree < 0)
		return -1;
	step("mount_setattr: share the mount for %s", mount.destination);
	if (away && mount_setattr(tree, "",
			    AT_EMPTY_PATH | (mount.propagation_below ? AT_RECURSIVE : 0), &shared,
			    sizeof(shared)) < 0)
		return fail_errno();
	if (is_mapped(asked) && map_ids(tree, asked, init) < 0)
		return -1;
	return steal_fd(&tree);
}

/* When nobody listens any more, the init has failed, and told so. */
static int find_out_why(struct child *child)
{
	if (errno != EPIPE && errno != ECONNRESET)
		return -1;
	error_clear();
	return spawn_await(child, 'm', NULL);
}

int trees_send(const struct trees *trees, struct child *child)
{
	const struct config *config = trees->config;
	for (size_t i = 0; i < config->mounts.count; i++) {
		if (!trees->wanted[i])
			continue;
		step_for("mounts[%zu]", i);
		_cleanup_fd int tree = make_tree(config, &config->mounts.items[i], child->pid);
		if (tree < 0)
			return -1;
		if (handshake_send(child->line, 'm', tree) < 0)
			return find_out_why(child);
	}
	step_for(NULL);
	return 0;
}

/* --- the init's part -------------------------------------------------------------------------- */

int trees_receive(struct trees *trees, int line)
{
	for (size_t i = 0; i < trees->config->mounts.count; i++) {
		if (!trees->wanted[i])
			continue;
		if (handshake_await(line, 'm', &trees->fds[i]) < 0)
			return -1;
		/* A process with too many open files gets the word without the file. */
		if (trees->fds[i] >= 0)
			continue;
		errno = EMFILE;
		step("recvmsg: take mount number %zu from the creator", i);
		return fail_errno();
	}
	return 0;
}

int trees_take(struct trees *trees, size_t index)
{
	return steal_fd(&trees->fds[index]);
}
