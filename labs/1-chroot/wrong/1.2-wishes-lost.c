	environment[count++] = "PATH=" DEFAULT_PATH;
	environment[count++] = "HOME=/root";
	environment[count++] = terminal;
