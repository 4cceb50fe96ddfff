	fprintf(rules,
		"chain postrouting {\n"
		" type nat hook postrouting priority 100\n"
		" ip saddr %s oifname \"" BRIDGE_NAME "\" masquerade\n"
		" ip daddr %s ip saddr { 127.0.0.0/8, %s/%d } ct status dnat masquerade\n"
		"}\n",
		address, address, network, range->prefix);
