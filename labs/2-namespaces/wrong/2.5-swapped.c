	if (file_write(AT_FDCWD, path, "deny") < 0 ||
		write_map(pid, "uid_map", gids, gid_count) < 0)
		return -1;
	return write_map(pid, "gid_map", uids, uid_count);
