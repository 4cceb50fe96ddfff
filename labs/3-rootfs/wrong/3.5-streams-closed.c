	unsigned first = 1;
	for (size_t i = 0; i < count; i++) {
		unsigned keep = (unsigned)kept[i];
		if (keep > first && close_range(first, keep - 1, 0) < 0)
			return fail_errno();
		first = keep + 1;
	}
	if (close_range(first, UINT_MAX, 0) < 0)
		return fail_errno();
