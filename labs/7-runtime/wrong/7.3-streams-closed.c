	step("setsid: a session of the hook's own");
	if (setsid() < 0)
		return fail_errno();
	step("dup2: the state is the hook's standard input");
	if (dup2(input, STDIN_FILENO) < 0)
		return fail_errno();
	step("close_range: nothing that is open is for a hook");
	if (close_range(STDIN_FILENO, UINT_MAX, CLOSE_RANGE_CLOEXEC) < 0)
		return fail_errno();
