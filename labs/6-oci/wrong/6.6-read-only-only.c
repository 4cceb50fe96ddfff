	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
	_cleanup_fd int tree =
		open_tree(place, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 ||
		mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof(attributes)) < 0)
		return fail_errno();
	return mount_attach_at(tree, place, path);
