	snprintf(path, sizeof(path), "/proc/%d/setgroups", getpid());
	if (file_write(AT_FDCWD, path, "deny") < 0 ||
		write_map(getpid(), "uid_map", uids, uid_count) < 0)
		return -1;
	return write_map(getpid(), "gid_map", gids, gid_count);
