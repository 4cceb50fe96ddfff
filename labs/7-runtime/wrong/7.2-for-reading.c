	step("open: the exec fifo; wait there for start");
	answer = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (answer < 0)
		return fail_errno();
