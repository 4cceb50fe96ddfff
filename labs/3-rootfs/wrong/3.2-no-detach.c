	step("umount2: let go of the old root");
	if (umount2(".", 0) < 0)
		return fail_errno();
