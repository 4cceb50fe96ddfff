	write_load(program, condition, true);
	if (upper(mask) != UINT32_MAX)
		program_mask(program, upper(mask));
	label first = program_jump(program, BPF_JEQ, upper(value), yes, no);
	write_load(program, condition, false);
	if ((uint32_t)mask != UINT32_MAX)
		program_mask(program, (uint32_t)mask);
	program_jump(program, BPF_JEQ, (uint32_t)value, yes, no);
	return first;
