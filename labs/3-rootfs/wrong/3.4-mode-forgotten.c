	int upper = make_directory(tmpfs, "upper");
	if (upper < 0 || add(options, ",upperdir=", upper) < 0)
		return -1;
	int work = make_directory(tmpfs, "work");
	return work < 0 ? -1 : add(options, ",workdir=", work);
