/*
 * overlayfs shows several directories as one. A name is looked for in the upper directory first,
 * then down the lower ones; the first hit counts, and directories of the same name are merged. The
 * lower ones are never written. What is changed is first copied up; what is removed leaves a
 * "whiteout" in the upper one, a character device 0:0 that hides the name below.
 *
 * This is what makes an image cheap: a hundred containers share its layers, and each has its own
 * upper directory, empty at first.
 *
 * The layers are given to the kernel as /proc/self/fd/N, since its option string is a list with
 * colons and commas in it that paths can contain, too, and is limited to a page.
 */
#include "3-rootfs/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "2-namespaces/userns.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

const struct flag overlay_flags[] = {
	{"layer", "DIR", "a layer on top of ROOTFS (may be repeated: upwards)", flag_list,
		offsetof(struct overlay, layers)},
	{"upper", "DIR", "keep the changes in DIR; else they vanish at the end", flag_text,
		offsetof(struct overlay, upper)},
	{},
};

enum {
	OPTIONS_SIZE = 4096, /* a page is what mount(2) takes */
	MOST_DIRECTORIES = OPTIONS_SIZE / sizeof("/proc/self/fd/1"),
	ROOM = OPTIONS_SIZE - sizeof(",userxattr"),
};

/* What the kernel is told, put together piece by piece. */
struct options {
	char text[OPTIONS_SIZE];
	size_t length;
	int directories[MOST_DIRECTORIES]; /* open for as long as the text names them */
	size_t count;
};

/* An open directory of the host is a way out for who finds it in /proc/1/fd. */
static void release_options(const struct options *options)
{
	for (size_t i = 0; i < options->count; i++)
		close(options->directories[i]);
}

static int open_directory(const char *path)
{
	step("open: the layer %s", path);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 ? fd : fail_errno();
}

/* Adds "NAME/proc/self/fd/N", and keeps the directory open. Takes @directory over. */
static int add(struct options *options, const char *name, int directory)
{
	size_t room = ROOM - options->length;
	int length = snprintf(options->text + options->length, room, "%s/proc/self/fd/%d", name,
		directory);
	if (options->count < MOST_DIRECTORIES)
		options->directories[options->count++] = directory;
	if (length < 0 || (size_t)length >= room || options->count == MOST_DIRECTORIES)
		return fail("--layer: too many layers for one mount");
	options->length += (size_t)length;
	return 0;
}

static int add_lower(struct options *options, const struct overlay *overlay, int bottom)
{
	const char *name = "lowerdir=";
	/* Task 3.3: add() each lower directory: the first by the name "lowerdir=", each other one
	 * by ":". The kernel looks into them from the left, so the topmost comes first: the layers
	 * were given from the bottom upwards, and below them all is @bottom, the rootfs.
	 *
	 * Until then: return add(options, name, bottom);
	 */
	for (size_t i = overlay->layers.count; i > 0; i--) {
		int layer = open_directory(overlay->layers.items[i - 1]);
		if (layer < 0 || add(options, name, layer) < 0)
			return -1;
		name = ":";
	}
	return add(options, name, bottom);
	/* End of task 3.3. */
}

/* The merged root has the owner and mode of the upper directory: let it look like the rootfs. */
static int copy_owner_and_mode(int from, int to)
{
	struct stat info;
	step("fchmod: give the upper directory the owner and mode of the rootfs");
	if (fstat(from, &info) < 0 || fchmod(to, info.st_mode & 07777) < 0)
		return fail_errno();
	/* EINVAL: an owner who does not exist in this user namespace. */
	if (fchown(to, info.st_uid, info.st_gid) < 0 && errno != EINVAL)
		return fail_errno();
	return 0;
}

static int make_directory(int parent, const char *name)
{
	step("mkdir: %s", name);
	if (mkdirat(parent, name, 0755) < 0)
		return fail_errno();
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 ? fd : fail_errno();
}

/* The tmpfs lies on the rootfs directory itself, beneath the overlay: no other place is needed. */
static int add_vanishing_upper(struct options *options, const char *rootfs, int bottom)
{
	step("mount: a tmpfs for the changes");
	if (mount("tmpfs", rootfs, "tmpfs", 0, "mode=0700") < 0)
		return fail_errno();
	_cleanup_fd int tmpfs = open_directory(rootfs);
	if (tmpfs < 0)
		return -1;
	/* Task 3.4: make_directory() the upper and the work directory in @tmpfs, and add() them as
	 * ",upperdir=" and ",workdir=". What is changed is prepared in the second and then renamed
	 * into the first. The upper one is to look like the root of the image:
	 * copy_owner_and_mode().
	 *
	 * Until then: return add(options, ":", steal_fd(&tmpfs));
	 */
	int upper = make_directory(tmpfs, "upper");
	if (upper < 0 || add(options, ",upperdir=", upper) < 0 ||
		copy_owner_and_mode(bottom, upper) < 0)
		return -1;
	int work = make_directory(tmpfs, "work");
	return work < 0 ? -1 : add(options, ",workdir=", work);
	/* End of task 3.4. */
}

/* The work directory must be on the filesystem of the upper one, and not inside it. */
static int add_lasting_upper(struct options *options, const char *path)
{
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	_cleanup_free char *beside = text_format("%.*s.work", (int)length, path);
	if (!beside || directory_make(path, 0755) < 0 || directory_make(beside, 0700) < 0)
		return -1;
	int upper = open_directory(path);
	if (upper < 0 || add(options, ",upperdir=", upper) < 0)
		return -1;
	int work = open_directory(beside);
	return work < 0 ? -1 : add(options, ",workdir=", work);
}

int overlay_mount(const struct overlay *overlay, const char *rootfs)
{
	__attribute__((cleanup(release_options))) struct options options = {};
	int bottom = open_directory(rootfs);
	if (bottom < 0 || add_lower(&options, overlay, bottom) < 0 ||
		(overlay->upper ? add_lasting_upper(&options, overlay->upper)
				: add_vanishing_upper(&options, rootfs, bottom)) < 0)
		return -1;
	/* Marks of overlayfs are "trusted" attributes, which only the host's root may write. */
	if (!userns_is_initial())
		strcat(options.text, ",userxattr");
	step("overlay: %zu layers on %s, changes go to %s", overlay->layers.count + 1, rootfs,
		overlay->upper ? overlay->upper : "the tmpfs");
	if (mount("overlay", rootfs, "overlay", 0, options.text) < 0)
		return fail_errno();
	return 0;
}
