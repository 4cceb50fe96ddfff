	execve(SELF, argv, environ);
	return fail_errno();
