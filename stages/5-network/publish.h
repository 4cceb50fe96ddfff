/* Published ports: a port of the host that leads to a port of the container. */
#ifndef STAGE5_PUBLISH_H
#define STAGE5_PUBLISH_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct publication {
	const char *text;   /* as the user wrote it */
	uint32_t address;   /* of the host, in its byte order; 0: all that it has */
	bool udp;           /* else TCP */
	uint16_t host;      /* the port there */
	uint16_t container; /* the port inside */
};

struct publications {
	struct publication *items;
	size_t count;
};

/* Reads "[IP:]HOST:CONTAINER[/tcp|/udp]" and appends it to a struct publications. */
int flag_publish(const char *flag, const char *value, void *target);

/*
 * Claims the ports for the container whose host-side link is number @link. They are free again when
 * that link is gone. @socket: of rtnetlink, in the host's network namespace. Returns 0, or -1 with
 * the error set when another container or a program of the host has one of them.
 */
int publish_claim(int socket, int link, const struct publications *publications);

#endif
