	program_jump(program, BPF_JEQ, (uint32_t)value, yes, no);
	if ((uint32_t)mask != UINT32_MAX)
		program_mask(program, (uint32_t)mask);
	label next = write_load(program, condition, true);
	if (!wide)
		return next;
	program_jump(program, BPF_JEQ, upper(value), next, no);
	if (upper(mask) != UINT32_MAX)
		program_mask(program, upper(mask));
	return write_load(program, condition, false);
