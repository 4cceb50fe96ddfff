/*
 * One table an object of the specification, one row a property, in the order of config.h. The
 * number in a row is the first stage that does what the property asks for: what stands there with
 * a later one is refused by its name. A runtime must never leave out what it was
 * told to do; a container without its seccomp filter looks just like one with it.
 *
 * The tables of the innermost objects come first.
 */
#include "6-oci/config_tables.h"

#include <linux/audit.h>
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* linux/sched.h leaves it out: reserved, and refused by every kernel so far. */
#define SCHED_ISO                4
/* Linux 6.9 */
#define MPOL_WEIGHTED_INTERLEAVE 6

#define AT(structure, member)    offsetof(struct config_##structure, member)

#define TABLE(structure, rows)                                                                     \
	static const struct object_table structure##_table = {sizeof(struct config_##structure),   \
		rows}

static const struct property mapping_rows[] = {
	{"containerID", UINT32, offsetof(struct id_map, inside), 0, REQUIRED},
	{"hostID", UINT32, offsetof(struct id_map, outside), 0, REQUIRED},
	{"size", UINT32, offsetof(struct id_map, count), 0, REQUIRED},
	{},
};
static const struct object_table mapping_table = {sizeof(struct id_map), mapping_rows};

/* --- process ---------------------------------------------------------------------------------- */

/* struct winsize of ioctl_tty(2) has 16 bits for each. */
static const struct property console_size_rows[] = {
	{"height", UINT16, AT(console_size, height), 0, REQUIRED},
	{"width", UINT16, AT(console_size, width), 0, REQUIRED},
	{},
};
TABLE(console_size, console_size_rows);

static const struct property user_rows[] = {
	/* Task 6.2: a row for each property of "user", which are numbers all: uid, gid, umask and
	 * the list additionalGids. Where they go is struct config_user; decode.h says what can
	 * stand in a row. A umask has no bit beyond 0777.
	 *
	 * Until then: {},
	 */
	{"uid", UINT32, AT(user, uid)},
	{"gid", UINT32, AT(user, gid)},
	{"umask", UINT32, AT(user, umask), 0, OPTIONAL, .high = 0777},
	{"additionalGids", UINT32, AT(user, additional_gids), 0, LIST},
	/* End of task 6.2. */
	{},
};
TABLE(user, user_rows);

static const struct property capabilities_rows[] = {
	{"bounding", STRING, AT(capabilities, bounding), 0, LIST},
	{"permitted", STRING, AT(capabilities, permitted), 0, LIST},
	{"effective", STRING, AT(capabilities, effective), 0, LIST},
	{"inheritable", STRING, AT(capabilities, inheritable), 0, LIST},
	{"ambient", STRING, AT(capabilities, ambient), 0, LIST},
	{},
};
TABLE(capabilities, capabilities_rows);

static const struct config_choice rlimit_types[] = {
	{"RLIMIT_AS", RLIMIT_AS},
	{"RLIMIT_CORE", RLIMIT_CORE},
	{"RLIMIT_CPU", RLIMIT_CPU},
	{"RLIMIT_DATA", RLIMIT_DATA},
	{"RLIMIT_FSIZE", RLIMIT_FSIZE},
	{"RLIMIT_LOCKS", RLIMIT_LOCKS},
	{"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK},
	{"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
	{"RLIMIT_NICE", RLIMIT_NICE},
	{"RLIMIT_NOFILE", RLIMIT_NOFILE},
	{"RLIMIT_NPROC", RLIMIT_NPROC},
	{"RLIMIT_RSS", RLIMIT_RSS},
	{"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
	{"RLIMIT_RTTIME", RLIMIT_RTTIME},
	{"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
	{"RLIMIT_STACK", RLIMIT_STACK},
	{},
};

static const struct property rlimit_rows[] = {
	{"type", CHOICE, AT(rlimit, type), 0, REQUIRED, .choices = rlimit_types},
	{"soft", UINT64, AT(rlimit, soft), 0, REQUIRED},
	{"hard", UINT64, AT(rlimit, hard), 0, REQUIRED},
	{},
};
TABLE(rlimit, rlimit_rows);

static const struct config_choice scheduler_policies[] = {
	{"SCHED_OTHER", SCHED_NORMAL},
	{"SCHED_FIFO", SCHED_FIFO},
	{"SCHED_RR", SCHED_RR},
	{"SCHED_BATCH", SCHED_BATCH},
	{"SCHED_ISO", SCHED_ISO},
	{"SCHED_IDLE", SCHED_IDLE},
	{"SCHED_DEADLINE", SCHED_DEADLINE},
	{},
};

static const struct config_choice scheduler_flags[] = {
	{"SCHED_FLAG_RESET_ON_FORK", SCHED_FLAG_RESET_ON_FORK},
	{"SCHED_FLAG_RECLAIM", SCHED_FLAG_RECLAIM},
	{"SCHED_FLAG_DL_OVERRUN", SCHED_FLAG_DL_OVERRUN},
	{"SCHED_FLAG_KEEP_POLICY", SCHED_FLAG_KEEP_POLICY},
	{"SCHED_FLAG_KEEP_PARAMS", SCHED_FLAG_KEEP_PARAMS},
	{"SCHED_FLAG_UTIL_CLAMP_MIN", SCHED_FLAG_UTIL_CLAMP_MIN},
	{"SCHED_FLAG_UTIL_CLAMP_MAX", SCHED_FLAG_UTIL_CLAMP_MAX},
	{},
};

static const struct property scheduler_rows[] = {
	{"policy", CHOICE, AT(scheduler, policy), 0, REQUIRED, .choices = scheduler_policies},
	{"nice", INT32, AT(scheduler, nice)},
	{"priority", INT32, AT(scheduler, priority)},
	{"flags", CHOICE, AT(scheduler, flags), 0, LIST, .choices = scheduler_flags},
	{"runtime", UINT64, AT(scheduler, runtime)},
	{"deadline", UINT64, AT(scheduler, deadline)},
	{"period", UINT64, AT(scheduler, period)},
	{},
};
TABLE(scheduler, scheduler_rows);

static const struct config_choice io_priority_classes[] = {
	{"IOPRIO_CLASS_RT", IOPRIO_CLASS_RT},
	{"IOPRIO_CLASS_BE", IOPRIO_CLASS_BE},
	{"IOPRIO_CLASS_IDLE", IOPRIO_CLASS_IDLE},
	{},
};

static const struct property io_priority_rows[] = {
	{"class", CHOICE, AT(io_priority, class), 0, REQUIRED, .choices = io_priority_classes},
	{"priority", INT32, AT(io_priority, priority), 0, REQUIRED},
	{},
};
TABLE(io_priority, io_priority_rows);

static const struct property exec_cpu_affinity_rows[] = {
	{"initial", STRING, AT(exec_cpu_affinity, initial)},
	{"final", STRING, AT(exec_cpu_affinity, final)},
	{},
};
TABLE(exec_cpu_affinity, exec_cpu_affinity_rows);

static const struct property process_rows[] = {
	{"terminal", BOOLEAN, AT(process, terminal), 6},
	{"consoleSize", OBJECT, AT(process, console_size), 6, OPTIONAL, &console_size_table},
	{"cwd", STRING, AT(process, cwd), 6, REQUIRED},
	{"env", STRING, AT(process, env), 6, LIST},
	{"args", STRING, AT(process, args), 6, LIST},
	{"user", OBJECT, AT(process, user), 6, .table = &user_table},
	/* Empty sets take everything away. */
	{"capabilities", OBJECT, AT(process, capabilities), 7, OPTIONAL | ASKS,
		&capabilities_table},
	{"rlimits", OBJECT, AT(process, rlimits), 6, LIST, &rlimit_table},
	{"noNewPrivileges", BOOLEAN, AT(process, no_new_privileges), 7},
	{"oomScoreAdj", INT32, AT(process, oom_score_adj), 7, OPTIONAL, .low = -1000, .high = 1000},
	{"apparmorProfile", STRING, AT(process, apparmor_profile), 7},
	{"selinuxLabel", STRING, AT(process, selinux_label), 7},
	{"scheduler", OBJECT, AT(process, scheduler), 7, OPTIONAL, &scheduler_table},
	{"ioPriority", OBJECT, AT(process, io_priority), 7, OPTIONAL, &io_priority_table},
	{"execCPUAffinity", OBJECT, AT(process, exec_cpu_affinity), 7, OPTIONAL,
		&exec_cpu_affinity_table},
	{},
};
const struct object_table config_process_table = {sizeof(struct config_process), process_rows};

/* --- root, mounts, hooks ---------------------------------------------------------------------- */

static const struct property root_rows[] = {
	{"path", STRING, AT(root, path), 6, REQUIRED},
	{"readonly", BOOLEAN, AT(root, readonly), 6},
	{},
};
TABLE(root, root_rows);

static const struct property mount_rows[] = {
	{"destination", STRING, AT(mount, destination), 0, REQUIRED},
	{"type", STRING, AT(mount, type)},
	{"source", STRING, AT(mount, source)},
	{"options", STRING, AT(mount, options), 0, LIST},
	{"uidMappings", OBJECT, AT(mount, uid_mappings), 7, LIST, &mapping_table},
	{"gidMappings", OBJECT, AT(mount, gid_mappings), 7, LIST, &mapping_table},
	{},
};
TABLE(mount, mount_rows);

static const struct property hook_rows[] = {
	{"path", STRING, AT(hook, path), 0, REQUIRED},
	{"args", STRING, AT(hook, args), 0, LIST},
	{"env", STRING, AT(hook, env), 0, LIST},
	{"timeout", INT64, AT(hook, timeout), 0, OPTIONAL, .low = 1, .high = INT64_MAX},
	{},
};
TABLE(hook, hook_rows);

static const struct property hooks_rows[] = {
	{"prestart", OBJECT, AT(hooks, prestart), 7, LIST, &hook_table},
	{"createRuntime", OBJECT, AT(hooks, create_runtime), 7, LIST, &hook_table},
	{"createContainer", OBJECT, AT(hooks, create_container), 7, LIST, &hook_table},
	{"startContainer", OBJECT, AT(hooks, start_container), 7, LIST, &hook_table},
	{"poststart", OBJECT, AT(hooks, poststart), 7, LIST, &hook_table},
	{"poststop", OBJECT, AT(hooks, poststop), 7, LIST, &hook_table},
	{},
};
const struct object_table config_hooks_table = {sizeof(struct config_hooks), hooks_rows};

/* --- linux.resources -------------------------------------------------------------------------- */

static const struct property device_rule_rows[] = {
	{"allow", BOOLEAN, AT(device_rule, allow), 0, REQUIRED},
	{"type", STRING, AT(device_rule, type)},
	{"major", INT64, AT(device_rule, major), 0, OPTIONAL},
	{"minor", INT64, AT(device_rule, minor), 0, OPTIONAL},
	{"access", STRING, AT(device_rule, access)},
	{},
};
TABLE(device_rule, device_rule_rows);

static const struct property memory_rows[] = {
	{"limit", INT64, AT(memory, limit), 6, OPTIONAL},
	{"reservation", INT64, AT(memory, reservation), 6, OPTIONAL},
	{"swap", INT64, AT(memory, swap), 6, OPTIONAL},
	{"kernel", INT64, AT(memory, kernel), 7, OPTIONAL},
	{"kernelTCP", INT64, AT(memory, kernel_tcp), 7, OPTIONAL},
	{"swappiness", UINT64, AT(memory, swappiness), 7, OPTIONAL},
	{"disableOOMKiller", BOOLEAN, AT(memory, disable_oom_killer), 7},
	{"useHierarchy", BOOLEAN, AT(memory, use_hierarchy), 7},
	{"checkBeforeUpdate", BOOLEAN, AT(memory, check_before_update), 7},
	{},
};
TABLE(memory, memory_rows);

static const struct property cpu_rows[] = {
	{"shares", UINT64, AT(cpu, shares), 6, OPTIONAL, .high = INT64_MAX},
	{"quota", INT64, AT(cpu, quota), 6, OPTIONAL},
	{"burst", UINT64, AT(cpu, burst), 6, OPTIONAL, .high = INT64_MAX},
	{"period", UINT64, AT(cpu, period), 6, OPTIONAL},
	{"realtimeRuntime", INT64, AT(cpu, realtime_runtime), 7, OPTIONAL},
	{"realtimePeriod", UINT64, AT(cpu, realtime_period), 7, OPTIONAL},
	{"cpus", STRING, AT(cpu, cpus), 6},
	{"mems", STRING, AT(cpu, mems), 6},
	{"idle", INT64, AT(cpu, idle), 6, OPTIONAL},
	{},
};
TABLE(cpu, cpu_rows);

static const struct property weight_device_rows[] = {
	{"major", INT64, AT(weight_device, major), 0, REQUIRED},
	{"minor", INT64, AT(weight_device, minor), 0, REQUIRED},
	{"weight", UINT16, AT(weight_device, weight), 0, OPTIONAL},
	{"leafWeight", UINT16, AT(weight_device, leaf_weight), 0, OPTIONAL},
	{},
};
TABLE(weight_device, weight_device_rows);

static const struct property throttle_device_rows[] = {
	{"major", INT64, AT(throttle_device, major), 0, REQUIRED},
	{"minor", INT64, AT(throttle_device, minor), 0, REQUIRED},
	{"rate", UINT64, AT(throttle_device, rate), 0, REQUIRED},
	{},
};
TABLE(throttle_device, throttle_device_rows);

static const struct property block_io_rows[] = {
	{"weight", UINT16, AT(block_io, weight), 6, OPTIONAL},
	{"leafWeight", UINT16, AT(block_io, leaf_weight), 7, OPTIONAL},
	{"weightDevice", OBJECT, AT(block_io, weight_device), 7, LIST, &weight_device_table},
	{"throttleReadBpsDevice", OBJECT, AT(block_io, throttle_read_bps_device), 6, LIST,
		&throttle_device_table},
	{"throttleWriteBpsDevice", OBJECT, AT(block_io, throttle_write_bps_device), 6, LIST,
		&throttle_device_table},
	{"throttleReadIOPSDevice", OBJECT, AT(block_io, throttle_read_iops_device), 6, LIST,
		&throttle_device_table},
	{"throttleWriteIOPSDevice", OBJECT, AT(block_io, throttle_write_iops_device), 6, LIST,
		&throttle_device_table},
	{},
};
TABLE(block_io, block_io_rows);

static const struct property hugepage_limit_rows[] = {
	{"pageSize", STRING, AT(hugepage_limit, page_size), 0, REQUIRED},
	{"limit", UINT64, AT(hugepage_limit, limit), 0, REQUIRED},
	{},
};
TABLE(hugepage_limit, hugepage_limit_rows);

static const struct property interface_priority_rows[] = {
	{"name", STRING, AT(interface_priority, name), 0, REQUIRED},
	{"priority", UINT32, AT(interface_priority, priority), 0, REQUIRED},
	{},
};
TABLE(interface_priority, interface_priority_rows);

static const struct property network_rows[] = {
	{"classID", UINT32, AT(network, class_id), 7, OPTIONAL},
	{"priorities", OBJECT, AT(network, priorities), 7, LIST, &interface_priority_table},
	{},
};
TABLE(network, network_rows);

static const struct property pids_rows[] = {
	{"limit", INT64, 0, 6, REQUIRED | OPTIONAL},
	{},
};
static const struct object_table pids_table = {sizeof(int64_t *), pids_rows};

static const struct property rdma_rows[] = {
	{"hcaHandles", UINT32, AT(rdma, hca_handles), 0, OPTIONAL},
	{"hcaObjects", UINT32, AT(rdma, hca_objects), 0, OPTIONAL},
	{},
};
TABLE(rdma, rdma_rows);

static const struct property resources_rows[] = {
	{"devices", OBJECT, AT(resources, devices), 7, LIST, &device_rule_table},
	{"memory", OBJECT, AT(resources, memory), 6, .table = &memory_table},
	{"cpu", OBJECT, AT(resources, cpu), 6, .table = &cpu_table},
	{"blockIO", OBJECT, AT(resources, block_io), 6, .table = &block_io_table},
	{"hugepageLimits", OBJECT, AT(resources, hugepage_limits), 7, LIST, &hugepage_limit_table},
	{"network", OBJECT, AT(resources, network), 0, .table = &network_table},
	{"pids", OBJECT, AT(resources, pids), 6, .table = &pids_table},
	{"rdma", OBJECT, AT(resources, rdma), 7, MAP, &rdma_table},
	{"unified", STRING, AT(resources, unified), 6, MAP},
	{},
};
TABLE(resources, resources_rows);

/* Alone in a file, they are named as in a config. */
static const struct property config_resources_rows[] = {
	{"linux.resources", OBJECT, 0, 6, REQUIRED, &resources_table},
	{},
};
const struct object_table config_resources_table = {sizeof(struct config_resources),
	config_resources_rows};

/* --- linux ------------------------------------------------------------------------------------ */

static const struct config_choice namespace_types[] = {
	{"pid", CLONE_NEWPID},
	{"network", CLONE_NEWNET},
	{"mount", CLONE_NEWNS},
	{"ipc", CLONE_NEWIPC},
	{"uts", CLONE_NEWUTS},
	{"user", CLONE_NEWUSER},
	{"cgroup", CLONE_NEWCGROUP},
	{"time", CLONE_NEWTIME, 7},
	{},
};

static const struct property namespace_rows[] = {
	{"type", CHOICE, AT(namespace, type), 0, REQUIRED, .choices = namespace_types},
	{"path", STRING, AT(namespace, path)},
	{},
};
TABLE(namespace, namespace_rows);

/* u, an unbuffered character device, is c by another name: mknod(1). */
static const struct config_choice device_types[] = {
	{"c", S_IFCHR},
	{"b", S_IFBLK},
	{"u", S_IFCHR},
	{"p", S_IFIFO},
	{},
};

static const struct property device_rows[] = {
	{"type", CHOICE, AT(device, type), 0, REQUIRED, .choices = device_types},
	{"path", STRING, AT(device, path), 0, REQUIRED},
	{"major", INT64, AT(device, major), 0, OPTIONAL},
	{"minor", INT64, AT(device, minor), 0, OPTIONAL},
	{"fileMode", UINT32, AT(device, file_mode), 0, OPTIONAL, .high = 0777},
	{"uid", UINT32, AT(device, uid), 0, OPTIONAL},
	{"gid", UINT32, AT(device, gid), 0, OPTIONAL},
	{},
};
TABLE(device, device_rows);

static const struct property net_device_rows[] = {
	{"name", STRING, AT(net_device, name)},
	{},
};
TABLE(net_device, net_device_rows);

static const struct property intel_rdt_rows[] = {
	{"closID", STRING, AT(intel_rdt, clos_id)},
	{"schemata", STRING, AT(intel_rdt, schemata), 0, LIST},
	{"l3CacheSchema", STRING, AT(intel_rdt, l3_cache_schema)},
	{"memBwSchema", STRING, AT(intel_rdt, mem_bw_schema)},
	{"enableMonitoring", BOOLEAN, AT(intel_rdt, enable_monitoring)},
	{},
};
TABLE(intel_rdt, intel_rdt_rows);

static const struct config_choice memory_policy_modes[] = {
	{"MPOL_DEFAULT", MPOL_DEFAULT},
	{"MPOL_BIND", MPOL_BIND},
	{"MPOL_INTERLEAVE", MPOL_INTERLEAVE},
	{"MPOL_WEIGHTED_INTERLEAVE", MPOL_WEIGHTED_INTERLEAVE},
	{"MPOL_PREFERRED", MPOL_PREFERRED},
	{"MPOL_PREFERRED_MANY", MPOL_PREFERRED_MANY},
	{"MPOL_LOCAL", MPOL_LOCAL},
	{},
};

static const struct config_choice memory_policy_flags[] = {
	{"MPOL_F_NUMA_BALANCING", MPOL_F_NUMA_BALANCING},
	{"MPOL_F_RELATIVE_NODES", MPOL_F_RELATIVE_NODES},
	{"MPOL_F_STATIC_NODES", MPOL_F_STATIC_NODES},
	{},
};

static const struct property memory_policy_rows[] = {
	{"mode", CHOICE, AT(memory_policy, mode), 0, REQUIRED, .choices = memory_policy_modes},
	{"nodes", STRING, AT(memory_policy, nodes)},
	{"flags", CHOICE, AT(memory_policy, flags), 0, LIST, .choices = memory_policy_flags},
	{},
};
TABLE(memory_policy, memory_policy_rows);

static const struct config_choice personality_domains[] = {
	{"LINUX", PER_LINUX},
	{"LINUX32", PER_LINUX32},
	{},
};

static const struct property personality_rows[] = {
	{"domain", CHOICE, AT(personality, domain), 0, REQUIRED, .choices = personality_domains},
	{"flags", STRING, AT(personality, flags), 0, LIST},
	{},
};
TABLE(personality, personality_rows);

static const struct property time_offset_rows[] = {
	{"secs", INT64, AT(time_offset, secs)},
	{"nanosecs", UINT32, AT(time_offset, nanosecs)},
	{},
};
TABLE(time_offset, time_offset_rows);

static const struct property time_offsets_rows[] = {
	{"boottime", OBJECT, AT(time_offsets, boottime), 0, OPTIONAL, &time_offset_table},
	{"monotonic", OBJECT, AT(time_offsets, monotonic), 0, OPTIONAL, &time_offset_table},
	{},
};
TABLE(time_offsets, time_offsets_rows);

/* seccomp_rule_add(3) */
static const struct config_choice comparisons[] = {
	{"SCMP_CMP_NE", NOT_EQUAL},
	{"SCMP_CMP_LT", LESS},
	{"SCMP_CMP_LE", LESS_OR_EQUAL},
	{"SCMP_CMP_EQ", EQUAL},
	{"SCMP_CMP_GE", GREATER_OR_EQUAL},
	{"SCMP_CMP_GT", GREATER},
	{"SCMP_CMP_MASKED_EQ", MASKED_EQUAL},
	{},
};

static const struct property syscall_argument_rows[] = {
	{"index", UINT32, AT(syscall_argument, index), 0, REQUIRED, .high = 5},
	{"value", UINT64, AT(syscall_argument, value), 0, REQUIRED},
	{"valueTwo", UINT64, AT(syscall_argument, value_two)},
	{"op", CHOICE, AT(syscall_argument, op), 0, REQUIRED, .choices = comparisons},
	{},
};
TABLE(syscall_argument, syscall_argument_rows);

static const struct config_choice seccomp_actions[] = {
	{"SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD},
	{"SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS},
	{"SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD},
	{"SCMP_ACT_TRAP", SECCOMP_RET_TRAP},
	{"SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO},
	{"SCMP_ACT_TRACE", SECCOMP_RET_TRACE},
	{"SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW},
	{"SCMP_ACT_LOG", SECCOMP_RET_LOG},
	{"SCMP_ACT_NOTIFY", SECCOMP_RET_USER_NOTIF},
	{},
};

static const struct property syscall_rows[] = {
	{"names", STRING, AT(syscall, names), 0, LIST | REQUIRED},
	{"action", CHOICE, AT(syscall, action), 0, REQUIRED, .choices = seccomp_actions},
	{"errnoRet", UINT32, AT(syscall, errno_ret), 0, OPTIONAL},
	{"args", OBJECT, AT(syscall, args), 0, LIST, &syscall_argument_table},
	{},
};
TABLE(syscall, syscall_rows);

static const struct config_choice seccomp_flags[] = {
	{"SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC},
	{"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
	{"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
	{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV},
	{},
};

static const struct config_choice architectures[] = {
	{"SCMP_ARCH_X86", AUDIT_ARCH_I386},
	{"SCMP_ARCH_X86_64", AUDIT_ARCH_X86_64},
	/* To the kernel these are calls of x86_64 with a bit more in their numbers. */
	{"SCMP_ARCH_X32", EM_X86_64 | __AUDIT_ARCH_LE},
	{"SCMP_ARCH_ARM", AUDIT_ARCH_ARM},
	{"SCMP_ARCH_AARCH64", AUDIT_ARCH_AARCH64},
	{"SCMP_ARCH_MIPS", AUDIT_ARCH_MIPS},
	{"SCMP_ARCH_MIPS64", AUDIT_ARCH_MIPS64},
	{"SCMP_ARCH_MIPS64N32", AUDIT_ARCH_MIPS64N32},
	{"SCMP_ARCH_MIPSEL", AUDIT_ARCH_MIPSEL},
	{"SCMP_ARCH_MIPSEL64", AUDIT_ARCH_MIPSEL64},
	{"SCMP_ARCH_MIPSEL64N32", AUDIT_ARCH_MIPSEL64N32},
	{"SCMP_ARCH_PPC", AUDIT_ARCH_PPC},
	{"SCMP_ARCH_PPC64", AUDIT_ARCH_PPC64},
	{"SCMP_ARCH_PPC64LE", AUDIT_ARCH_PPC64LE},
	{"SCMP_ARCH_S390", AUDIT_ARCH_S390},
	{"SCMP_ARCH_S390X", AUDIT_ARCH_S390X},
	{"SCMP_ARCH_PARISC", AUDIT_ARCH_PARISC},
	{"SCMP_ARCH_PARISC64", AUDIT_ARCH_PARISC64},
	{"SCMP_ARCH_RISCV64", AUDIT_ARCH_RISCV64},
	{"SCMP_ARCH_LOONGARCH64", AUDIT_ARCH_LOONGARCH64},
	{"SCMP_ARCH_M68K", AUDIT_ARCH_M68K},
	{"SCMP_ARCH_SH", AUDIT_ARCH_SHEL},
	{"SCMP_ARCH_SHEB", AUDIT_ARCH_SH},
	{},
};

static const struct property seccomp_rows[] = {
	{"defaultAction", CHOICE, AT(seccomp, default_action), 0, REQUIRED,
		.choices = seccomp_actions},
	{"defaultErrnoRet", UINT32, AT(seccomp, default_errno_ret), 0, OPTIONAL},
	{"flags", CHOICE, AT(seccomp, flags), 0, LIST, .choices = seccomp_flags},
	{"listenerPath", STRING, AT(seccomp, listener_path)},
	{"listenerMetadata", STRING, AT(seccomp, listener_metadata)},
	{"architectures", CHOICE, AT(seccomp, architectures), 0, LIST, .choices = architectures},
	{"syscalls", OBJECT, AT(seccomp, syscalls), 0, LIST, &syscall_table},
	{},
};
TABLE(seccomp, seccomp_rows);

/* The words of mount(8) with an r in front mean the mounts below, too; Docker writes them. */
static const struct config_choice propagations[] = {
	{"private", MS_PRIVATE},
	{"rprivate", MS_PRIVATE | MS_REC},
	{"shared", MS_SHARED},
	{"rshared", MS_SHARED | MS_REC},
	{"slave", MS_SLAVE},
	{"rslave", MS_SLAVE | MS_REC},
	{"unbindable", MS_UNBINDABLE},
	{"runbindable", MS_UNBINDABLE | MS_REC},
	{},
};

static const struct property linux_rows[] = {
	{"namespaces", OBJECT, AT(linux, namespaces), 6, LIST, &namespace_table},
	{"uidMappings", OBJECT, AT(linux, uid_mappings), 6, LIST, &mapping_table},
	{"gidMappings", OBJECT, AT(linux, gid_mappings), 6, LIST, &mapping_table},
	{"timeOffsets", OBJECT, AT(linux, time_offsets), 7, .table = &time_offsets_table},
	{"devices", OBJECT, AT(linux, devices), 6, LIST, &device_table},
	{"netDevices", OBJECT, AT(linux, net_devices), 7, MAP, &net_device_table},
	{"cgroupsPath", STRING, AT(linux, cgroups_path), 6},
	{"resources", OBJECT, AT(linux, resources), 6, .table = &resources_table},
	{"intelRdt", OBJECT, AT(linux, intel_rdt), 7, OPTIONAL | ASKS, &intel_rdt_table},
	{"memoryPolicy", OBJECT, AT(linux, memory_policy), 7, OPTIONAL, &memory_policy_table},
	{"sysctl", STRING, AT(linux, sysctl), 6, MAP},
	{"seccomp", OBJECT, AT(linux, seccomp), 7, OPTIONAL, &seccomp_table},
	{"rootfsPropagation", CHOICE, AT(linux, rootfs_propagation), 6, .choices = propagations},
	{"maskedPaths", STRING, AT(linux, masked_paths), 6, LIST},
	{"readonlyPaths", STRING, AT(linux, readonly_paths), 6, LIST},
	{"mountLabel", STRING, AT(linux, mount_label), 7},
	{"personality", OBJECT, AT(linux, personality), 7, OPTIONAL, &personality_table},
	{},
};
TABLE(linux, linux_rows);

/* --- the whole -------------------------------------------------------------------------------- */

static const struct property config_rows[] = {
	{"ociVersion", STRING, offsetof(struct config, oci_version), 6, REQUIRED},
	{"root", OBJECT, offsetof(struct config, root), 6, REQUIRED, &root_table},
	{"mounts", OBJECT, offsetof(struct config, mounts), 6, LIST, &mount_table},
	{"process", OBJECT, offsetof(struct config, process), 6, OPTIONAL, &config_process_table},
	{"hostname", STRING, offsetof(struct config, hostname), 6},
	{"domainname", STRING, offsetof(struct config, domainname), 6},
	{"linux", OBJECT, offsetof(struct config, linux), 6, .table = &linux_table},
	{"hooks", OBJECT, offsetof(struct config, hooks), 6, .table = &config_hooks_table},
	{"annotations", STRING, offsetof(struct config, annotations), 6, MAP},
	{},
};
const struct object_table config_table = {sizeof(struct config), config_rows};

const struct config_choice *config_choices(const char *path)
{
	const struct object_table *table = &config_table;
	const struct property *row = NULL;
	while (table && *path) {
		size_t length = strcspn(path, ".");
		for (row = table->properties; row->name; row++)
			if (strlen(row->name) == length && !strncmp(row->name, path, length))
				break;
		table = row->name ? row->table : NULL;
		path += length + (path[length] == '.');
	}
	return row && !*path ? row->choices : NULL;
}
