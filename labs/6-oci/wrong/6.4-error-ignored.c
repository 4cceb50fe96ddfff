		if (!namespace->path) {
			joins->made |= type & ~by_child;
			continue;
		}
		step_for("linux.namespaces[%zu]", i);
		step("open: the namespace %s", namespace->path);
		int fd = open(namespace->path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			add(joins, type, fd, (int)i);
