#include "6-oci/resources.h"

#include <stdlib.h>

#include "common/error.h"
#include "common/step.h"

/* A number that may be missing: stage 4 has it with a mark, the config as a pointer. */
#define LIMIT(pointer)                                                                             \
	({                                                                                         \
		__auto_type number_ = (pointer);                                                   \
		(struct limit){.set = number_ != NULL, .value = number_ ? (int64_t)*number_ : 0};  \
	})

/* The same where 0 means: leave it as it is. */
#define LIMIT_OVER_0(pointer)                                                                      \
	({                                                                                         \
		__auto_type number_ = (pointer);                                                   \
		(struct limit){.set = number_ && *number_ != 0,                                    \
			.value = number_ ? (int64_t)*number_ : 0};                                 \
	})

static void add_throttles(struct throttle **next, enum throttle_kind kind,
	const struct config_throttle_devices *devices)
{
	for (size_t i = 0; i < devices->count; i++)
		*(*next)++ = (struct throttle){
			.kind = kind,
			.major = (unsigned)devices->items[i].major,
			.minor = (unsigned)devices->items[i].minor,
			.rate = devices->items[i].rate,
		};
}

/* Four lists in the config, one in stage 4. */
static int read_throttles(const struct config_block_io *io, struct cgroup_limits *limits)
{
	limits->throttle_count =
		io->throttle_read_bps_device.count + io->throttle_write_bps_device.count +
		io->throttle_read_iops_device.count + io->throttle_write_iops_device.count;
	struct throttle *throttles = calloc(limits->throttle_count + 1, sizeof(*throttles));
	if (!throttles)
		return fail("out of memory");
	limits->throttles = throttles;
	add_throttles(&throttles, READ_BYTES, &io->throttle_read_bps_device);
	add_throttles(&throttles, WRITE_BYTES, &io->throttle_write_bps_device);
	add_throttles(&throttles, READ_OPERATIONS, &io->throttle_read_iops_device);
	add_throttles(&throttles, WRITE_OPERATIONS, &io->throttle_write_iops_device);
	return 0;
}

static int read_unified(const struct config_pairs *pairs, struct cgroup_limits *limits)
{
	struct unified_setting *settings = calloc(pairs->count + 1, sizeof(*settings));
	if (!settings)
		return fail("out of memory");
	for (size_t i = 0; i < pairs->count; i++)
		settings[i] = (struct unified_setting){pairs->items[i].key, pairs->items[i].value};
	limits->unified = settings;
	limits->unified_count = pairs->count;
	return 0;
}

/* They point into the config, and at two lists of their own. */
void resources_release(const struct cgroup_limits *limits)
{
	free((void *)limits->throttles);
	free((void *)limits->unified);
}

/* An empty list asks for nothing. */
static const char *unless_empty(const char *list)
{
	return list && *list ? list : NULL;
}

int resources_limits(const struct config_resources *resources, struct cgroup_limits *limits)
{
	const struct config_memory *memory = &resources->memory;
	const struct config_cpu *cpu = &resources->cpu;
	*limits = (struct cgroup_limits){
		.memory = LIMIT_OVER_0(memory->limit),
		.memory_reservation = LIMIT_OVER_0(memory->reservation),
		.memory_swap = LIMIT_OVER_0(memory->swap),
		.cpu_shares = LIMIT_OVER_0(cpu->shares),
		.cpu_quota = LIMIT_OVER_0(cpu->quota),
		.cpu_period = LIMIT_OVER_0(cpu->period),
		.cpu_burst = LIMIT(cpu->burst),
		.cpu_idle = LIMIT(cpu->idle),
		.cpuset_cpus = unless_empty(cpu->cpus),
		.cpuset_mems = unless_empty(cpu->mems),
		.pids = LIMIT(resources->pids.limit),
		.blkio_weight = LIMIT_OVER_0(resources->block_io.weight),
	};
	if (read_throttles(&resources->block_io, limits) < 0)
		return -1;
	return read_unified(&resources->unified, limits);
}

int resources_apply(const struct config *config, struct cgroup *cgroup, bool adopt)
{
	__attribute__((cleanup(resources_release))) struct cgroup_limits limits = {};
	step_for("linux.resources");
	if (resources_limits(&config->linux.resources, &limits) < 0 ||
		cgroup_create(cgroup, &limits, adopt) < 0)
		return -1;
	step_for(NULL);
	return 0;
}
