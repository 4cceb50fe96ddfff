#include "compare/probe/reach.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "compare/probe/answer.h"
#include "compare/probe/facts.h"
#include "compare/probe/outside.h"

enum { PATIENCE_MS = 2000 };

static const char *targets;

void reach_target(const char *list)
{
	targets = list;
}

static struct sockaddr_in ipv4(in_addr_t address, int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = address,
		.sin_port = htons((uint16_t)port),
	};
}

int reach_connect(const char *address, int port)
{
	struct sockaddr_in there = ipv4(inet_addr(address), port);
	_cleanup_fd int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (client < 0)
		return -1;
	if (connect(client, (struct sockaddr *)&there, sizeof(there)) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return -1;
	struct pollfd answered = {.fd = client, .events = POLLOUT};
	int error = ETIMEDOUT;
	socklen_t length = sizeof(error);
	if (poll(&answered, 1, PATIENCE_MS) == 1)
		getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &length);
	errno = error;
	return error ? -1 : 0;
}

static void print_addresses(void)
{
	struct ifaddrs *addresses;
	if (getifaddrs(&addresses) < 0)
		return;
	for (const struct ifaddrs *each = addresses; each; each = each->ifa_next) {
		const struct sockaddr_in *address = (const void *)each->ifa_addr;
		if (address && address->sin_family == AF_INET && !(each->ifa_flags & IFF_LOOPBACK))
			printf(" %s", inet_ntoa(address->sin_addr));
	}
	freeifaddrs(addresses);
}

int reach_serve(const char *port)
{
	struct sockaddr_in here = ipv4(INADDR_ANY, atoi(port));
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int yes = 1;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (server < 0 || setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
		bind(server, (struct sockaddr *)&here, sizeof(here)) < 0 ||
		listen(server, 1000) < 0) {
		perror("probe: listen");
		return EXIT_FAILURE;
	}
	outside_read();
	fputs(is_hosts_namespace("net") == 1 ? "shared" : "own", stdout);
	print_addresses();
	puts("");
	fflush(stdout);
	/* Whoever has started this holds the other end of the standard input. */
	char byte;
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return EXIT_SUCCESS;
}

static void try_targets(struct answer *answer)
{
	if (!targets) {
		note(answer, "somebody outside must try");
		depends(answer, "no-stand-in");
		return found(answer, UNKNOWN, "?");
	}
	if (strcmp(targets, "-") == 0) {
		note(answer, "its network is the host's: there is nothing to lead to");
		return found(answer, UNKNOWN, "no need");
	}
	char *list = strdup(targets), *rest = list;
	for (char *target; (target = strsep(&rest, ","));) {
		char *port = strchr(target, ':');
		if (!port)
			continue;
		*port++ = '\0';
		if (attempt(answer, reach_connect(target, atoi(port)), "connect to %s, port %s",
			    target, port) == 0) {
			found(answer, OPEN, "%s", target);
			break;
		}
		refused(answer);
	}
	free(list);
}

const struct fact reach_facts[] = {
	{"from-host", try_targets, "Can the host reach a port that it listens on?"},
	{"from-neighbour", try_targets, "Can another container reach that port?"},
	{"published-port", try_targets, "Does a port of the host lead to it?"},
	{},
};
