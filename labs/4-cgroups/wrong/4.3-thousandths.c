	limits->cpu_period = (struct limit){true, PERIOD};
	limits->cpu_quota = (struct limit){true, cpus};
	return 0;
