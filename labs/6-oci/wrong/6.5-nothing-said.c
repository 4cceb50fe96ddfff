	if (shows_the_kernel(mount))
		return inside_open_plain(root, mount->destination, O_PATH | O_DIRECTORY);
	return mount_place(tree, root, mount->destination);
