	if (spawn_release(&child) < 0)
		return spawn_give_up(&child);
	/* Something that takes a while, as it may on a machine with more to do. */
	for (volatile long i = 0; i < 300000000; i++)
		;
	if (options->userns.wanted && userns_map_caller(child.pid) < 0)
		return spawn_give_up(&child);
