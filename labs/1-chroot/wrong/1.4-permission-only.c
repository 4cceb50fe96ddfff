	if (errno == EACCES)
		return not_executed(found);
	fail("execve: %s: executable file not found", name);
	return fail_status(EXIT_NOT_FOUND);
