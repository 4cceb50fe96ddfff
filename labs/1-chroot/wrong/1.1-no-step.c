	if (chdir(root) < 0 || chroot(".") < 0)
		return fail("something went wrong");
