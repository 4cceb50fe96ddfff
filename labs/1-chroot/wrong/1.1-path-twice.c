	step("chdir: %s, the directory to be the root", root);
	if (chdir(root) < 0)
		return fail_errno();
	step("chroot: make %s the root directory", root);
	if (chroot(root) < 0)
		return fail_errno();
