	for (int tries = 0; each_below(directory, remove_one, NULL) < 0; tries++) {
		if (errno != EBUSY || tries == REMOVE_TRIES)
			return fail_errno();
		signal_in(directory, SIGTERM);
		cgroup_thaw(cgroup);
		wait_a_little(tries);
	}
	return 0;
