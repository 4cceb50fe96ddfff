	step("open: the exec fifo; wait there for start");
	int fifo = openat(proc, path, O_WRONLY | O_CLOEXEC);
	if (fifo < 0)
		return fail_errno();
