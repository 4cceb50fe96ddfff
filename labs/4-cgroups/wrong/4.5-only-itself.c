	for (int tries = 0; remove_one(AT_FDCWD, directory, NULL) < 0; tries++) {
		if (errno != EBUSY || tries == REMOVE_TRIES)
			return fail_errno();
		signal_in(directory, SIGKILL);
		cgroup_thaw(cgroup);
		wait_a_little(tries);
	}
	return 0;
