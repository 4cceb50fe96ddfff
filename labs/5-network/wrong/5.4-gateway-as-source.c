	char text[INET_ADDRSTRLEN];
	address_text(range_gateway(range), text);
	fprintf(rules,
		"chain postrouting {\n"
		" type nat hook postrouting priority 100\n"
		" ip saddr %s oifname != \"" BRIDGE_NAME "\" snat to %s\n"
		" ip daddr %s ip saddr { 127.0.0.0/8, %s/%d } ct status dnat masquerade\n"
		"}\n",
		address, text, address, network, range->prefix);
