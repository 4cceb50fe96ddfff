/*
 * Stage 3 builds one root for every container; here config.json says what is in it. The pieces are
 * the same: detached mounts, places found by openat2, pivot_root.
 *
 * The order is part of the specification: mounts as they are listed, then devices, then what is to
 * be hidden, so that a mask covers what a mount has brought.
 *
 * What must hold: nothing is done for a property without its name in step_for(), so that every
 * error and every line of --explain says where in config.json it comes from.
 */
#include "6-oci/root.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "3-rootfs/device.h"
#include "3-rootfs/inside.h"
#include "3-rootfs/mount.h"
#include "3-rootfs/rootfs.h"
#include "4-cgroups/cgroup_namespace.h"
#include "4-cgroups/hierarchy.h"
#include "6-oci/hidden.h"
#include "6-oci/mount_options.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

/* A root under construction. */
struct built {
	const struct config *config;
	int root;
	int *tops; /* for each of mounts[] the mount itself, if it shows the kernel; else -1 */
};

/*
 * Mounts made here must never show on the host. Whether the host's show here is for the config to
 * say, for the root and for each bind mount: so all stay slaves of the host's until they are
 * copied.
 */
static int cut_propagation(void)
{
	step("mount: make all mounts slaves, so that none made here shows on the host");
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return fail_errno();
	return 0;
}

/* pivot_root wants a mount point, and the root's attributes must not be the host's. */
static int mount_on_itself(const struct config *config, const char *path)
{
	const struct config_choice *wanted = config->linux.rootfs_propagation;
	const struct mount bind = {.source = path,
		.destination = path,
		.recursive = true,
		.propagation = wanted && wanted->value & (MS_SHARED | MS_SLAVE) ? MS_SLAVE
										: MS_PRIVATE,
		.propagation_below = true};
	step_for("root.path");
	_cleanup_fd int tree = mount_make(&bind);
	_cleanup_fd int place = tree < 0 ? -1 : rootfs_open(path);
	if (place < 0 || mount_attach_at(tree, place, path) < 0)
		return -1;
	/* By its path it could be another one by now. */
	return steal_fd(&tree);
}

/* "cgroup" stands for what the host has: one tree of version 2, or a tree a controller. */
static int add_cgroups(const struct mount *mount, int root)
{
	__attribute__((cleanup(hierarchies_release))) struct hierarchies hierarchies;
	if (hierarchies_find(&hierarchies) < 0)
		return -1;
	return cgroup_mount(&hierarchies, mount->destination, root, mount->set, false);
}

static bool shows_the_kernel(const struct mount *mount)
{
	return mount->type && (!strcmp(mount->type, "proc") || !strcmp(mount->type, "sysfs"));
}

/*
 * Behind a link of the rootfs a proc could be anywhere, and who exchanges the link later has one
 * that no maskedPaths reach (CVE-2019-19921, CVE-2023-27561).
 */
static int open_place(const struct mount *mount, int tree, int root)
{
	/* Task 6.5: open the place of @mount, its destination inside @root, which may be full of
	 * links: none may lead out. mount_place() keeps to that, and makes what is missing. Where
	 * shows_the_kernel(@mount), there may be no link in the path at all: inside_open_plain()
	 * says ELOOP then, in errno alone (inside.h). Use what was looked at; to look it up twice
	 * is a race.
	 */
	_cleanup_fd int place = mount_place(tree, root, mount->destination);
	if (place < 0 || !shows_the_kernel(mount))
		return steal_fd(&place);
	_cleanup_fd int plain = inside_open_plain(root, mount->destination, O_PATH | O_DIRECTORY);
	if (plain >= 0)
		return steal_fd(&plain);
	if (errno != ELOOP)
		return fail_errno();
	return fail("destination: %s: there is a link in this path of the rootfs; a %s must stand "
		    "in plain directories",
		mount->destination, mount->type);
	/* End of task 6.5. */
}

static int attach(const struct mount_maker *maker, const struct mount *mount, int tree, int root)
{
	_cleanup_fd int place = open_place(mount, tree, root);
	if (place < 0 || (maker && maker->check(maker->what, mount, tree, place) < 0))
		return -1;
	return mount_attach_at(tree, place, mount->destination);
}

/* *@top: what is mounted, if it is one that shows the kernel, wherever its path may lead later. */
static int add_mount(const struct mount_maker *maker, size_t index, const struct mount *mount,
	int root, int *top)
{
	_cleanup_fd int tree = maker ? maker->make(maker->what, index, mount, root) : MOUNT_USUAL;
	if (tree == MOUNT_DONE)
		return 0;
	if (tree == MOUNT_USUAL && mount->type && !strcmp(mount->type, "cgroup"))
		return add_cgroups(mount, root);
	if (tree == MOUNT_USUAL)
		tree = mount_make(mount);
	if (tree < 0 || attach(maker, mount, tree, root) < 0)
		return -1;
	if (shows_the_kernel(mount))
		*top = steal_fd(&tree);
	return 0;
}

/* The kernel labels the files of these three itself, and shares them with others. */
static bool can_be_labeled(const char *type)
{
	return strcmp(type, "proc") != 0 && strcmp(type, "sysfs") != 0 &&
	       strcmp(type, "mqueue") != 0;
}

/*
 * A mount on the root itself covers it, and what was opened before leads below. At the root ".."
 * leads nowhere, but to what is mounted there.
 */
static int find_top(int *root)
{
	step("openat2: what is mounted on the root");
	int top = inside_open(*root, "..", O_PATH | O_DIRECTORY);
	if (top < 0)
		return fail_errno();
	close(*root);
	*root = top;
	return 0;
}

static bool is_root(const char *destination)
{
	return destination[strspn(destination, "/.")] == '\0';
}

/* @root changes when something is mounted on it. @tops: see add_mount(). */
static int add_mounts(const struct config *config, int *root, const struct mount_maker *maker,
	int *tops)
{
	for (size_t i = 0; i < config->mounts.count; i++) {
		struct mount mount;
		step_for("mounts[%zu]", i);
		if (mount_options_read(&config->mounts.items[i], &mount) < 0)
			return -1;
		_cleanup_free char *data = (char *)mount.data;
		const char *label = config->linux.mount_label;
		if (label && *label && mount.type && can_be_labeled(mount.type))
			mount.label = label;
		if (add_mount(maker, i, &mount, *root, &tops[i]) < 0 ||
			(is_root(mount.destination) && find_top(root) < 0))
			return -1;
	}
	return 0;
}

static bool is_dev(const char *destination)
{
	destination += strspn(destination, "/");
	return !strncmp(destination, "dev", 3) &&
	       destination[3 + strspn(destination + 3, "/")] == '\0';
}

/* Who binds a /dev of their own wants the nodes that are in it. */
static bool dev_is_bound(const struct config *config)
{
	for (size_t i = 0; i < config->mounts.count; i++)
		if (is_dev(config->mounts.items[i].destination) &&
			mount_is_bind(&config->mounts.items[i]))
			return true;
	return false;
}

static int add_devices(const struct config *config, int root)
{
	step_for(NULL);
	if (!dev_is_bound(config)) {
		for (const struct device *device = device_standard; device->path; device++)
			if (device_make(device, root) < 0)
				return -1;
		if (device_make_links(root) < 0)
			return -1;
	}
	for (size_t i = 0; i < config->linux.devices.count; i++) {
		const struct config_device *asked = &config->linux.devices.items[i];
		const struct device device = {
			.path = asked->path,
			.type = (mode_t)asked->type->value,
			.major = asked->major ? (unsigned)*asked->major : 0,
			.minor = asked->minor ? (unsigned)*asked->minor : 0,
			.mode = asked->file_mode ? *asked->file_mode & 07777 : 0666,
			.uid = asked->uid ? *asked->uid : 0,
			.gid = asked->gid ? *asked->gid : 0,
		};
		step_for("linux.devices[%zu]", i);
		if (device_make(&device, root) < 0)
			return -1;
	}
	return 0;
}

static int begin_build(struct built *built, const char *path)
{
	size_t count = built->config->mounts.count;
	built->tops = calloc(count + 1, sizeof(*built->tops));
	if (!built->tops)
		return fail("out of memory");
	for (size_t i = 0; i < count; i++)
		built->tops[i] = -1;
	built->root = mount_on_itself(built->config, path);
	return built->root < 0 ? -1 : 0;
}

static void close_built(struct built *built)
{
	for (size_t i = 0; built->tops && i < built->config->mounts.count; i++)
		release_fd(&built->tops[i]);
	free(built->tops);
	release_fd(&built->root);
}

int root_build(const struct config *config, const char *path, const struct mount_maker *maker)
{
	__attribute__((cleanup(close_built))) struct built built = {.config = config, .root = -1};
	if (cut_propagation() < 0 || begin_build(&built, path) < 0)
		return -1;
	if (add_mounts(config, &built.root, maker, built.tops) < 0 ||
		add_devices(config, built.root) < 0 ||
		hide_paths(config, built.root, built.tops) < 0)
		return -1;
	step_for(NULL);
	return steal_fd(&built.root);
}

int root_enter(const struct config *config, int root, int (*pivot)(int root))
{
	if ((pivot ? pivot(root) : rootfs_pivot(root)) < 0)
		return -1;
	const struct config_choice *wanted = config->linux.rootfs_propagation;
	if (!wanted)
		return 0;
	step_for("linux.rootfsPropagation");
	step("mount: make the root %s", wanted->name);
	if (mount(NULL, "/", NULL, wanted->value, NULL) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}

int root_close(const struct config *config)
{
	if (!config->root.readonly)
		return 0;
	step_for("root.readonly");
	step("mount_setattr: make the root read-only");
	if (mount_change(AT_FDCWD, "/", MOUNT_ATTR_RDONLY, false) < 0)
		return -1;
	step_for(NULL);
	return 0;
}
