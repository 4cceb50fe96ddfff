	const struct mount empty = {.destination = path,
		.type = "tmpfs",
		.set = MOUNT_ATTR_RDONLY,
		.data = "size=0k,mode=0755"};
	_cleanup_fd int tree = mount_make(&empty);
	return tree < 0 ? -1 : mount_attach_at(tree, place, path);
