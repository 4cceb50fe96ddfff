	limits->cpu_period = (struct limit){true, cpus * PERIOD / 1000};
	limits->cpu_quota = (struct limit){true, PERIOD};
	return 0;
