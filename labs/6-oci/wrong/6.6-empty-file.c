	const struct mount empty = {.destination = path,
		.type = "tmpfs",
		.set = MOUNT_ATTR_RDONLY,
		.data = "size=0k,mode=0755"};
	const struct mount null = {.destination = path, .source = "/proc/self/mountinfo"};
	bool directory = S_ISDIR(info.st_mode);
	_cleanup_fd int tree = mount_make(directory ? &empty : &null);
	if (tree < 0)
		return -1;
	return mount_attach_at(tree, place, path);
