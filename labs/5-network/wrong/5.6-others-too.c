	fprintf(rules,
		"chain forward {\n"
		" type filter hook forward priority 0\n"
		" iifname \"" BRIDGE_NAME "\" accept\n"
		" ct state established,related accept\n"
		" ct status dnat accept\n"
		" drop\n"
		"}\n");
