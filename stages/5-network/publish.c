/*
 * The kernel forwards a published port before any socket is looked at (firewall.c), so it would
 * never complain about a port that two containers publish: the first rule would win, silently. Nor
 * about one that a program of the host listens on: the program would hear nothing any more.
 *
 * What must hold: a port has one taker. Names of links are unique, so the claim to port 8080 is a
 * further name of the container's link, "published-tcp-8080". The kernel refuses it to a second
 * one, and drops it with the link. Against programs of the host one look must do: whether the port
 * can be bound at this moment.
 */
#include "5-network/publish.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "5-network/link.h"
#include "5-network/range.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"
#include "common/text.h"

static int read_port(const char *flag, const char *text, uint16_t *port)
{
	int64_t number;
	if (text_number(flag, text, 1, 65535, &number) < 0)
		return -1;
	*port = (uint16_t)number;
	return 0;
}

/* Cuts @text at the last @mark. Returns what comes after it, or NULL when there is none. */
static char *cut(char *text, char mark)
{
	char *found = strrchr(text, mark);
	if (found)
		*found++ = '\0';
	return found;
}

static int read_publication(const char *flag, const char *value, struct publication *publication)
{
	char text[64];
	if (snprintf(text, sizeof(text), "%s", value) >= (int)sizeof(text))
		return fail("%s: the value is too long", flag);
	const char *protocol = cut(text, '/'), *container = cut(text, ':');
	if (!container ||
		(protocol && strcmp(protocol, "tcp") != 0 && strcmp(protocol, "udp") != 0))
		return fail("%s: expected [IP:]HOST:CONTAINER[/udp], such as 8080:80, found \"%s\"",
			flag, value);
	const char *host = cut(text, ':'), *address = host ? text : NULL;
	*publication =
		(struct publication){.text = value, .udp = protocol && !strcmp(protocol, "udp")};
	if (address && flag_address(flag, address, &publication->address) < 0)
		return -1;
	if (read_port(flag, host ? host : text, &publication->host) < 0)
		return -1;
	return read_port(flag, container, &publication->container);
}

int flag_publish(const char *flag, const char *value, void *target)
{
	struct publications *all = target;
	struct publication *items = reallocarray(all->items, all->count + 1, sizeof(*items));
	if (!items)
		return fail("out of memory");
	all->items = items;
	if (read_publication(flag, value, &items[all->count]) < 0)
		return -1;
	all->count++;
	return 0;
}

/* A listener of the host makes this fail; a connection that is just closing does not. */
static int try_to_bind(const struct publication *publication)
{
	int reuse = !publication->udp;
	struct sockaddr_in place = {.sin_family = AF_INET,
		.sin_port = htons(publication->host),
		.sin_addr.s_addr = htonl(publication->address)};
	step("bind: --publish %s: see whether port %d is free on the host", publication->text,
		publication->host);
	_cleanup_fd int fd =
		socket(AF_INET, (publication->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse)) < 0 ||
		bind(fd, (struct sockaddr *)&place, sizeof(place)) < 0)
		return fail_errno();
	return 0;
}

static int claim(int socket, int link, const struct publication *publication)
{
	const char *protocol = publication->udp ? "udp" : "tcp";
	char name[32];
	if (try_to_bind(publication) < 0)
		return -1;
	snprintf(name, sizeof(name), "published-%s-%d", protocol, publication->host);
	if (link_add_name(socket, link, name) == 0)
		return 0;
	if (errno != EEXIST)
		return -1;
	fail("--publish %s: port %d/%s is already published", publication->text, publication->host,
		protocol);
	return fail_hint("see which container has it: ip link show %s", name);
}

int publish_claim(int socket, int link, const struct publications *publications)
{
	for (size_t i = 0; i < publications->count; i++)
		if (claim(socket, link, &publications->items[i]) < 0)
			return -1;
	return 0;
}
