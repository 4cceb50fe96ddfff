/* Which devices a container may use: the rules as a list, and what they add up to. */
#ifndef STAGE7_RESOURCES_DEVICE_RULES_H
#define STAGE7_RESOURCES_DEVICE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "6-oci/config.h"

/* As in BPF_DEVCG_ACC_* of linux/bpf.h. */
enum device_access { DEVICE_MKNOD = 1, DEVICE_READ = 2, DEVICE_WRITE = 4, DEVICE_ALL = 7 };

enum { DEVICE_ANY = -1 };

struct device_rule {
	bool allow;
	char type;            /* 'b', 'c', or 'a' for both */
	int64_t major, minor; /* DEVICE_ANY: all */
	unsigned access;      /* DEVICE_* that it speaks of */
};

struct device_rules {
	struct device_rule *items;
	size_t count;
};

/*
 * The rules of a container, in order: nothing is allowed; then the config's; then what every
 * container may use, whatever the config says, as with runc: to make any node (capabilities decide
 * who may), to use null, zero, full, random, urandom, tty, terminals and tun. Free the items.
 * Returns -1 with the error set when there is no memory.
 */
int device_rules_make(struct device_rules *rules, const struct config_resources *resources);

/*
 * Whether the rules allow all of @access to a device. For each kind of access the last rule that
 * speaks of it decides.
 */
bool device_rules_allow(const struct device_rules *rules, char type, int64_t major, int64_t minor,
	unsigned access);

/*
 * The same in the terms of cgroup v1, which knows no order: everything is allowed or nothing, and
 * @exceptions from that (free the items). Returns 0; the index, from 1, of a rule that cannot be
 * said this way, since it takes a part out of an earlier one; or -1 with the error set.
 */
int device_rules_flatten(const struct device_rules *rules, bool *allow,
	struct device_rules *exceptions);

/* Whether it is about everything: all devices, all access. */
bool device_rule_is_whole(const struct device_rule *rule);

/* Whether all that @inner is about, @outer is about, too; access aside. */
bool device_rule_covers(const struct device_rule *outer, const struct device_rule *inner);

#endif
