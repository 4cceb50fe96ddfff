	fail("execve: %s: %s", name, strerror(errno));
	return errno == ENOENT ? fail_status(EXIT_NOT_FOUND) : fail_status(EXIT_ERROR);
