	limits->cpu_period = (struct limit){true, PERIOD};
	limits->cpu_quota = (struct limit){true, cpus / 1000 * PERIOD};
	return 0;
