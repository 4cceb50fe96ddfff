	step("mount: make /proc private");
	if (mount(NULL, "/proc", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return fail_errno();
