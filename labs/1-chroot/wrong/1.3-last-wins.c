	char hit[PATH_MAX] = "";
	while (path) {
		int length = (int)strcspn(path, ":");
		snprintf(found, PATH_MAX, "%.*s/%s", length, path, name);
		if (executable(found))
			strcpy(hit, found);
		else if (errno == EACCES)
			reason = EACCES;
		path = path[length] ? path + length + 1 : NULL;
	}
	if (*hit) {
		strcpy(found, hit);
		return 0;
	}
