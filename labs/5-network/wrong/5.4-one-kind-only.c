	fprintf(rules,
		"chain postrouting {\n"
		" type nat hook postrouting priority 100\n"
		" ip saddr %s oifname != \"" BRIDGE_NAME "\" masquerade\n"
		"}\n",
		address);
