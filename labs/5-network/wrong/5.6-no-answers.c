	fprintf(rules,
		"chain forward {\n"
		" type filter hook forward priority 0\n"
		" ip daddr != %s accept\n"
		" iifname \"" BRIDGE_NAME "\" accept\n"
		" ct status dnat accept\n"
		" drop\n"
		"}\n",
		address);
