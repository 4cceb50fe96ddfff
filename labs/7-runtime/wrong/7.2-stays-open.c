	step("open: the exec fifo; wait there for start");
	answer = openat(proc, path, O_WRONLY);
	if (answer < 0)
		return fail_errno();
