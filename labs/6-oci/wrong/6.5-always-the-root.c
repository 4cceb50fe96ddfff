	_cleanup_fd int place = mount_place(tree, root, mount->destination);
	return place < 0 ? -1 : dup(root);
