	step("chdir: %s, the directory to be the root", root);
	chdir(root);
	step("chroot: make %s the root directory", root);
	chroot(".");
