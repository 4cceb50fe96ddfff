	fprintf(rules,
		"chain postrouting {\n"
		" type nat hook postrouting priority 100\n"
		" masquerade\n"
		"}\n");
