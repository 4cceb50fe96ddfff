		if (*controllers)
			return -1;
		error_clear();
		step("skip: no limit needs a cgroup in %s, where we may not make one", hierarchy->mount);
