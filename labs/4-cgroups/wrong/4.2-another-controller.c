	{CONTROLLER_MEMORY, OF(memory), "memory.limit_in_bytes", number, "memory.max", number_or_max},
	{CONTROLLER_MEMORY, OF(memory_swap), "memory.memsw.limit_in_bytes", number, "memory.swap.max", swap_alone},
	{CONTROLLER_CPU, OF(pids), "pids.max", number_or_max, "pids.max", number_or_max},
