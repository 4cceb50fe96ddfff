	int ended;
	for (pid_t pid; (pid = waitpid(orphans ? -1 : child, &ended, WNOHANG)) > 0;)
		if (pid == child) {
			*status = 0;
			return true;
		}
	return false;
