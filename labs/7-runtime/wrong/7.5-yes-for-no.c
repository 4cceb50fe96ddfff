	program_jump(program, BPF_JEQ, (uint32_t)value, no, yes);
	if ((uint32_t)mask != UINT32_MAX)
		program_mask(program, (uint32_t)mask);
	label next = write_load(program, condition, false);
	if (!wide)
		return next;
	program_jump(program, BPF_JEQ, upper(value), next, yes);
	if (upper(mask) != UINT32_MAX)
		program_mask(program, upper(mask));
	return write_load(program, condition, true);
