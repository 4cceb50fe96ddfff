	if (unshare(CLONE_NEWNS) < 0)
		return fail_errno();
	return 0;
