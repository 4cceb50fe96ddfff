	{"uid", UINT32, AT(user, uid)},
	{"gid", UINT32, AT(user, gid)},
	{"additionalGids", UINT32, AT(user, additional_gids), 0, LIST},
