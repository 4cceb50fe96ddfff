	cgroup_create(&options->cgroup, limits, false);
	if (spawn(&child, namespaces, options->cgroup.unified, inside, options) < 0)
		return -1;
	cgroup_join(&options->cgroup, child.pid);
	if ((options->userns.wanted && userns_map_caller(child.pid) < 0) || spawn_release(&child) < 0)
		return spawn_give_up(&child);
