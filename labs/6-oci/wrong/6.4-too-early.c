		if (!namespace->path) {
			joins->made |= type;
			continue;
		}
		int fd = open_namespace(namespace, i);
		if (fd < 0)
			return -1;
		add(joins, type, fd, (int)i);
