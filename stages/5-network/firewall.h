/* The rules of one container: its way out, its published ports, and what stays closed. */
#ifndef STAGE5_FIREWALL_H
#define STAGE5_FIREWALL_H

#include "5-network/publish.h"
#include "5-network/range.h"

/*
 * Lets the host forward packets, and adds the rules for the container with the address @address,
 * in a table of its own that is named after @owner (letters, digits and "_+-."). Runs nft(8).
 * Returns 0, or -1 with the error set.
 */
int firewall_add(const char *owner, uint32_t address, const struct range *range,
	const struct publications *publications);

/* Removes that table; it may be gone already. */
int firewall_remove(const char *owner);

#endif
