	int upper = dup(bottom);
	int work = make_directory(bottom, ".work");
	return add(options, ",upperdir=", upper) < 0 ? -1 : add(options, ",workdir=", work);
