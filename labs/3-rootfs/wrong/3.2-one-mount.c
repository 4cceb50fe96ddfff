	step("umount2: let go of the host's /proc");
	if (umount2("proc", MNT_DETACH) < 0)
		return fail_errno();
