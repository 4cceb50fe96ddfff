	{"uid", UINT32, AT(user, uid)},
	{"gid", UINT32, AT(user, gid)},
	{"umask", UINT32, AT(user, umask), 0, OPTIONAL},
	{"additionalGids", UINT32, AT(user, additional_gids), 0, LIST},
