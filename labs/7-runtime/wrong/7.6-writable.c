	step("open_tree: a copy of the mount of this program");
	_cleanup_fd int tree = open_tree(self, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	return tree < 0 ? fail_errno() : start_again(tree, argv);
