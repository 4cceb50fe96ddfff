	if (!shows_the_kernel(mount))
		return mount_place(tree, root, mount->destination);
	int plain = inside_open_plain(root, mount->destination, O_PATH);
	return plain < 0 ? fail_errno() : plain;
