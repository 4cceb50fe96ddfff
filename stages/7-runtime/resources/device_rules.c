/*
 * A rule allows or denies some kinds of access to some devices, and a later one overrules an
 * earlier one. That is what the specification says, and what a program for v2 does.
 *
 * Version 1 keeps a state instead: a default, and a set of exceptions. A rule that goes the way of
 * the default takes away the exceptions it covers, and one that goes the other way becomes an
 * exception. What has no place there is a hole: "all c, but not c 1:5".
 */
#include "7-runtime/resources/device_rules.h"

#include <stdlib.h>
#include <string.h>

#include "common/error.h"

static const struct device_rule usual[] = {
	{true, 'c', DEVICE_ANY, DEVICE_ANY, DEVICE_MKNOD},
	{true, 'b', DEVICE_ANY, DEVICE_ANY, DEVICE_MKNOD},
	{true, 'c', 1, 3, DEVICE_ALL},            /* /dev/null */
	{true, 'c', 1, 5, DEVICE_ALL},            /* /dev/zero */
	{true, 'c', 1, 7, DEVICE_ALL},            /* /dev/full */
	{true, 'c', 1, 8, DEVICE_ALL},            /* /dev/random */
	{true, 'c', 1, 9, DEVICE_ALL},            /* /dev/urandom */
	{true, 'c', 5, 0, DEVICE_ALL},            /* /dev/tty */
	{true, 'c', 5, 2, DEVICE_ALL},            /* /dev/ptmx */
	{true, 'c', 136, DEVICE_ANY, DEVICE_ALL}, /* /dev/pts/N */
	{true, 'c', 10, 200, DEVICE_ALL},         /* /dev/net/tun: VPNs count on it */
};

enum { USUAL_COUNT = sizeof(usual) / sizeof(*usual) };

/* What the config leaves out means all of it. */
static struct device_rule rule_of(const struct config_device_rule *rule)
{
	const char *type = rule->type && *rule->type ? rule->type : "a";
	unsigned access = 0;
	for (const char *letter = rule->access; letter && *letter; letter++)
		access |= *letter == 'r'   ? DEVICE_READ
			  : *letter == 'w' ? DEVICE_WRITE
					   : DEVICE_MKNOD;
	return (struct device_rule){
		.allow = rule->allow,
		.type = *type,
		.major = rule->major ? *rule->major : DEVICE_ANY,
		.minor = rule->minor ? *rule->minor : DEVICE_ANY,
		.access = access ? access : DEVICE_ALL,
	};
}

int device_rules_make(struct device_rules *rules, const struct config_resources *resources)
{
	size_t count = resources->devices.count;
	*rules = (struct device_rules){
		.items = calloc(1 + count + USUAL_COUNT, sizeof(*rules->items))};
	if (!rules->items)
		return fail("out of memory");
	rules->items[rules->count++] =
		(struct device_rule){false, 'a', DEVICE_ANY, DEVICE_ANY, DEVICE_ALL};
	for (size_t i = 0; i < count; i++)
		rules->items[rules->count++] = rule_of(&resources->devices.items[i]);
	memcpy(rules->items + rules->count, usual, sizeof(usual));
	rules->count += USUAL_COUNT;
	return 0;
}

static bool covers_number(int64_t outer, int64_t inner)
{
	return outer == DEVICE_ANY || outer == inner;
}

bool device_rule_covers(const struct device_rule *outer, const struct device_rule *inner)
{
	return (outer->type == 'a' || outer->type == inner->type) &&
	       covers_number(outer->major, inner->major) &&
	       covers_number(outer->minor, inner->minor);
}

bool device_rule_is_whole(const struct device_rule *rule)
{
	return rule->type == 'a' && rule->major == DEVICE_ANY && rule->minor == DEVICE_ANY &&
	       rule->access == DEVICE_ALL;
}

bool device_rules_allow(const struct device_rules *rules, char type, int64_t major, int64_t minor,
	unsigned access)
{
	const struct device_rule asked = {true, type, major, minor, access};
	for (size_t i = rules->count; i-- > 0;) {
		const struct device_rule *rule = &rules->items[i];
		if (!device_rule_covers(rule, &asked))
			continue;
		if (!rule->allow && (rule->access & access || rule->access == DEVICE_ALL))
			return false;
		if (rule->allow)
			access &= ~rule->access;
		if (rule->allow && access == 0)
			return true;
	}
	return false;
}

/* --- the terms of v1 -------------------------------------------------------------------------- */

static bool overlap_in_number(int64_t one, int64_t other)
{
	return one == DEVICE_ANY || other == DEVICE_ANY || one == other;
}

static bool overlap(const struct device_rule *a, const struct device_rule *b)
{
	return a->type == b->type && overlap_in_number(a->major, b->major) &&
	       overlap_in_number(a->minor, b->minor) && a->access & b->access;
}

/* Returns false when only a part of an exception would have to go. */
static bool take_away(struct device_rules *exceptions, const struct device_rule *rule)
{
	size_t kept = 0;
	for (size_t i = 0; i < exceptions->count; i++) {
		struct device_rule *one = &exceptions->items[i];
		if (overlap(rule, one) && !device_rule_covers(rule, one))
			return false;
		if (device_rule_covers(rule, one))
			one->access &= ~rule->access;
		if (one->access)
			exceptions->items[kept++] = *one;
	}
	exceptions->count = kept;
	return true;
}

/* The kernel has one entry a device, or range of devices. */
static void add(struct device_rules *exceptions, const struct device_rule *rule)
{
	for (size_t i = 0; i < exceptions->count; i++) {
		struct device_rule *one = &exceptions->items[i];
		if (one->type == rule->type && one->major == rule->major &&
			one->minor == rule->minor) {
			one->access |= rule->access;
			return;
		}
	}
	exceptions->items[exceptions->count++] = *rule;
}

static bool apply(bool allow, struct device_rules *exceptions, const struct device_rule *rule)
{
	struct device_rule one = *rule;
	const char *types = rule->type == 'b' ? "b" : rule->type == 'c' ? "c" : "bc";
	for (; *types; types++) {
		one.type = *types;
		if (rule->allow != allow)
			add(exceptions, &one);
		else if (!take_away(exceptions, &one))
			return false;
	}
	return true;
}

int device_rules_flatten(const struct device_rules *rules, bool *allow,
	struct device_rules *exceptions)
{
	/* A rule for both types becomes two. */
	*exceptions = (struct device_rules){
		.items = calloc(2 * rules->count + 1, sizeof(*exceptions->items))};
	if (!exceptions->items)
		return fail("out of memory");
	*allow = false;
	for (size_t i = 0; i < rules->count; i++) {
		const struct device_rule *rule = &rules->items[i];
		if (device_rule_is_whole(rule)) {
			*allow = rule->allow;
			exceptions->count = 0;
		} else if (!apply(*allow, exceptions, rule)) {
			return (int)i + 1;
		}
	}
	return 0;
}
