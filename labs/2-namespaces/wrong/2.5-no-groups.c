	if (file_write(AT_FDCWD, path, "deny") < 0)
		return -1;
	return write_map(pid, "uid_map", uids, uid_count);
