	step("chdir: %s, the directory to be the root", root);
	if (chdir(root) < 0)
		return fail_errno();
