/*
 * The oldest piece of a container (Unix, 1979): where "/" is, for one process and its children.
 *
 * chroot(2) changes how a path that starts with "/" is looked up, and nothing else. The process
 * list, the network, the host's name, what root may do: all stay as they were. Nor is it a wall.
 * Root inside can call chroot again on a subdirectory while its working directory stays above it;
 * from there ".." climbs to the real root, because the kernel stops ".." only at the current root
 * directory, and the process has stepped past that. Stage 3 ends this with pivot_root.
 *
 * What must hold: the working directory moves along. Left outside the new root, it would be the
 * open door itself.
 */
#include "1-chroot/chroot.h"

#include <unistd.h>

#include "common/error.h"
#include "common/step.h"

int chroot_enter(const char *root)
{
	/* Task 1.1: go to the directory @root, and make it the root directory.
	 *
	 * Say each step before you do it, and stop at the first that fails.
	 */
	step("chdir: %s, the directory to be the root", root);
	if (chdir(root) < 0)
		return fail_errno();
	step("chroot: make %s the root directory", root);
	if (chroot(".") < 0)
		return fail_errno();
	/* End of task 1.1. */
	return 0;
}
