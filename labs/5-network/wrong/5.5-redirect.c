		if (port->address)
			fprintf(rules, " ip daddr %s", address_text(port->address, text));
		else
			fprintf(rules, " fib daddr type local");
		fprintf(rules, " %s dport %d redirect to :%d\n", port->udp ? "udp" : "tcp",
			port->host, port->container);
