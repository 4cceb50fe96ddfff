/* What of the host's network can be seen and used. Nothing here changes anything. */
#include <arpa/inet.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/cleanup.h"
#include "compare/probe/answer.h"
#include "compare/probe/facts.h"
#include "compare/probe/outside.h"
#include "compare/probe/proc.h"
#include "compare/probe/reach.h"

/* The names, as far as there is room for them. */
static void see_links(struct answer *answer)
{
	char names[128] = "";
	struct if_nameindex *links = if_nameindex();
	attempt(answer, links ? 0 : -1, "if_nameindex");
	if (!links)
		return refused(answer);
	for (const struct if_nameindex *link = links; link->if_name; link++) {
		size_t length = strlen(names);
		snprintf(names + length, sizeof(names) - length, "%s%s", length ? " " : "",
			link->if_name);
	}
	if_freenameindex(links);
	note(answer, "found %s", names);
	int hosts = is_hosts_namespace("net");
	if (hosts < 0)
		return nobody_outside(answer, "a network to compare with");
	found(answer, hosts ? OPEN : CLOSED, "%s", names);
}

static void see_sockets(struct answer *answer)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (!outside("socket"))
		return nobody_outside(answer, "a socket to connect to");
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "%s",
		outside("socket"));
	_cleanup_fd int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (attempt(answer,
		    connect(client, (struct sockaddr *)&address,
			    (socklen_t)offsetof(struct sockaddr_un, sun_path) + 1 +
				    (socklen_t)length),
		    "connect to @%s, an abstract socket of the host's", outside("socket")) < 0)
		return refused(answer);
	found(answer, OPEN, "connected");
}

static void see_loopback(struct answer *answer)
{
	if (!outside("loopback-port"))
		return nobody_outside(answer, "a service to connect to");
	if (attempt(answer, reach_connect("127.0.0.1", atoi(outside("loopback-port"))),
		    "connect to a service at the host's 127.0.0.1") < 0)
		return refused(answer);
	found(answer, OPEN, "connected");
}

/* The address of the default gateway, which is the host's in a container's network. See
 * proc_pid_net(5). */
static const char *gateway(void)
{
	static char routes[4096];
	unsigned int destination, address;
	if (proc_read("self/net/route", routes, sizeof(routes)) < 0)
		return NULL;
	char *rest = routes;
	for (const char *line; (line = strsep(&rest, "\n"));)
		if (sscanf(line, "%*s %x %x", &destination, &address) == 2 && destination == 0)
			return inet_ntoa((struct in_addr){address});
	return NULL;
}

/* A service that listens at all addresses of the host's. */
static void see_services(struct answer *answer)
{
	const char *port = outside("port"), *host = gateway();
	if (!port)
		return nobody_outside(answer, "a service to connect to");
	if (attempt(answer, reach_connect("127.0.0.1", atoi(port)), "connect to 127.0.0.1") == 0)
		return found(answer, OPEN, "127.0.0.1");
	if (host && attempt(answer, reach_connect(host, atoi(port)), "connect to the gateway, %s",
			    host) == 0)
		return found(answer, OPEN, "%s", host);
	refused(answer);
}

const struct fact see_network_facts[] = {
	{"network-links", see_links, "Does it see the host's network links?"},
	{"abstract-sockets", see_sockets, "Can it talk to the host's abstract sockets?"},
	{"loopback-services", see_loopback, "Can it use what the host keeps to 127.0.0.1?"},
	{"host-services", see_services, "Can it use what the host offers to others?"},
	{},
};
