	step("open_tree: a copy of the mount of this program");
	_cleanup_fd int tree = open_tree(AT_FDCWD, SELF, OPEN_TREE_CLOEXEC);
	if (tree >= 0 && mount_change(tree, "", MOUNT_ATTR_RDONLY, false) == 0)
		return start_again(tree, argv);
	error_clear();
	_cleanup_fd int copy = copy_file(self);
	return copy < 0 ? -1 : start_again(copy, argv);
