	step("pivot_root: make it the root mount");
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return fail_errno();
