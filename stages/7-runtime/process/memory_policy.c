/*
 * On a machine with several sockets each has memory of its own, and that of another one is slower.
 * The policy says where the pages of a process come from.
 *
 * What must hold: it is set from inside, since a cpuset that is entered later would translate its
 * nodes.
 */
#include "7-runtime/process/memory_policy.h"

#include <fcntl.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "6-oci/number_list.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"

#define NODES "/sys/devices/system/node/has_memory"

enum { LIST_MOST = 1 << 16 };

static uint64_t all_flags(const struct config_memory_policy *policy)
{
	uint64_t flags = 0;
	for (size_t i = 0; i < policy->flags.count; i++)
		flags |= policy->flags.items[i]->value;
	return flags;
}

/* The kernel wants to know one bit more than there are. */
static long set_policy(uint64_t mode, const struct number_set *nodes)
{
	bool none = nodes->count == 0;
	return syscall(SYS_set_mempolicy, (int)mode, none ? NULL : nodes->bits,
		none ? 0UL : NUMBERS_MOST + 1UL);
}

/* With MPOL_F_RELATIVE_NODES a number counts the nodes that are there, and any will do. */
static int check_nodes(const struct config_memory_policy *wanted, const struct number_set *there)
{
	struct number_set nodes;
	bool found = !number_list_read(wanted->nodes, &nodes) || nodes.count == 0 ||
		     all_flags(wanted) & MPOL_F_RELATIVE_NODES;
	for (size_t i = 0; i < NUMBERS_MOST && !found; i++)
		found = number_set_has(&nodes, i) && number_set_has(there, i);
	step_for("linux.memoryPolicy.nodes");
	return found ? 0 : fail("this machine has none of the memory nodes %s", wanted->nodes);
}

/* A mode shows only in the answer of the kernel; so it is tried here, for a moment. */
static int check_mode(const struct config_choice *mode, const struct number_set *there)
{
	static const struct number_set none;
	if (mode->value <= MPOL_LOCAL)
		return 0;
	step_for("linux.memoryPolicy.mode");
	step("set_mempolicy: try whether this kernel knows %s", mode->name);
	if (set_policy(mode->value, there) < 0 || set_policy(MPOL_DEFAULT, &none) < 0)
		return fail("this kernel does not have %s", mode->name);
	return 0;
}

int memory_policy_check(const struct config_memory_policy *wanted)
{
	struct number_set there;
	if (!wanted)
		return 0;
	step_for("linux.memoryPolicy");
	if (!file_exists(AT_FDCWD, NODES))
		return fail("this kernel knows of no memory nodes");
	_cleanup_free char *list = file_read(AT_FDCWD, NODES, LIST_MOST, NULL);
	if (!list)
		return -1;
	if (!number_list_read(list, &there))
		return fail("%s: not a list of nodes", NODES);
	if (check_nodes(wanted, &there) < 0 || check_mode(wanted->mode, &there) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

int memory_policy_apply(const struct config_memory_policy *wanted)
{
	struct number_set nodes;
	if (!wanted)
		return 0;
	step_for("linux.memoryPolicy");
	if (!number_list_read(wanted->nodes, &nodes))
		return fail("not a list of nodes");
	step("set_mempolicy: %s, nodes \"%s\"", wanted->mode->name,
		wanted->nodes ? wanted->nodes : "");
	if (set_policy(wanted->mode->value | all_flags(wanted), &nodes) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}
