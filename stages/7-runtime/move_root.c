/*
 * The container's root is moved on top of the host's, and becomes the root by chroot(2). The host's
 * mounts are below it, still there. So this is less safe than pivot_root: a process with
 * CAP_SYS_CHROOT has the way out of stage 1. Only --no-pivot asks for it.
 */
#include "7-runtime/move_root.h"

#include <sys/mount.h>
#include <unistd.h>

#include "common/error.h"
#include "common/step.h"

int move_root(int root)
{
	step("fchdir: into the new root");
	if (fchdir(root) < 0)
		return fail_errno();
	step("mount: move the new root on top of the old one");
	if (mount(".", "/", NULL, MS_MOVE, NULL) < 0)
		return fail_errno();
	step("chroot: into the new root");
	if (chroot(".") < 0 || chdir("/") < 0)
		return fail_errno();
	return 0;
}
