	each_below(directory, remove_one, NULL);
	return 0;
