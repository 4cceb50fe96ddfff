	limits->cpu_period = (struct limit){true, PERIOD};
	limits->cpu_quota = (struct limit){.value = cpus * PERIOD / 1000};
	return 0;
