/* Kernel parameters of the container's namespaces. */
#ifndef STAGE6_SYSCTL_H
#define STAGE6_SYSCTL_H

#include "6-oci/config.h"

/*
 * In the container's namespaces, while the host's /proc is still there: writes the parameters that
 * the config lists. The kernel takes those of the writer's own namespaces. See linux.sysctl in
 * config-linux.md, sysctl(8).
 */
int sysctl_apply(const struct config *config);

#endif
