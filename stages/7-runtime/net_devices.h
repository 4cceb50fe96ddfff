/* Network interfaces of the host that move into the container: linux.netDevices. */
#ifndef STAGE7_NET_DEVICES_H
#define STAGE7_NET_DEVICES_H

#include <sys/types.h>

#include "6-oci/config.h"

/*
 * By the creator, while the init @pid waits in its network namespace: moves each of the config's
 * network devices there, gives it the name it shall have there, puts the addresses back that the
 * move takes from it, and sets it up. None is moved unless all are there and all new names are
 * free. Returns 0, or -1 with the error set. See "Network Devices" in config-linux.md.
 */
int net_devices_move(const struct config *config, pid_t pid);

#endif
