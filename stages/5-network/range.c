/*
 * The addresses that a bridge can give away. The first is the bridge's own: the containers'
 * gateway. Which of the rest are free is not recorded here; the kernel knows (network.c).
 */
#include "5-network/range.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "common/error.h"
#include "common/text.h"

/* A gateway, a container and the broadcast address fit in a /30; 127/8 and 224/3 are no ranges. */
enum { LARGEST_PREFIX = 30, SMALLEST_PREFIX = 8 };

static uint32_t mask(const struct range *range)
{
	return UINT32_MAX << (32 - range->prefix);
}

static bool for_hosts(uint32_t address)
{
	uint32_t top = address >> 24;
	return top != 0 && top != 127 && top < 224;
}

int flag_address(const char *flag, const char *value, void *target)
{
	struct in_addr address;
	if (inet_pton(AF_INET, value, &address) != 1)
		return fail("%s: expected an IPv4 address such as 10.93.0.9, found \"%s\"", flag,
			value);
	*(uint32_t *)target = ntohl(address.s_addr);
	return 0;
}

int flag_range(const char *flag, const char *value, void *target)
{
	struct range range = {};
	char text[INET_ADDRSTRLEN] = "", end;
	unsigned prefix = 0;
	struct in_addr address;
	if (sscanf(value, "%15[0-9.]/%2u%c", text, &prefix, &end) != 2 ||
		inet_pton(AF_INET, text, &address) != 1 || prefix < SMALLEST_PREFIX ||
		prefix > LARGEST_PREFIX || !for_hosts(ntohl(address.s_addr)))
		return fail("%s: expected a range such as 10.93.0.0/16 (a prefix from %d to %d), "
			    "found \"%s\"",
			flag, SMALLEST_PREFIX, LARGEST_PREFIX, value);
	range.prefix = (uint8_t)prefix;
	range.network = ntohl(address.s_addr) & mask(&range);
	*(struct range *)target = range;
	return 0;
}

uint32_t range_gateway(const struct range *range)
{
	return range->network + 1;
}

void range_hosts(const struct range *range, uint32_t *first, uint32_t *last)
{
	*first = range->network + 2;
	*last = (range->network | ~mask(range)) - 1;
}

const char *address_text(uint32_t address, char text[INET_ADDRSTRLEN])
{
	struct in_addr number = {.s_addr = htonl(address)};
	return inet_ntop(AF_INET, &number, text, INET_ADDRSTRLEN);
}
