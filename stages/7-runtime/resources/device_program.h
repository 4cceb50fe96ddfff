/* Device rules as an eBPF program, and the program on a cgroup. */
#ifndef STAGE7_RESOURCES_DEVICE_PROGRAM_H
#define STAGE7_RESOURCES_DEVICE_PROGRAM_H

#include <linux/bpf.h>

#include "7-runtime/resources/device_rules.h"

struct device_program {
	struct bpf_insn *code;
	size_t count;
};

/*
 * The program, of type BPF_PROG_TYPE_CGROUP_DEVICE, that allows what the rules do. Free the code.
 * Returns -1 with the error set when there is no memory. See Documentation/bpf/ in the kernel.
 */
int device_program_make(struct device_program *program, const struct device_rules *rules);

/*
 * Has the kernel ask the program about every device that a process of the v2 cgroup @cgroup (a
 * directory) opens or makes. One that was there before is replaced, and at no moment there is none.
 * Returns 0, or -1 with the error set and errno of bpf(2).
 */
int device_program_attach(const struct device_program *program, int cgroup);

#endif
