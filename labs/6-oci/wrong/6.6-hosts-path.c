	if (stat(path, &info) < 0)
		return fail_errno();
	const struct mount empty = {.destination = path,
		.type = "tmpfs",
		.set = MOUNT_ATTR_RDONLY,
		.data = "size=0k,mode=0755"};
	const struct mount null = {.destination = path, .source = "/dev/null"};
	bool directory = S_ISDIR(info.st_mode);
	_cleanup_fd int tree = mount_make(directory ? &empty : &null);
	if (tree < 0)
		return -1;
	if (!directory &&
		(fstat(tree, &info) < 0 || !S_ISCHR(info.st_mode) || info.st_rdev != makedev(1, 3)))
		return fail("%s: the host's /dev/null is not the null device", path);
	return mount_attach_at(tree, place, path);
