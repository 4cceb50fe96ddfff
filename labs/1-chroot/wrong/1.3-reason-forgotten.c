	while (path) {
		int length = (int)strcspn(path, ":");
		snprintf(found, PATH_MAX, "%.*s/%s", length, path, name);
		if (executable(found))
			return 0;
		path = path[length] ? path + length + 1 : NULL;
	}
