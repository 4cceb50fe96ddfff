	if (spawn_release(&child) < 0)
		return spawn_give_up(&child);
	if (options->userns.wanted && userns_map_caller(child.pid) < 0)
		return spawn_give_up(&child);
