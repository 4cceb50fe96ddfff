	if (errno != ENOENT && errno != ENOTDIR)
		return not_executed(found);
	fail("command not found");
	return fail_status(EXIT_NOT_FOUND);
