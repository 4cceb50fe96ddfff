		if (port->address)
			fprintf(rules, " ip daddr %s", address_text(port->address, text));
		else
			fprintf(rules, " fib daddr type local");
		fprintf(rules, " tcp dport %d dnat to %s:%d\n",
			port->host, address, port->container);
