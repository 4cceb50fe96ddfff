/*
 * A bundle's config.json as plain C: runtime-spec 1.3.0, config.md and config-linux.md.
 *
 * Every struct is an object of the specification, and every member a property of it, in the same
 * order and under the same name (cgroupsPath is cgroups_path). What is not in the file is
 *
 *	a pointer	NULL: strings, numbers that mean something else when they are missing, and
 *			objects whose mere presence means something
 *	a list		empty
 *	a plain value	false or 0, where the specification gives that as the default
 *	a plain struct	all its members missing
 *
 * So config->linux.resources.memory.limit may be looked at without a look at what is above it.
 * Properties of other platforms are not here: a runtime ignores them.
 */
#ifndef STAGE6_CONFIG_H
#define STAGE6_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "2-namespaces/userns.h"

/* GNU C has this as a macro, 1; here it is the name of a section. */
#undef linux

/* The largest stage there is: a config is only decoded and checked, nothing in it is refused. */
#define STAGE_ANY 1000

/* One of the words that a property may have for its value. */
struct config_choice {
	const char *name; /* the word; NULL ends a list of choices */
	uint64_t value;   /* the constant of the kernel's that it stands for */
	int since;        /* the first stage that does it; 0: every one */
};

/* Strings, in order; items[count] is NULL, as execve(2) wants it. */
struct config_strings {
	char **items;
	size_t count;
};

struct config_words {
	const struct config_choice **items;
	size_t count;
};

/* An object with names of the user's own choice, in the order of the file. */
struct config_pair {
	char *key, *value;
};

struct config_pairs {
	struct config_pair *items;
	size_t count;
};

/* uidMappings, gidMappings: containerID is inside, hostID is outside, size is count. */
struct config_mappings {
	struct id_map *items;
	size_t count;
};

/* --- process ---------------------------------------------------------------------------------- */

struct config_console_size {
	uint16_t height, width;
};

struct config_user {
	uint32_t uid, gid;
	uint32_t *umask;
	struct {
		uint32_t *items;
		size_t count;
	} additional_gids;
};

struct config_capabilities {
	struct config_strings bounding, permitted, effective, inheritable, ambient; /* "CAP_..." */
};

struct config_rlimit {
	const struct config_choice *type; /* RLIMIT_* of getrlimit(2) */
	uint64_t soft, hard;              /* RLIM_INFINITY is UINT64_MAX */
};

struct config_scheduler {
	const struct config_choice *policy; /* SCHED_* of sched(7) */
	int32_t nice, priority;
	struct config_words flags; /* SCHED_FLAG_* of sched_setattr(2) */
	uint64_t runtime, deadline, period;
};

struct config_io_priority {
	const struct config_choice *class; /* IOPRIO_CLASS_* of ioprio_set(2) */
	int32_t priority;
};

struct config_exec_cpu_affinity {
	char *initial, *final;
};

struct config_process {
	bool terminal;
	struct config_console_size *console_size;
	char *cwd;
	struct config_strings env, args;
	struct config_user user;
	struct config_capabilities *capabilities;
	struct {
		struct config_rlimit *items;
		size_t count;
	} rlimits;
	bool no_new_privileges;
	int32_t *oom_score_adj;
	char *apparmor_profile;
	char *selinux_label;
	struct config_scheduler *scheduler;
	struct config_io_priority *io_priority;
	struct config_exec_cpu_affinity *exec_cpu_affinity;
};

/* --- root, mounts, hooks ---------------------------------------------------------------------- */

struct config_root {
	char *path; /* absolute, or relative to the bundle */
	bool readonly;
};

struct config_mount {
	char *destination;
	char *type, *source;
	struct config_strings options;
	struct config_mappings uid_mappings, gid_mappings;
};

struct config_hook {
	char *path;
	struct config_strings args, env;
	int64_t *timeout; /* in seconds */
};

struct config_hook_list {
	struct config_hook *items;
	size_t count;
};

struct config_hooks {
	struct config_hook_list prestart;
	struct config_hook_list create_runtime, create_container, start_container;
	struct config_hook_list poststart, poststop;
};

/* --- linux.resources -------------------------------------------------------------------------- */

struct config_memory {
	int64_t *limit, *reservation, *swap, *kernel, *kernel_tcp; /* in bytes; -1: no limit */
	uint64_t *swappiness;
	bool disable_oom_killer, use_hierarchy, check_before_update;
};

struct config_cpu {
	uint64_t *shares;
	int64_t *quota;
	uint64_t *burst, *period;
	int64_t *realtime_runtime;
	uint64_t *realtime_period;
	char *cpus, *mems; /* lists as cpuset(7) has them */
	int64_t *idle;
};

struct config_weight_device {
	int64_t major, minor;
	uint16_t *weight, *leaf_weight;
};

struct config_throttle_device {
	int64_t major, minor;
	uint64_t rate;
};

struct config_throttle_devices {
	struct config_throttle_device *items;
	size_t count;
};

struct config_block_io {
	uint16_t *weight, *leaf_weight;
	struct {
		struct config_weight_device *items;
		size_t count;
	} weight_device;
	struct config_throttle_devices throttle_read_bps_device, throttle_write_bps_device;
	struct config_throttle_devices throttle_read_iops_device, throttle_write_iops_device;
};

/* A rule of the devices controller. */
struct config_device_rule {
	bool allow;
	char *type;
	int64_t *major, *minor;
	char *access;
};

struct config_hugepage_limit {
	char *page_size;
	uint64_t limit;
};

struct config_interface_priority {
	char *name;
	uint32_t priority;
};

struct config_network {
	uint32_t *class_id;
	struct {
		struct config_interface_priority *items;
		size_t count;
	} priorities;
};

struct config_rdma {
	char *key; /* the device */
	uint32_t *hca_handles, *hca_objects;
};

struct config_resources {
	struct {
		struct config_device_rule *items;
		size_t count;
	} devices;
	struct config_memory memory;
	struct config_cpu cpu;
	struct config_block_io block_io;
	struct {
		struct config_hugepage_limit *items;
		size_t count;
	} hugepage_limits;
	struct config_network network;
	struct {
		int64_t *limit;
	} pids;
	struct {
		struct config_rdma *items;
		size_t count;
	} rdma;
	struct config_pairs unified; /* file names of cgroup v2, and what to write */
};

/* --- linux ------------------------------------------------------------------------------------ */

struct config_namespace {
	const struct config_choice *type; /* CLONE_NEW* of clone(2) */
	char *path;                       /* one to join; NULL: a new one */
};

struct config_device {
	const struct config_choice *type; /* S_IF* of mknod(2) */
	char *path;
	int64_t *major, *minor;
	uint32_t *file_mode, *uid, *gid;
};

struct config_net_device {
	char *key; /* the interface on the host */
	char *name;
};

struct config_intel_rdt {
	char *clos_id;
	struct config_strings schemata;
	char *l3_cache_schema, *mem_bw_schema;
	bool enable_monitoring;
};

struct config_memory_policy {
	const struct config_choice *mode; /* MPOL_* of set_mempolicy(2) */
	char *nodes;
	struct config_words flags;
};

struct config_personality {
	const struct config_choice *domain; /* PER_* of personality(2) */
	struct config_strings flags;
};

struct config_time_offset {
	int64_t secs;
	uint32_t nanosecs;
};

struct config_time_offsets {
	struct config_time_offset *boottime, *monotonic;
};

enum comparison {
	NOT_EQUAL,
	LESS,
	LESS_OR_EQUAL,
	EQUAL,
	GREATER_OR_EQUAL,
	GREATER,
	MASKED_EQUAL, /* argument & value == value_two */
};

struct config_syscall_argument {
	uint32_t index;
	uint64_t value, value_two;
	const struct config_choice *op; /* enum comparison */
};

struct config_syscall {
	struct config_strings names;
	const struct config_choice *action; /* SECCOMP_RET_* of seccomp(2) */
	uint32_t *errno_ret;
	struct {
		struct config_syscall_argument *items;
		size_t count;
	} args;
};

struct config_seccomp {
	const struct config_choice *default_action;
	uint32_t *default_errno_ret;
	struct config_words flags; /* SECCOMP_FILTER_FLAG_* of seccomp(2) */
	char *listener_path, *listener_metadata;
	struct config_words
		architectures; /* as libseccomp has them: AUDIT_ARCH_*, and one for x32 */
	struct {
		struct config_syscall *items;
		size_t count;
	} syscalls;
};

struct config_linux {
	struct {
		struct config_namespace *items;
		size_t count;
	} namespaces;
	struct config_mappings uid_mappings, gid_mappings;
	struct config_time_offsets time_offsets;
	struct {
		struct config_device *items;
		size_t count;
	} devices;
	struct {
		struct config_net_device *items;
		size_t count;
	} net_devices;
	char *cgroups_path;
	struct config_resources resources;
	struct config_intel_rdt *intel_rdt;
	struct config_memory_policy *memory_policy;
	struct config_pairs sysctl;
	struct config_seccomp *seccomp;
	const struct config_choice *rootfs_propagation; /* MS_* of mount(2) */
	struct config_strings masked_paths, readonly_paths;
	char *mount_label;
	struct config_personality *personality;
};

/* --- the whole -------------------------------------------------------------------------------- */

struct config {
	char *oci_version;
	struct config_root root;
	struct {
		struct config_mount *items;
		size_t count;
	} mounts;
	struct config_process *process;
	char *hostname, *domainname;
	struct config_linux linux;
	struct config_hooks hooks;
	struct config_pairs annotations;
	char *text;          /* the file, as config_load() read it */
	struct arena *arena; /* where all of it lies */
};

void config_free(struct config *config);

/*
 * The namespace of the type @type (CLONE_NEW*) that the config lists, or NULL. Its path says
 * whether it is a new one.
 */
const struct config_namespace *config_namespace(const struct config *config, uint64_t type);

#endif
