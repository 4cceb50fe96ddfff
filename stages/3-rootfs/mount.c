/*
 * mount(2) does everything at once and takes paths: what to mount, where, with which options. Since
 * Linux 5.2 the same is done in steps that each take a file descriptor:
 *
 *	fsopen, fsconfig, fsmount	a new filesystem, not attached anywhere
 *	open_tree			a copy of an existing mount, not attached anywhere (a bind)
 *	mount_setattr			read-only, nosuid, ... on what is not attached yet
 *	move_mount			attach it to a place that was opened before
 *
 * What must hold: a mount has all its attributes before anybody inside can reach it, and the place
 * it is attached to was found by the rules of inside.h.
 */
#include "3-rootfs/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "3-rootfs/inside.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

/* What the kernel noted about a failed fsconfig or fsmount, such as "overlay: Unknown parameter".
 */
static int fail_with_notes(int filesystem)
{
	int saved = errno;
	char note[512];
	fail_errno();
	ssize_t length = read(filesystem, note, sizeof(note) - 1);
	if (length > 2) {
		note[length] = '\0';
		note[strcspn(note, "\n")] = '\0';
		/* "e " stands in front of an error, "w " of a warning. */
		fail_hint("the kernel adds: %s", note + 2);
	}
	errno = saved;
	return -1;
}

/* Gives the options "name=value,flag" one by one. */
static int configure(int filesystem, const char *options)
{
	_cleanup_free char *copy = strdup(options);
	if (!copy)
		return fail("out of memory");
	char *rest = copy;
	for (char *option; (option = strsep(&rest, ","));) {
		if (!*option)
			continue;
		char *value = strchr(option, '=');
		if (value)
			*value++ = '\0';
		if (fsconfig(filesystem, value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG, option,
			    value, 0) < 0)
			return fail_with_notes(filesystem);
	}
	return 0;
}

static int make_filesystem(const struct mount *mount)
{
	step("fsopen: a new %s for %s%s%s", mount->type, mount->destination,
		mount->data ? ", with " : "", mount->data ? mount->data : "");
	_cleanup_fd int filesystem = fsopen(mount->type, FSOPEN_CLOEXEC);
	if (filesystem < 0)
		return fail_errno();
	const char *source = mount->source ? mount->source : mount->type;
	if (fsconfig(filesystem, FSCONFIG_SET_STRING, "source", source, 0) < 0 && errno != EINVAL)
		return fail_with_notes(filesystem);
	if (mount->data && configure(filesystem, mount->data) < 0)
		return -1;
	/* It has commas in it, and is no option like others. */
	if (mount->label &&
		fsconfig(filesystem, FSCONFIG_SET_STRING, "context", mount->label, 0) < 0)
		return fail_with_notes(filesystem);
	if (fsconfig(filesystem, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return fail_with_notes(filesystem);
	int tree = fsmount(filesystem, FSMOUNT_CLOEXEC, (unsigned)mount->set);
	return tree >= 0 ? tree : fail_with_notes(filesystem);
}

static int set_attributes(int tree, uint64_t set, uint64_t clear, uint64_t propagation, bool below)
{
	struct mount_attr attributes = {.attr_set = set,
		.attr_clr = clear,
		.propagation = propagation};
	if (!set && !clear && !propagation)
		return 0;
	if (mount_setattr(tree, "", AT_EMPTY_PATH | (below ? AT_RECURSIVE : 0), &attributes,
		    sizeof(attributes)) < 0)
		return fail_errno();
	return 0;
}

static int make_bind(const struct mount *mount)
{
	step("open_tree: a copy of the mount at %s for %s", mount->source, mount->destination);
	_cleanup_fd int tree = open_tree(AT_FDCWD, mount->source,
		OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (mount->recursive ? AT_RECURSIVE : 0));
	if (tree < 0)
		return fail_errno();
	step("mount_setattr: on the copy for %s", mount->destination);
	if (set_attributes(tree, mount->set, mount->clear, 0, false) < 0)
		return -1;
	return steal_fd(&tree);
}

int mount_make(const struct mount *mount)
{
	_cleanup_fd int tree = mount->type ? make_filesystem(mount) : make_bind(mount);
	if (tree < 0)
		return -1;
	/* A copied mount stays in the peer group of its original until it is told otherwise. */
	uint64_t propagation = mount->propagation || mount->type ? mount->propagation : MS_PRIVATE;
	bool below = mount->propagation_below || !mount->propagation;
	if (set_attributes(tree, mount->set_below, mount->clear_below, 0, true) < 0 ||
		set_attributes(tree, 0, 0, propagation, below) < 0)
		return -1;
	return steal_fd(&tree);
}

/* The filesystem as a whole: whoever else has it mounted gets its new options, too. */
static int reconfigure(int place, const struct mount *mount)
{
	step("fspick: the filesystem at %s, to change: %s", mount->destination, mount->data);
	_cleanup_fd int filesystem = fspick(place, "", FSPICK_EMPTY_PATH | FSPICK_CLOEXEC);
	if (filesystem < 0)
		return fail_errno();
	if (configure(filesystem, mount->data) < 0)
		return -1;
	if (fsconfig(filesystem, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0) < 0)
		return fail_with_notes(filesystem);
	return 0;
}

int mount_again(const struct mount *mount, int root)
{
	step("openat2: %s, inside the rootfs", mount->destination);
	_cleanup_fd int place = inside_open(root, mount->destination, O_PATH);
	if (place < 0)
		return fail_errno();
	if (mount->data && reconfigure(place, mount) < 0)
		return -1;
	step("mount_setattr: on the mount at %s", mount->destination);
	if (set_attributes(place, mount->set, mount->clear, 0, false) < 0 ||
		set_attributes(place, mount->set_below, mount->clear_below, 0, true) < 0)
		return -1;
	return set_attributes(place, 0, 0, mount->propagation, mount->propagation_below);
}

int mount_place(int tree, int root, const char *destination)
{
	struct stat info;
	if (fstat(tree, &info) < 0) {
		step("fstat: the mount for %s", destination);
		return fail_errno();
	}
	return S_ISDIR(info.st_mode) ? inside_make_directory(root, destination)
				     : inside_make_file(root, destination);
}

int mount_attach(int tree, int root, const char *destination)
{
	_cleanup_fd int place = mount_place(tree, root, destination);
	return place < 0 ? -1 : mount_attach_at(tree, place, destination);
}

int mount_attach_at(int tree, int place, const char *name)
{
	step("move_mount: attach it to %s", name);
	if (move_mount(tree, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return fail_errno();
	return 0;
}

int mount_add(const struct mount *mount, int root)
{
	_cleanup_fd int tree = mount_make(mount);
	return tree < 0 ? -1 : mount_attach(tree, root, mount->destination);
}

int mount_change(int directory, const char *path, uint64_t set, bool recursive)
{
	struct mount_attr attributes = {.attr_set = set};
	if (mount_setattr(directory, path, AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0),
		    &attributes, sizeof(attributes)) < 0)
		return fail_errno();
	return 0;
}
