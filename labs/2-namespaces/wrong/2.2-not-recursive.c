	step("mount: make / private");
	if (mount(NULL, "/", NULL, MS_PRIVATE, NULL) < 0)
		return fail_errno();
