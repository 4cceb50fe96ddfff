	step("umount2: let go of the old root");
	umount2(".", 0);
