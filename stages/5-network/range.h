/* IPv4 addresses and ranges of them, as a user writes them and as the kernel wants them. */
#ifndef STAGE5_RANGE_H
#define STAGE5_RANGE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* A range: 10.93.0.0/16 is {0x0a5d0000, 16}. Addresses are numbers here, in the host's order. */
struct range {
	uint32_t network;
	uint8_t prefix;
};

/* Readers for flags: an address (uint32_t), a range (struct range). See common/flags.h. */
int flag_address(const char *flag, const char *value, void *target);
int flag_range(const char *flag, const char *value, void *target);

/*
 * The addresses for containers are those from *@first to *@last; the first address of the range is
 * the bridge's, and the very last one means all of them (broadcast).
 */
uint32_t range_gateway(const struct range *range);
void range_hosts(const struct range *range, uint32_t *first, uint32_t *last);

/* "10.93.0.2". A line of its own for each call: the text lives in @text, which is returned. */
const char *address_text(uint32_t address, char text[INET_ADDRSTRLEN]);

#endif
