	while (path) {
		int length = (int)strcspn(path, ":");
		snprintf(found, PATH_MAX, "%.*s/%s", length, path, name);
		if (access(found, F_OK) == 0)
			return 0;
		path = path[length] ? path + length + 1 : NULL;
	}
