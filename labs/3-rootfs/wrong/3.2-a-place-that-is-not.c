	step("umount2: let go of the old root");
	if (umount2("/oldroot", MNT_DETACH) < 0)
		return fail_errno();
