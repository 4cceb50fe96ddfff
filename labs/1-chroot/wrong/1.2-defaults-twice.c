	environment[count++] = "PATH=" DEFAULT_PATH;
	environment[count++] = "HOME=/root";
	environment[count++] = terminal;
	for (size_t i = 0; i < wanted->count; i++)
		environment[count++] = (char *)wanted->items[i];
