	step("open: the exec fifo; wait there for start");
	answer = open("exec.fifo", O_WRONLY | O_CLOEXEC);
	if (answer < 0)
		return fail_errno();
