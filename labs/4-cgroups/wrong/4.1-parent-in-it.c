	if (cgroup_create(&options->cgroup, limits, false) < 0 ||
		cgroup_join(&options->cgroup, getpid()) < 0 ||
		cgroup_join_unified(&options->cgroup, getpid()) < 0 ||
		spawn(&child, namespaces, options->cgroup.unified, inside, options) < 0)
		return -1;
	if ((options->userns.wanted && userns_map_caller(child.pid) < 0) || spawn_release(&child) < 0)
		return spawn_give_up(&child);
