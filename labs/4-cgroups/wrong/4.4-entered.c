	_cleanup_fd int namespace = open("/proc/self/ns/cgroup", O_RDONLY | O_CLOEXEC);
	if (namespace < 0 || setns(namespace, CLONE_NEWCGROUP) < 0)
		return fail_errno();
	return 0;
