	step("pivot_root: make the rootfs the root mount");
	if (fchdir(root) < 0 || syscall(SYS_pivot_root, ".", "old") < 0)
		return fail_errno();
