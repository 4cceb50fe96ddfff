	if (fchdir(root) < 0 || chroot(".") < 0)
		return fail_errno();
