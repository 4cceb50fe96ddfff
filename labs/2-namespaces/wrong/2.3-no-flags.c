	step("mount proc: on /proc");
	if (mount("proc", "/proc", "proc", 0, NULL) < 0)
		return fail_errno();
