	step("prctl: drop capabilities from the bounding set");
	for (cap_value_t capability = 0; capability < CAPABILITIES_MOST; capability++)
		if (is_in(kept, capability) || cap_drop_bound(capability) < 0)
			break;
	step("prctl: keep capabilities when the user changes (PR_SET_KEEPCAPS)");
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return fail_errno();
