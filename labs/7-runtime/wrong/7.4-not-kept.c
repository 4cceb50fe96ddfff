	step("prctl: drop capabilities from the bounding set, keep %zu", wanted->bounding.count);
	for (cap_value_t capability = 0; capability < CAPABILITIES_MOST; capability++) {
		if (is_in(kept, capability) || cap_drop_bound(capability) == 0)
			continue;
		int error = errno, bound = is_bound(capability);
		if (bound < 0)
			return -1;
		errno = error;
		if (bound)
			return fail_errno();
	}
