	for (;;) {
		int ended;
		pid_t pid = waitpid(orphans ? -1 : child, &ended, orphans ? 0 : WNOHANG);
		if (pid <= 0)
			return false;
		if (pid == child) {
			*status = ended;
			return true;
		}
	}
