/*
 * Stage 4 has the limits that people use. The rest of linux.resources is what an engine may ask
 * for: knobs of version 1 that version 2 has dropped, and controllers that few hosts have. Numbers
 * come from a table; what has a device, a page size or an interface in it is put together.
 *
 * What must hold: nothing that is asked for is left out in silence. A setting that a version does
 * not have is handed to the visitor all the same, without a file, so that it can be refused.
 * (memory.useHierarchy asks for nothing in v2, where accounting always is hierarchical. For
 * memory.kernel and memory.kernelTCP see kernel_memory.c.)
 *
 * 0 means "leave it as it is" for what cannot be 0.
 */
#include "7-runtime/resources/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 160 };

/* A weight from 10 to 1000 as one from 1 to 10000. */
#define SCALED(weight) (1 + ((weight)-10) * 9999 / 990)

/* A walk over the settings of one controller. */
struct walk {
	enum controller controller;
	enum cgroup_version version;
	setting_visitor *visit;
	void *what;
};

static int visit(const struct walk *walk, const struct setting *setting)
{
	return setting->controller == walk->controller ? walk->visit(walk->what, setting) : 0;
}

/* --- plain numbers ---------------------------------------------------------------------------- */

enum number { SWITCH, SIGNED, UNSIGNED, UNSIGNED_16, UNSIGNED_32 };

enum zero { ZERO_IS_NOTHING, ZERO_IS_A_VALUE };

#define OF(member) offsetof(struct config_resources, member)

static const struct row {
	const char *property;
	enum controller controller;
	size_t offset;
	enum number type;
	enum zero zero;
	const char *v1, *v2;
} rows[] = {
	{"memory.useHierarchy", CONTROLLER_MEMORY, OF(memory.use_hierarchy), SWITCH,
		ZERO_IS_NOTHING, "memory.use_hierarchy", ""},
	{"memory.swappiness", CONTROLLER_MEMORY, OF(memory.swappiness), UNSIGNED, ZERO_IS_A_VALUE,
		"memory.swappiness", NULL},
	{"memory.disableOOMKiller", CONTROLLER_MEMORY, OF(memory.disable_oom_killer), SWITCH,
		ZERO_IS_NOTHING, "memory.oom_control", NULL},
	{"cpu.realtimePeriod", CONTROLLER_CPU, OF(cpu.realtime_period), UNSIGNED, ZERO_IS_NOTHING,
		"cpu.rt_period_us", NULL},
	{"cpu.realtimeRuntime", CONTROLLER_CPU, OF(cpu.realtime_runtime), SIGNED, ZERO_IS_NOTHING,
		"cpu.rt_runtime_us", NULL},
	{"blockIO.leafWeight", CONTROLLER_BLKIO, OF(block_io.leaf_weight), UNSIGNED_16,
		ZERO_IS_NOTHING, "blkio.leaf_weight", NULL},
	{"network.classID", CONTROLLER_NET_CLS, OF(network.class_id), UNSIGNED_32, ZERO_IS_A_VALUE,
		"net_cls.classid", NULL},
	{},
};

/* The number as text; whether there is one. */
static bool read_number(const struct config_resources *resources, const struct row *row, char *text)
{
	const void *member = (const char *)resources + row->offset;
	const void *number = row->type == SWITCH ? member : *(const void *const *)member;
	if (!number)
		return false;
	switch (row->type) {
	case SWITCH:
		snprintf(text, TEXT_SIZE, "%d", *(const bool *)number);
		break;
	case SIGNED:
		snprintf(text, TEXT_SIZE, "%" PRId64, *(const int64_t *)number);
		break;
	case UNSIGNED:
		snprintf(text, TEXT_SIZE, "%" PRIu64, *(const uint64_t *)number);
		break;
	case UNSIGNED_16:
		snprintf(text, TEXT_SIZE, "%u", *(const uint16_t *)number);
		break;
	case UNSIGNED_32:
		snprintf(text, TEXT_SIZE, "%" PRIu32, *(const uint32_t *)number);
		break;
	}
	return row->zero == ZERO_IS_A_VALUE || strcmp(text, "0") != 0;
}

static int each_number(const struct config_resources *resources, const struct walk *walk)
{
	char text[TEXT_SIZE];
	for (const struct row *row = rows; row->property; row++) {
		const char *file = walk->version == CGROUP_V1 ? row->v1 : row->v2;
		if (!read_number(resources, row, text) || (file && !*file))
			continue;
		const struct setting setting = {row->property, row->controller, file, text};
		if (visit(walk, &setting) < 0)
			return -1;
	}
	return 0;
}

/* --- a number a device, a page size, an interface --------------------------------------------- */

/*
 * Of the two schedulers of disks that know weights, BFQ has those of v1. The other one has weights
 * from 1 to 10000, where the config has them from 10 to 1000.
 */
static int visit_weight(const struct walk *walk, size_t i,
	const struct config_weight_device *device)
{
	char property[64], text[TEXT_SIZE], scaled[TEXT_SIZE];
	snprintf(property, sizeof(property), "blockIO.weightDevice[%zu].weight", i);
	snprintf(text, sizeof(text), "%" PRId64 ":%" PRId64 " %u", device->major, device->minor,
		*device->weight);
	snprintf(scaled, sizeof(scaled), "%" PRId64 ":%" PRId64 " %u", device->major, device->minor,
		SCALED(*device->weight));
	bool v1 = walk->version == CGROUP_V1;
	const struct setting setting = {
		.property = property,
		.controller = CONTROLLER_BLKIO,
		.file = v1 ? "blkio.bfq.weight_device" : "io.bfq.weight",
		.text = text,
		.instead = v1 ? "blkio.weight_device" : "io.weight",
		.instead_text = v1 ? text : scaled,
	};
	return visit(walk, &setting);
}

static int visit_leaf_weight(const struct walk *walk, size_t i,
	const struct config_weight_device *device)
{
	char property[64], text[TEXT_SIZE];
	snprintf(property, sizeof(property), "blockIO.weightDevice[%zu].leafWeight", i);
	snprintf(text, sizeof(text), "%" PRId64 ":%" PRId64 " %u", device->major, device->minor,
		*device->leaf_weight);
	const struct setting setting = {property, CONTROLLER_BLKIO,
		walk->version == CGROUP_V1 ? "blkio.leaf_weight_device" : NULL, text};
	return visit(walk, &setting);
}

/* The same for all devices, in the file of whichever scheduler this kernel has. */
static int visit_usual_weight(const struct walk *walk, uint16_t weight)
{
	char text[TEXT_SIZE], scaled[TEXT_SIZE];
	snprintf(text, sizeof(text), "%u", weight);
	snprintf(scaled, sizeof(scaled), "%d", SCALED(weight));
	bool v1 = walk->version == CGROUP_V1;
	const struct setting setting = {
		.property = "blockIO.weight",
		.controller = CONTROLLER_BLKIO,
		.file = v1 ? "blkio.bfq.weight" : "io.bfq.weight",
		.text = text,
		.instead = v1 ? "blkio.weight" : "io.weight",
		.instead_text = v1 ? text : scaled,
	};
	return visit(walk, &setting);
}

static int each_weight(const struct config_resources *resources, const struct walk *walk)
{
	const uint16_t *usual = resources->block_io.weight;
	if (usual && *usual && visit_usual_weight(walk, *usual) < 0)
		return -1;
	for (size_t i = 0; i < resources->block_io.weight_device.count; i++) {
		const struct config_weight_device *device =
			&resources->block_io.weight_device.items[i];
		if (device->weight && *device->weight && visit_weight(walk, i, device) < 0)
			return -1;
		if (device->leaf_weight && *device->leaf_weight &&
			visit_leaf_weight(walk, i, device) < 0)
			return -1;
	}
	return 0;
}

/*
 * A page is counted when it is reserved and when it is touched. The first limit makes mmap(2) fail,
 * the second kills; older kernels have only that.
 */
static int each_page_size(const struct config_resources *resources, const struct walk *walk)
{
	const char *suffix = walk->version == CGROUP_V1 ? "limit_in_bytes" : "max";
	for (size_t i = 0; i < resources->hugepage_limits.count; i++) {
		const struct config_hugepage_limit *limit = &resources->hugepage_limits.items[i];
		char property[64], text[TEXT_SIZE], file[TEXT_SIZE];
		snprintf(property, sizeof(property), "hugepageLimits[%zu]", i);
		snprintf(text, sizeof(text), "%" PRIu64, limit->limit);
		struct setting setting = {property, CONTROLLER_HUGETLB, file, text};
		snprintf(file, sizeof(file), "hugetlb.%.32s.%s", limit->page_size, suffix);
		if (visit(walk, &setting) < 0)
			return -1;
		snprintf(file, sizeof(file), "hugetlb.%.32s.rsvd.%s", limit->page_size, suffix);
		setting.optional = true;
		if (visit(walk, &setting) < 0)
			return -1;
	}
	return 0;
}

static int each_interface(const struct config_resources *resources, const struct walk *walk)
{
	for (size_t i = 0; i < resources->network.priorities.count; i++) {
		const struct config_interface_priority *one =
			&resources->network.priorities.items[i];
		char property[64], text[TEXT_SIZE];
		snprintf(property, sizeof(property), "network.priorities[%zu]", i);
		snprintf(text, sizeof(text), "%.64s %" PRIu32, one->name, one->priority);
		const struct setting setting = {property, CONTROLLER_NET_PRIO,
			walk->version == CGROUP_V1 ? "net_prio.ifpriomap" : NULL, text};
		if (visit(walk, &setting) < 0)
			return -1;
	}
	return 0;
}

static int each_adapter(const struct config_resources *resources, const struct walk *walk)
{
	for (size_t i = 0; i < resources->rdma.count; i++) {
		const struct config_rdma *one = &resources->rdma.items[i];
		char property[96], text[TEXT_SIZE], handles[32] = "", objects[32] = "";
		snprintf(property, sizeof(property), "rdma[\"%.64s\"]", one->key);
		if (one->hca_handles)
			snprintf(handles, sizeof(handles), " hca_handle=%" PRIu32,
				*one->hca_handles);
		if (one->hca_objects)
			snprintf(objects, sizeof(objects), " hca_object=%" PRIu32,
				*one->hca_objects);
		snprintf(text, sizeof(text), "%.64s%s%s", one->key, handles, objects);
		const struct setting setting = {property, CONTROLLER_RDMA, "rdma.max", text};
		if (visit(walk, &setting) < 0)
			return -1;
	}
	return 0;
}

int settings_each(const struct config_resources *resources, enum controller controller,
	enum cgroup_version version, setting_visitor *visit_one, void *what)
{
	const struct walk walk = {controller, version, visit_one, what};
	if (each_number(resources, &walk) < 0 || each_weight(resources, &walk) < 0 ||
		each_page_size(resources, &walk) < 0 || each_interface(resources, &walk) < 0)
		return -1;
	return each_adapter(resources, &walk);
}

/* That there is one settles it, so the first ends the walk. */
static int found(void *what, const struct setting *setting)
{
	(void)what;
	(void)setting;
	return -1;
}

unsigned settings_controllers(const struct config_resources *resources)
{
	unsigned controllers = 0;
	for (enum controller c = 0; c < CONTROLLER_COUNT; c++)
		if (settings_each(resources, c, CGROUP_V1, found, NULL) < 0)
			controllers |= 1u << c;
	return controllers;
}
