	unshare(CLONE_NEWCGROUP);
	return 0;
