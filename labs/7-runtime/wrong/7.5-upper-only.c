	program_jump(program, BPF_JEQ, upper(value), yes, no);
	if (upper(mask) != UINT32_MAX)
		program_mask(program, upper(mask));
	return write_load(program, condition, true);
