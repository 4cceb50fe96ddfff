	step("chroot: make %s the root directory", root);
	if (chroot(root) < 0)
		return fail_errno();
