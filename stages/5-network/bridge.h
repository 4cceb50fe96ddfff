/* The bridge cooper0, which the first container makes and the last one takes down. */
#ifndef STAGE5_BRIDGE_H
#define STAGE5_BRIDGE_H

#include "5-network/range.h"

#define BRIDGE_NAME "cooper0"

/*
 * Plugs the link number @link into the bridge and sets it up. The bridge is made when it is not
 * there; it answers as the gateway of @range, beside any other ranges that it serves. @socket: of
 * rtnetlink, in this process's network namespace, whose lock (network.c) the caller holds. Returns
 * 0, or -1 with the error set.
 */
int bridge_join(int socket, int link, const struct range *range);

/*
 * Deletes the link named @link, and the bridge with it when nothing else is plugged in. Either may
 * be gone already. The caller holds the lock.
 */
int bridge_leave(int socket, const char *link);

#endif
