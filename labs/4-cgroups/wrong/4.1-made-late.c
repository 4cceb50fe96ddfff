	options->cgroup.unified = -1;
	if (spawn(&child, namespaces, -1, inside, options) < 0)
		return -1;
	if ((options->userns.wanted && userns_map_caller(child.pid) < 0) || spawn_release(&child) < 0 ||
		cgroup_create(&options->cgroup, limits, false) < 0 ||
		cgroup_join(&options->cgroup, child.pid) < 0)
		return spawn_give_up(&child);
