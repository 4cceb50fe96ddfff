	_cleanup_fd int copy = copy_file(self);
	return copy < 0 ? -1 : start_again(copy, argv);
