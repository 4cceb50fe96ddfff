	{CONTROLLER_MEMORY, OF(memory), "memory.usage_in_bytes", number, "memory.current", number_or_max},
	{CONTROLLER_MEMORY, OF(memory_swap), "memory.memsw.limit_in_bytes", number, "memory.swap.max", swap_alone},
	{CONTROLLER_PIDS, OF(pids), "pids.max", number_or_max, "pids.max", number_or_max},
