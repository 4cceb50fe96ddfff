/* /etc/resolv.conf: whom the container asks for names. */
#ifndef STAGE5_RESOLVER_H
#define STAGE5_RESOLVER_H

#include "5-network/network.h"

/*
 * Writes /etc/resolv.conf inside the directory @root, made from the host's, instead of what may be
 * there. Does nothing for a container without a network. Returns 0, or -1 with the error set. See
 * resolv.conf(5).
 */
int resolver_write(const struct network *network, int root);

#endif
