	int ended;
	pid_t pid = waitpid(orphans ? -1 : child, &ended, WNOHANG);
	if (pid <= 0)
		return false;
	*status = ended;
	return true;
