/*
 * Systemd writes the files of its units' cgroups by itself, from properties. For many files of
 * cgroup v2 there is one; the names are other ones, and so are a few units.
 *
 * What must hold: a property that the running systemd does not know fails the whole call. So each
 * row has the version that brought it.
 */
#include "7-runtime/systemd/helper/properties.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "7-runtime/systemd/property.h"
#include "common/cleanup.h"

enum { MASK_BYTES = 1024, PERIOD_USUAL = 100000, SECOND = 1000000, PERCENT = SECOND / 100 };

struct property {
	const char *file;
	const char *name;
	unsigned since;
	uint64_t least; /* a smaller number is none that systemd takes */
	int (*add)(sd_bus_message *message, const struct property *property, const char *text,
		unsigned version);
};

/* What does not fit sd_bus_message_append(): "(sv)" with the value between the two. */
static int begin(sd_bus_message *message, const char *name, const char *signature)
{
	int status = sd_bus_message_open_container(message, 'r', "sv");
	if (status >= 0)
		status = sd_bus_message_append(message, "s", name);
	return status < 0 ? status : sd_bus_message_open_container(message, 'v', signature);
}

static int end(sd_bus_message *message)
{
	int status = sd_bus_message_close_container(message);
	return status < 0 ? status : sd_bus_message_close_container(message);
}

static int add_u64(sd_bus_message *message, const char *name, uint64_t value)
{
	return sd_bus_message_append(message, "(sv)", name, "t", value);
}

/* "max", or a number with a unit behind it, as the kernel takes it. */
static int number(sd_bus_message *message, const struct property *property, const char *text,
	unsigned version)
{
	static const char units[] = "KMGT";
	char *end;
	(void)version;
	if (!strcmp(text, "max"))
		return add_u64(message, property->name, UINT64_MAX);
	if (!strncmp(text, "default ", 8))
		text += 8;
	errno = 0;
	uint64_t value = strtoull(text, &end, 10);
	const char *unit = *end ? strchr(units, *end & ~0x20) : NULL;
	if (errno || end == text || (*end && (!unit || end[1])))
		return 0;
	for (; unit && unit >= units; unit--)
		value *= 1024;
	return value < property->least ? 0 : add_u64(message, property->name, value);
}

/* "QUOTA PERIOD". The quota a second is kept in whole percent; what is between is rounded up. */
static int processor_time(sd_bus_message *message, const struct property *property,
	const char *text, unsigned version)
{
	char quota[24];
	uint64_t period = PERIOD_USUAL, second = UINT64_MAX;
	if (sscanf(text, "%23s %" SCNu64, quota, &period) < 1 || period == 0)
		return 0;
	if (strcmp(quota, "max") != 0) {
		second = strtoull(quota, NULL, 10) * SECOND / period;
		second = (second + PERCENT - 1) / PERCENT * PERCENT;
	}
	int status = add_u64(message, property->name, second);
	if (status < 0 || version < 242)
		return status;
	return add_u64(message, "CPUQuotaPeriodUSec", period);
}

/* A weight of 0 is the property's word for idle. */
static int idle(sd_bus_message *message, const struct property *property, const char *text,
	unsigned version)
{
	(void)version;
	return strcmp(text, "1") == 0 ? add_u64(message, property->name, 0) : 0;
}

/* "0-2,7" into a mask, the lowest bit of the first byte first. */
static int set(sd_bus_message *message, const struct property *property, const char *text,
	unsigned version)
{
	unsigned char mask[MASK_BYTES] = {};
	size_t bytes = 0;
	(void)version;
	for (char *end; *text; text = end + (*end == ',')) {
		unsigned long first = strtoul(text, &end, 10), last = first;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if ((*end && *end != ',') || last >= sizeof(mask) * CHAR_BIT || first > last)
			return 0;
		for (; first <= last; first++)
			mask[first / CHAR_BIT] |= (unsigned char)(1u << first % CHAR_BIT);
		if (last / CHAR_BIT >= bytes)
			bytes = last / CHAR_BIT + 1;
	}
	int status = begin(message, property->name, "ay");
	if (status >= 0)
		status = sd_bus_message_append_array(message, 'y', mask, bytes);
	return status < 0 ? status : end(message);
}

static const struct property properties[] = {
	{"memory.max", "MemoryMax", 231, 1, number},
	{"memory.high", "MemoryHigh", 231, 1, number},
	{"memory.low", "MemoryLow", 231, 0, number},
	{"memory.min", "MemoryMin", 240, 0, number},
	{"memory.swap.max", "MemorySwapMax", 232, 0, number},
	{"cpu.weight", "CPUWeight", 232, 1, number},
	{"cpu.idle", "CPUWeight", 252, 0, idle},
	{"cpu.max", "CPUQuotaPerSecUSec", 213, 0, processor_time},
	{"cpuset.cpus", "AllowedCPUs", 244, 0, set},
	{"cpuset.mems", "AllowedMemoryNodes", 244, 0, set},
	{"pids.max", "TasksMax", 227, 1, number},
	{"io.weight", "IOWeight", 230, 1, number},
	{},
};

/* --- what the bundle says, in so many words -------------------------------------------------- */

static int append_value(sd_bus_message *message, const char *type, const char *text)
{
	switch (*type) {
	case 's':
		return sd_bus_message_append(message, type, text);
	case 'b':
		return sd_bus_message_append(message, type, strcmp(text, "true") == 0);
	case 'd':
		return sd_bus_message_append(message, type, strtod(text, NULL));
	case 't':
		return sd_bus_message_append(message, type, strtoull(text, NULL, 10));
	case 'x':
		return sd_bus_message_append(message, type, strtoll(text, NULL, 10));
	case 'u':
		return sd_bus_message_append(message, type, (uint32_t)strtoul(text, NULL, 10));
	default:
		return sd_bus_message_append(message, type, (int)strtol(text, NULL, 10));
	}
}

static int append_values(sd_bus_message *message, const struct variant *variant)
{
	bool array = *variant->signature == 'a';
	const char *type = variant->signature + array;
	int status = array ? sd_bus_message_open_container(message, 'a', type) : 0;
	for (size_t i = 0; status >= 0 && i < variant->count; i++)
		status = append_value(message, type, variant->values[i]);
	return status < 0 || !array ? status : sd_bus_message_close_container(message);
}

static int append_property(sd_bus_message *message, const struct property_value *property)
{
	int status = begin(message, property->name, property->variant.signature);
	if (status >= 0)
		status = append_values(message, &property->variant);
	return status < 0 ? status : end(message);
}

/* cooper has checked it, so this can only be a lack of memory. */
static int add_said(sd_bus_message *message, const char *setting)
{
	struct property_value property = {};
	size_t length = strcspn(setting, "=");
	_cleanup_free char *name = strndup(setting, length);
	int status = -ENOMEM;
	if (name && setting[length] && property_read(&property, name, setting + length + 1) == 0)
		status = append_property(message, &property);
	property_free(&property);
	return status;
}

static int add(sd_bus_message *message, unsigned version, const char *setting)
{
	size_t length = strcspn(setting, "=");
	if (property_is(setting))
		return add_said(message, setting);
	for (const struct property *property = properties; property->file; property++)
		if (strlen(property->file) == length && !strncmp(property->file, setting, length) &&
			setting[length] && property->since <= version)
			return property->add(message, property, setting + length + 1, version);
	return 0;
}

int properties_add(sd_bus_message *message, unsigned version, char *const settings[])
{
	int status = 0;
	for (; status >= 0 && *settings; settings++)
		status = add(message, version, *settings);
	return status;
}
