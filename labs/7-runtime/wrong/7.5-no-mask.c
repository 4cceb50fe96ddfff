	program_jump(program, BPF_JEQ, (uint32_t)value, yes, no);
	label next = write_load(program, condition, false);
	if (!wide)
		return next;
	program_jump(program, BPF_JEQ, upper(value), next, no);
	return write_load(program, condition, true);
