	step("prctl: keep capabilities when the user changes (PR_SET_KEEPCAPS)");
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return fail_errno();
