/*
 * Two rules of the kernel make a new cgroup depend on the one above it.
 *
 * In v2 a controller works in a cgroup only when the one above hands it down, by its file
 * cgroup.subtree_control, and so on up to the top. One that hands down may hold no processes
 * itself (the top of the whole tree excepted), so that processes never compete with cgroups. Some
 * controllers the kernel lets it hand down all the same: it becomes the root of a threaded tree
 * then, and no process can enter the cgroups below it any more. So that is refused here, too.
 *
 * In v1 a new cpuset has no processors and no memory nodes, and no process can enter it before it
 * has. What the one above has is always allowed.
 */
#include "4-cgroups/inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "4-cgroups/hierarchy.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"

enum { FILE_MOST = 1 << 20 };

static char *read_in(const char *directory, const char *file)
{
	_cleanup_free char *path = text_format("%s/%s", directory, file);
	return path ? file_read(AT_FDCWD, path, FILE_MOST, NULL) : NULL;
}

static int write_in(const char *directory, const char *file, const char *text)
{
	_cleanup_free char *path = text_format("%s/%s", directory, file);
	return path ? file_write(AT_FDCWD, path, text) : -1;
}

/*
 * The top of the whole tree has no cgroup.type. And who may not write there at all is to hear of
 * that first.
 */
static bool is_occupied(const char *directory)
{
	_cleanup_free char *type = text_format("%s/cgroup.type", directory);
	_cleanup_free char *control = text_format("%s/cgroup.subtree_control", directory);
	if (!type || !control || !file_exists(AT_FDCWD, type) ||
		faccessat(AT_FDCWD, control, W_OK, AT_EACCESS) < 0)
		return false;
	_cleanup_free char *processes = read_in(directory, "cgroup.procs");
	error_clear();
	return processes && *processes;
}

static int hand_down(const char *directory, const char *controller)
{
	char text[64];
	snprintf(text, sizeof(text), "+%s", controller);
	if (is_occupied(directory)) {
		fail("the cgroup %s cannot hand \"%s\" down: it holds processes itself", directory,
			controller);
		return fail_hint("move them (cgroup.procs) to a new cgroup below it first; under "
				 "systemd, start this in a scope or service of its own");
	}
	if (write_in(directory, "cgroup.subtree_control", text) == 0)
		return 0;
	if (errno == EACCES || errno == EPERM || errno == EROFS)
		return fail_hint("run it with sudo, or have the controller delegated: under "
				 "systemd, \"Delegate=yes\" in the unit; by hand, root writes "
				 "\"%s\" there",
			text);
	return -1;
}

int inherit_controllers(const char *directory, const char *controllers)
{
	if (!*controllers)
		return 0;
	_cleanup_free char *available = read_in(directory, "cgroup.controllers");
	_cleanup_free char *enabled = available ? read_in(directory, "cgroup.subtree_control")
						: NULL;
	_cleanup_free char *words = enabled ? strdup(controllers) : NULL;
	char *rest = NULL;
	for (char *word = words ? strtok_r(words, " ", &rest) : NULL; word;
		word = strtok_r(NULL, " ", &rest)) {
		if (has_word(enabled, word))
			continue;
		if (!has_word(available, word)) {
			fail("the cgroup controller \"%s\", which a limit needs, is not available "
			     "in %s",
				word, directory);
			return fail_hint(
				"the kernel lacks it, a v1 hierarchy has it, or the cgroup "
				"above does not hand it down (cgroup.subtree_control)");
		}
		if (hand_down(directory, word) < 0)
			return -1;
	}
	return words ? 0 : -1;
}

int inherit_cpuset(const char *directory)
{
	static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};
	for (size_t i = 0; i < 2; i++) {
		_cleanup_free char *above = text_format("%s/..", directory);
		_cleanup_free char *present = above ? read_in(directory, files[i]) : NULL;
		_cleanup_free char *inherited = present ? read_in(above, files[i]) : NULL;
		if (!inherited)
			return -1;
		if (strcmp(present, "\n") == 0 && write_in(directory, files[i], inherited) < 0)
			return -1;
	}
	return 0;
}
