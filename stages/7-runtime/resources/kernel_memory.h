/* memory.kernel and memory.kernelTCP, which kernels have given up. */
#ifndef STAGE7_RESOURCES_KERNEL_MEMORY_H
#define STAGE7_RESOURCES_KERNEL_MEMORY_H

#include "4-cgroups/cgroup.h"
#include "6-oci/config.h"

/*
 * Sets the two limits where the kernel still has them. Where it does not, memory.limit covers what
 * they would, and a warning says so: the specification does not recommend them, and engines still
 * send them. Returns 0, or -1 with the error set when the kernel refuses the value.
 */
int kernel_memory_limit(const struct cgroup *cgroup, const struct config_memory *memory);

#endif
