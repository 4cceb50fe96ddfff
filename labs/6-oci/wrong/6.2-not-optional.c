	{"uid", UINT32, AT(user, uid)},
	{"gid", UINT32, AT(user, gid)},
	{"umask", UINT32, AT(user, umask), .high = 0777},
	{"additionalGids", UINT32, AT(user, additional_gids), 0, LIST},
