	{CONTROLLER_MEMORY, OF(memory), "memory.limit_in_bytes", number, "memory.max", number_or_max},
	{CONTROLLER_PIDS, OF(pids), "pids.max", number_or_max, "pids.max", number_or_max},
