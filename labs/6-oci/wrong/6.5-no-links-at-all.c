	_cleanup_fd int place = mount_place(tree, root, mount->destination);
	if (place < 0)
		return -1;
	int plain = inside_open_plain(root, mount->destination, O_PATH);
	return plain < 0 ? fail_errno() : plain;
