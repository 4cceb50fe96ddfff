	program_jump(program, BPF_JEQ, (uint32_t)value, yes, no);
	if ((uint32_t)mask != UINT32_MAX)
		program_mask(program, (uint32_t)mask);
	return write_load(program, condition, false);
