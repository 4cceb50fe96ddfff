			fprintf(rules, " fib daddr type local");
		fprintf(rules, " %s dport %d dnat to %s:%d\n", port->udp ? "udp" : "tcp",
			port->host, address, port->container);
