	if (write_map(pid, "uid_map", uids, uid_count) < 0)
		return -1;
	return write_map(pid, "gid_map", gids, gid_count);
