	unsigned first = STDERR_FILENO + 1;
	if (count > 0)
		first = (unsigned)kept[count - 1] + 1;
	if (close_range(first, UINT_MAX, 0) < 0)
		return fail_errno();
