	int upper = make_directory(tmpfs, "upper");
	if (upper < 0)
		return -1;
	return add(options, ",upperdir=", upper);
