	environment[count++] = "PATH=" DEFAULT_PATH;
	for (size_t i = 0; i < wanted->count; i++)
		if (strncmp(wanted->items[i], "PATH=", 5) != 0)
			environment[count++] = (char *)wanted->items[i];
	if (!variable(environment, "HOME"))
		environment[count++] = "HOME=/root";
	environment[count++] = terminal;
