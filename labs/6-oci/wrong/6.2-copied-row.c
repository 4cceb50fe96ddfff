	{"uid", UINT32, AT(user, uid)},
	{"gid", UINT32, AT(user, uid)},
	{"umask", UINT32, AT(user, umask), 0, OPTIONAL, .high = 0777},
	{"additionalGids", UINT32, AT(user, additional_gids), 0, LIST},
