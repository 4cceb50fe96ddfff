		if (!namespace->path) {
			joins->made |= type & ~by_child;
			continue;
		}
		step_for("linux.namespaces[%zu]", i);
		step("open: the namespace %s", namespace->path);
		int fd = open(namespace->path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return fail_errno();
		if (setns(fd, (int)type) < 0)
			return fail_errno();
		close(fd);
