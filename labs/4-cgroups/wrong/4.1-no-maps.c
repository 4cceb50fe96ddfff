	if (cgroup_create(&options->cgroup, limits, false) < 0 ||
		spawn(&child, namespaces, options->cgroup.unified, inside, options) < 0)
		return -1;
	if (cgroup_join(&options->cgroup, child.pid) < 0 || spawn_release(&child) < 0)
		return spawn_give_up(&child);
