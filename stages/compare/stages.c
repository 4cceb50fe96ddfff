#include "compare/stages.h"

#include <stddef.h>
#include <string.h>

const struct stage stages[STAGES] = {
	{"", "bare", "nothing: a process of the host"},
	{"1-chroot", "chroot", "a root directory"},
	{"2-namespaces", "spaces", "mount, PID, UTS and IPC namespaces"},
	{"3-rootfs", "rootfs", "layers, its own /proc and /dev, a root mount that has no outside"},
	{"4-cgroups", "cgroup", "limits on memory, processor time and processes"},
	{"5-network", "net", "a network namespace with a cable to the host"},
	{"6-oci", "oci", "what its config.json says: masked and read-only paths, a user"},
	{"cooper", "cooper", "few capabilities, no new privileges, a list of devices"},
};

static const struct {
	const char *name, *title;
} groups[] = {
	{"see", "what it sees of the host"},
	{"touch", "what of the host it can change"},
	{"use", "what it can use up"},
	{"escape", "the ways out"},
	{"reach", "who reaches it"},
	{"who", "who it is"},
};

const char *group_title(const char *group)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (!strcmp(groups[i].name, group))
			return groups[i].title;
	return "";
}
