	int ended;
	pid_t pid = waitpid(orphans ? -1 : child, &ended, WNOHANG);
	if (pid == child)
		*status = ended;
	return pid == child;
