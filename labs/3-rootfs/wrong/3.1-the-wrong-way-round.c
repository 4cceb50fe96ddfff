	step("fchdir: into the new root");
	if (fchdir(root) < 0)
		return fail_errno();
	step("pivot_root: make it the root mount");
	if (syscall(SYS_pivot_root, "/", ".") < 0)
		return fail_errno();
