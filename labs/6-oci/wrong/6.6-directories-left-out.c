	if (S_ISDIR(info.st_mode))
		return 0;
	const struct mount null = {.destination = path, .source = "/dev/null"};
	_cleanup_fd int tree = mount_make(&null);
	if (tree < 0)
		return -1;
	if (fstat(tree, &info) < 0 || !S_ISCHR(info.st_mode) || info.st_rdev != makedev(1, 3))
		return fail("%s: the host's /dev/null is not the null device", path);
	return mount_attach_at(tree, place, path);
