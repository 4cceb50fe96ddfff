	step("read: wait at the exec fifo for start");
	char byte;
	if (read(gate, &byte, 1) < 0)
		return fail_errno();
