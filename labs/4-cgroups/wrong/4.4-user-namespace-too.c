	if (unshare(CLONE_NEWUSER | CLONE_NEWCGROUP) < 0)
		return fail_errno();
	return 0;
