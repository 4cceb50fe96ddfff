	return mount_place(tree, root, mount->destination);
