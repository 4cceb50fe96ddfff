/*
 * The world knows nothing of the container's address. What the container sends out gets the host's
 * address on the way (masquerade, a source NAT); what is sent to a published port of the host gets
 * the container's (destination NAT). The kernel remembers each connection and translates the
 * answers back.
 *
 * What must hold: no more is opened than was asked for, although NAT is no wall by itself.
 *
 *  - A neighbour that routes the range through this host would reach every port of the container.
 *    So only answers, and what came through a published port, may enter ("forward").
 *  - 127.0.0.1 must mean this host alone. A published port makes the bridge accept packets of that
 *    network (route_localnet), and a published 127.0.0.1:8080 is found by any packet sent to it. So
 *    whatever has such an address and did not start on lo is dropped first of all ("loopback"). See
 *    CVE-2020-8558.
 *  - A container that calls another one through the host's address must get its answer from there,
 *    too, and not straight across the bridge from a stranger: hence the second masquerade.
 *
 * A table for each container: it comes and goes in one transaction and touches nobody else's.
 */
#include "5-network/firewall.h"

#include <fcntl.h>
#include <stdio.h>

#include "5-network/bridge.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/process.h"
#include "common/step.h"

/* nft takes no "+" in a name, but "/", which an owner's name cannot have. */
static void print_table(FILE *rules, const char *owner)
{
	fprintf(rules, "table ip cooper-");
	for (; *owner; owner++)
		fputc(*owner == '+' ? '/' : *owner, rules);
}

/* The host's own connections take the way of "output", those of others come by "prerouting". */
static void print_published(FILE *rules, const char *hook, const char *address,
	const struct publications *publications)
{
	char text[INET_ADDRSTRLEN];
	fprintf(rules, "chain %s {\n type nat hook %s priority -100\n", hook, hook);
	for (size_t i = 0; i < publications->count; i++) {
		const struct publication *port = &publications->items[i];
		/* Task 5.5: print the rule for @port. What is sent to it on the host (to its
		 * address there, or, if that is 0, to any of the host's own: "fib daddr type
		 * local"), by its protocol, goes to @address and the port inside ("dnat to").
		 *
		 * Until then: ;
		 */
		if (port->address)
			fprintf(rules, " ip daddr %s", address_text(port->address, text));
		else
			fprintf(rules, " fib daddr type local");
		fprintf(rules, " %s dport %d dnat to %s:%d\n", port->udp ? "udp" : "tcp",
			port->host, address, port->container);
		/* End of task 5.5. */
	}
	fprintf(rules, "}\n");
}

/* Whose answers would not find back gets the host's address; the kernel remembers for whom. */
static void print_masquerade(FILE *rules, const char *address, const struct range *range)
{
	char network[INET_ADDRSTRLEN];
	address_text(range->network, network);
	/* Task 5.4: print the chain "postrouting", of the type nat, with the hook postrouting and
	 * the priority 100. "masquerade" gives a packet the host's address as its source:
	 *
	 *  - if it comes from @address and does not leave by the bridge (oifname);
	 *  - if it goes to @address, comes from 127.0.0.0/8 or from a neighbour (@network with its
	 *    range->prefix), and was sent to a published port ("ct status dnat").
	 *
	 * Until then: ;
	 */
	fprintf(rules,
		"chain postrouting {\n"
		" type nat hook postrouting priority 100\n"
		" ip saddr %s oifname != \"" BRIDGE_NAME "\" masquerade\n"
		" ip daddr %s ip saddr { 127.0.0.0/8, %s/%d } ct status dnat masquerade\n"
		"}\n",
		address, address, network, range->prefix);
	/* End of task 5.4. */
}

static void print_loopback(FILE *rules)
{
	fprintf(rules, "chain loopback {\n"
		       " type filter hook prerouting priority -300\n"
		       " iifname != \"lo\" ip saddr 127.0.0.0/8 drop\n"
		       " iifname != \"lo\" ip daddr 127.0.0.0/8 drop\n"
		       "}\n");
}

static void print_forward(FILE *rules, const char *address)
{
	/* Task 5.6: print the chain "forward", of the type filter, with the hook forward and the
	 * priority 0. Of what the host passes on to @address, it accepts what comes from the
	 * bridge, what answers ("ct state established,related") and what was sent to a published
	 * port ("ct status dnat"), and drops the rest. What is for another address is not its
	 * business: "accept" ends this chain only, "drop" is the end of a packet.
	 *
	 * Until then: ;
	 */
	fprintf(rules,
		"chain forward {\n"
		" type filter hook forward priority 0\n"
		" ip daddr != %s accept\n"
		" iifname \"" BRIDGE_NAME "\" accept\n"
		" ct state established,related accept\n"
		" ct status dnat accept\n"
		" drop\n"
		"}\n",
		address);
	/* End of task 5.6. */
}

static void print_rules(FILE *rules, const char *address, const struct range *range,
	const struct publications *publications)
{
	fprintf(rules, " {\n");
	print_published(rules, "prerouting", address, publications);
	print_published(rules, "output", address, publications);
	print_masquerade(rules, address, range);
	print_loopback(rules);
	print_forward(rules, address);
	fprintf(rules, "}\n");
}

/* Of the whole host, and it stays on: others may have come to rely on it meanwhile. */
static int forward_packets(void)
{
	step("sysctl: net.ipv4.ip_forward = 1");
	return file_write(AT_FDCWD, "/proc/sys/net/ipv4/ip_forward", "1");
}

/* Runs nft on what has been printed into @rules. */
static int run_nft(FILE *rules, char **text)
{
	static const char *const nft[] = {"nft", "-f", "-", NULL};
	fclose(rules);
	int status = *text ? process_run(nft, *text) : fail("out of memory");
	free(*text);
	if (status < 0 && !*error_hint())
		fail_hint(
			"the rules are made by nft (Debian: nftables), and need nf_tables and NAT in "
			"the kernel");
	return status;
}

int firewall_add(const char *owner, uint32_t address, const struct range *range,
	const struct publications *publications)
{
	char *text = NULL, own[INET_ADDRSTRLEN];
	size_t size;
	if (forward_packets() < 0)
		return -1;
	FILE *rules = open_memstream(&text, &size);
	if (!rules)
		return fail("out of memory");
	print_table(rules, owner);
	print_rules(rules, address_text(address, own), range, publications);
	return run_nft(rules, &text);
}

int firewall_remove(const char *owner)
{
	char *text = NULL;
	size_t size;
	FILE *rules = open_memstream(&text, &size);
	if (!rules)
		return fail("out of memory");
	/* Adding a table that is there is no error, deleting one that is not is one. */
	fprintf(rules, "add ");
	print_table(rules, owner);
	fprintf(rules, "\ndelete ");
	print_table(rules, owner);
	return run_nft(rules, &text);
}
