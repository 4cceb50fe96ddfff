/*
 * The checks of linux.resources: limits that contradict each other or themselves. What a limit may
 * be at most depends on the host, and the kernel says so when it is written.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "6-oci/validate.h"

#define RESOURCES "linux.resources."

/* A number of bytes, or -1 for no limit. */
static void validate_bytes(const int64_t *bytes, const char *name, struct config_errors *errors)
{
	if (bytes && *bytes < -1)
		config_errors_add(errors,
			RESOURCES "memory.%s: expected a size, or -1 for no limit, found %" PRId64,
			name, *bytes);
}

static void validate_memory(const struct config_memory *memory, struct config_errors *errors)
{
	validate_bytes(memory->limit, "limit", errors);
	validate_bytes(memory->reservation, "reservation", errors);
	validate_bytes(memory->swap, "swap", errors);
	validate_bytes(memory->kernel, "kernel", errors);
	validate_bytes(memory->kernel_tcp, "kernelTCP", errors);
	int64_t limit = memory->limit && *memory->limit > 0 ? *memory->limit : 0;
	/* swap counts memory and swap together. */
	if (memory->swap && *memory->swap > 0 && limit == 0)
		config_errors_add(errors,
			RESOURCES "memory.swap: counts memory, too, and needs a memory.limit");
	else if (memory->swap && *memory->swap > 0 && *memory->swap < limit)
		config_errors_add(errors,
			RESOURCES "memory.swap: counts memory, too, so it cannot be less than "
				  "memory.limit, %" PRId64,
			limit);
	if (memory->reservation && limit && *memory->reservation > limit)
		config_errors_add(errors,
			RESOURCES "memory.reservation: cannot be more than memory.limit, %" PRId64,
			limit);
	if (memory->swappiness && *memory->swappiness > 100)
		config_errors_add(errors,
			RESOURCES "memory.swappiness: expected a whole number from 0 to 100, found "
				  "%" PRIu64,
			*memory->swappiness);
}

/* See "List format" in cpuset(7). */
static void validate_set(const char *set, const char *name, struct config_errors *errors)
{
	const char *at = set ? set : "";
	while (isdigit((unsigned char)*at)) {
		at += strspn(at, "0123456789");
		if (*at == '-' && isdigit((unsigned char)at[1]))
			at += 1 + strspn(at + 1, "0123456789");
		if (*at == ',' && isdigit((unsigned char)at[1]))
			at++;
	}
	if (*at)
		config_errors_add(errors,
			RESOURCES "cpu.%s: expected a list such as \"0-3,7\", found %s", name,
			quoted(set));
}

static void validate_cpu(const struct config_cpu *cpu, struct config_errors *errors)
{
	/* 0 means: leave it as it is. */
	if (cpu->period && *cpu->period && (*cpu->period < 1000 || *cpu->period > 1000000))
		config_errors_add(errors,
			RESOURCES "cpu.period: expected microseconds, from 1000 to 1000000, found "
				  "%" PRIu64,
			*cpu->period);
	if (cpu->quota && (*cpu->quota < -1 || (*cpu->quota > 0 && *cpu->quota < 1000)))
		config_errors_add(errors,
			RESOURCES "cpu.quota: expected microseconds, at least 1000, or -1 for no "
				  "limit, found %" PRId64,
			*cpu->quota);
	if (cpu->burst && *cpu->burst && cpu->quota && *cpu->quota > 0 &&
		*cpu->burst > (uint64_t)*cpu->quota)
		config_errors_add(errors,
			RESOURCES "cpu.burst: cannot be more than cpu.quota, %" PRId64,
			*cpu->quota);
	if (cpu->idle && *cpu->idle != 0 && *cpu->idle != 1)
		config_errors_add(errors, RESOURCES "cpu.idle: expected 0 or 1, found %" PRId64,
			*cpu->idle);
	validate_set(cpu->cpus, "cpus", errors);
	validate_set(cpu->mems, "mems", errors);
	/* See sched-rt-group.rst in the kernel's documentation. */
	if (cpu->realtime_runtime && *cpu->realtime_runtime < -1)
		config_errors_add(errors,
			RESOURCES "cpu.realtimeRuntime: expected microseconds, or -1 for no limit, "
				  "found %" PRId64,
			*cpu->realtime_runtime);
	if (cpu->realtime_runtime && *cpu->realtime_runtime > 0 && cpu->realtime_period &&
		*cpu->realtime_period && (uint64_t)*cpu->realtime_runtime > *cpu->realtime_period)
		config_errors_add(errors,
			RESOURCES "cpu.realtimeRuntime: cannot be more than cpu.realtimePeriod, "
				  "%" PRIu64,
			*cpu->realtime_period);
}

/* The kernel has 12 bits for a major number and 20 for a minor one. */
enum { MAJOR_BITS = 12, MINOR_BITS = 20 };

static bool is_device(int64_t major, int64_t minor)
{
	return major >= 0 && major < 1 << MAJOR_BITS && minor >= 0 && minor < 1 << MINOR_BITS;
}

static void validate_throttles(const struct config_throttle_devices *devices, const char *name,
	struct config_errors *errors)
{
	for (size_t i = 0; i < devices->count; i++)
		if (!is_device(devices->items[i].major, devices->items[i].minor))
			config_errors_add(errors,
				RESOURCES "blockIO.%s[%zu]: %" PRId64 ":%" PRId64 " is no device",
				name, i, devices->items[i].major, devices->items[i].minor);
}

/* 0 means: leave it as it is. */
static void validate_weight(const uint16_t *weight, const char *name, struct config_errors *errors)
{
	if (weight && *weight && (*weight < 10 || *weight > 1000))
		config_errors_add(errors,
			RESOURCES "blockIO.%s: expected a whole number from 10 to 1000, found %u",
			name, *weight);
}

static void validate_weights(const struct config_block_io *io, struct config_errors *errors)
{
	validate_weight(io->weight, "weight", errors);
	validate_weight(io->leaf_weight, "leafWeight", errors);
	for (size_t i = 0; i < io->weight_device.count; i++) {
		const struct config_weight_device *device = &io->weight_device.items[i];
		char name[64];
		snprintf(name, sizeof(name), "weightDevice[%zu].weight", i);
		validate_weight(device->weight, name, errors);
		snprintf(name, sizeof(name), "weightDevice[%zu].leafWeight", i);
		validate_weight(device->leaf_weight, name, errors);
		if (!is_device(device->major, device->minor))
			config_errors_add(errors,
				RESOURCES "blockIO.weightDevice[%zu]: %" PRId64 ":%" PRId64
					  " is no device",
				i, device->major, device->minor);
		else if (!device->weight && !device->leaf_weight)
			config_errors_add(errors,
				RESOURCES "blockIO.weightDevice[%zu]: expected a weight, a "
					  "leafWeight, or both",
				i);
	}
}

static void validate_block_io(const struct config_block_io *io, struct config_errors *errors)
{
	validate_weights(io, errors);
	validate_throttles(&io->throttle_read_bps_device, "throttleReadBpsDevice", errors);
	validate_throttles(&io->throttle_write_bps_device, "throttleWriteBpsDevice", errors);
	validate_throttles(&io->throttle_read_iops_device, "throttleReadIOPSDevice", errors);
	validate_throttles(&io->throttle_write_iops_device, "throttleWriteIOPSDevice", errors);
}

/* -1 is another way to say all. */
static void validate_rule_number(const int64_t *number, int bits, const char *name, size_t i,
	struct config_errors *errors)
{
	int64_t high = (INT64_C(1) << bits) - 1;
	if (number && (*number < -1 || *number > high))
		config_errors_add(errors,
			RESOURCES "devices[%zu].%s: expected a whole number from 0 to %" PRId64
				  ", or -1 for all, found %" PRId64,
			i, name, high, *number);
}

static void validate_device_rules(const struct config_resources *resources,
	struct config_errors *errors)
{
	for (size_t i = 0; i < resources->devices.count; i++) {
		const struct config_device_rule *rule = &resources->devices.items[i];
		if (rule->type && *rule->type && (!strchr("abc", *rule->type) || rule->type[1]))
			config_errors_add(errors,
				RESOURCES "devices[%zu].type: expected one of a, b, c, found %s", i,
				quoted(rule->type));
		if (rule->access && rule->access[strspn(rule->access, "rwm")])
			config_errors_add(errors,
				RESOURCES "devices[%zu].access: expected letters of rwm, found %s",
				i, quoted(rule->access));
		validate_rule_number(rule->major, MAJOR_BITS, "major", i, errors);
		validate_rule_number(rule->minor, MINOR_BITS, "minor", i, errors);
	}
}

static bool is_page_size(const char *size)
{
	size_t digits = strspn(size, "0123456789");
	const char *unit = size + digits;
	return digits > 0 && *size != '0' && *unit && strchr("KMG", *unit) &&
	       !strcmp(unit + 1, "B");
}

static void validate_hugepages(const struct config_resources *resources,
	struct config_errors *errors)
{
	for (size_t i = 0; i < resources->hugepage_limits.count; i++) {
		const char *size = resources->hugepage_limits.items[i].page_size;
		if (size && !is_page_size(size))
			config_errors_add(errors,
				RESOURCES "hugepageLimits[%zu].pageSize: expected a size such as "
					  "\"2MB\", found %s",
				i, quoted(size));
	}
}

/* They are written in lines of words: "eth0 5", "mlx5_1 hca_handle=2". */
static bool is_word(const char *name)
{
	return *name && !name[strcspn(name, " \t\n")];
}

static void validate_priorities(const struct config_network *network, struct config_errors *errors)
{
	for (size_t i = 0; i < network->priorities.count; i++) {
		const char *name = network->priorities.items[i].name;
		if (name && !is_word(name))
			config_errors_add(errors,
				RESOURCES "network.priorities[%zu].name: expected the name of an "
					  "interface, found %s",
				i, quoted(name));
	}
}

static void validate_rdma(const struct config_resources *resources, struct config_errors *errors)
{
	for (size_t i = 0; i < resources->rdma.count; i++) {
		const struct config_rdma *device = &resources->rdma.items[i];
		if (!is_word(device->key))
			config_errors_add(errors, RESOURCES "rdma[%s]: not the name of a device",
				quoted(device->key));
		else if (!device->hca_handles && !device->hca_objects)
			config_errors_add(errors,
				RESOURCES "rdma[%s]: expected hcaHandles, hcaObjects, or both",
				quoted(device->key));
	}
}

/* The keys become file names in the container's cgroup. */
static void validate_unified(const struct config_pairs *unified, struct config_errors *errors)
{
	for (size_t i = 0; i < unified->count; i++) {
		const char *file = unified->items[i].key;
		if (!*file || *file == '.' || strchr(file, '/') || !strchr(file, '.'))
			config_errors_add(errors,
				RESOURCES "unified[%s]: not the name of a cgroup's file, such as "
					  "\"memory.high\"",
				quoted(file));
	}
}

void validate_resources(const struct config_resources *resources, struct config_errors *errors)
{
	validate_memory(&resources->memory, errors);
	validate_cpu(&resources->cpu, errors);
	validate_block_io(&resources->block_io, errors);
	validate_device_rules(resources, errors);
	validate_hugepages(resources, errors);
	validate_priorities(&resources->network, errors);
	validate_rdma(resources, errors);
	validate_unified(&resources->unified, errors);
	if (resources->pids.limit && *resources->pids.limit < -1)
		config_errors_add(errors,
			RESOURCES "pids.limit: expected a number, or -1 for no limit, found "
				  "%" PRId64,
			*resources->pids.limit);
}
