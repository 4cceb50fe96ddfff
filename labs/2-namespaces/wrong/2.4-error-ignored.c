	if (options->userns.wanted)
		userns_map_caller(child.pid);
	spawn_release(&child);
