	step("mount: /proc");
	if (mount("/proc", "/proc", NULL, MS_BIND, NULL) < 0)
		return fail_errno();
