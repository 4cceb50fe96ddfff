		if (port->address)
			fprintf(rules, " ip daddr %s", address_text(port->address, text));
		fprintf(rules, " %s dport %d dnat to %s:%d\n", port->udp ? "udp" : "tcp",
			port->host, address, port->container);
