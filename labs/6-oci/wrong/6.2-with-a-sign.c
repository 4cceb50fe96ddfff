	{"uid", INT32, AT(user, uid)},
	{"gid", INT32, AT(user, gid)},
	{"umask", UINT32, AT(user, umask), 0, OPTIONAL, .high = 0777},
	{"additionalGids", UINT32, AT(user, additional_gids), 0, LIST},
