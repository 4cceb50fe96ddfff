/* The table of causes. First each cause once, by stage; then which of them change which fact. */
#include "compare/causes.h"

#include <string.h>

/* clang-format off */

/* --- stage 1 ---------------------------------------------------------------------------------- */

static const struct cause own_root = {"chroot: *", "chroot",
	"stages/1-chroot/chroot.c", "if (chroot(\".\") < 0)"};
static const struct cause own_environment = {"execve: *", "execve",
	"stages/1-chroot/command.c", "execve(found, arguments, environment);"};

/* --- stage 2 ---------------------------------------------------------------------------------- */

static const struct cause own_namespaces = {"clone3: *", "clone3",
	"stages/2-namespaces/main.c", "CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS"};
static const struct cause own_proc = {"mount proc: *", "mount",
	"stages/2-namespaces/namespaces.c", "if (mount(\"proc\", \"/proc\""};
static const struct cause own_host_name = {"sethostname: *", "sethostname",
	"stages/2-namespaces/namespaces.c", "if (sethostname("};
static const struct cause private_mounts = {"mount: make all mounts private*", "mount",
	"stages/2-namespaces/namespaces.c", "MS_REC | MS_PRIVATE"};
static const struct cause own_users = {"clone3: * user *", "clone3",
	"stages/2-namespaces/main.c", "namespaces |= CLONE_NEWUSER", FOR_USER};
static const struct cause mapped_user = {"map: uid_map *", "write",
	"stages/2-namespaces/userns.c", "write(fd, text, strlen(text)) < 0", FOR_USER};

/* --- stage 3 ---------------------------------------------------------------------------------- */

static const struct cause root_mount = {"pivot_root: *", "pivot_root",
	"stages/3-rootfs/rootfs.c", "SYS_pivot_root, \".\", \".\""};
static const struct cause old_root_gone = {"umount2: *", "umount2",
	"stages/3-rootfs/rootfs.c", "if (umount2(\".\", MNT_DETACH) < 0)"};
static const struct cause new_sys = {"fsopen: a new sysfs *", "fsopen",
	"stages/3-rootfs/rootfs.c", ".type = \"sysfs\""};
static const struct cause hosts_sys = {"open_tree: *the mount at /sys for /sys", "open_tree",
	"stages/3-rootfs/rootfs.c", ".source = \"/sys\"", FOR_USER};
static const struct cause layers = {"overlay: *", "mount",
	"stages/3-rootfs/overlay.c", "if (mount(\"overlay\""};
static const struct cause closed_files = {"close_range: *", "close_range",
	"stages/3-rootfs/rootfs.c", "if (close_range(first, UINT_MAX, 0) < 0)"};

/* --- stage 4 ---------------------------------------------------------------------------------- */

static const struct cause own_cgroup_tree = {"unshare cgroup: *", "unshare",
	"stages/4-cgroups/cgroup_namespace.c", "if (unshare(CLONE_NEWCGROUP) < 0)"};
static const struct cause own_cgroup = {"mkdir cgroup: *", "mkdir",
	"stages/4-cgroups/cgroup.c", "mkdir(directory, 0755)"};
static const struct cause memory_v1 = {"write: * > */memory.limit_in_bytes", "write",
	"stages/4-cgroups/limits.c", "\"memory.limit_in_bytes\"", FOR_V1};
static const struct cause memory_v2 = {"write: * > */memory.max", "write",
	"stages/4-cgroups/limits.c", "\"memory.max\"", FOR_V2};
static const struct cause processes = {"write: * > */pids.max", "write",
	"stages/4-cgroups/limits.c", "\"pids.max\", number_or_max, \"pids.max\""};
static const struct cause processor_v1 = {"write: * > */cpu.cfs_quota_us", "write",
	"stages/4-cgroups/limits.c", "\"cpu.cfs_quota_us\"", FOR_V1};
static const struct cause processor_v2 = {"write: * > */cpu.max", "write",
	"stages/4-cgroups/limits.c", "\"cpu.max\", quota_and_period", FOR_V2};

/* --- stage 5 ---------------------------------------------------------------------------------- */

static const struct cause own_network = {"clone3: * net*", "clone3",
	"stages/5-network/network.c", "? 0 : CLONE_NEWNET"};
static const struct cause lone_network = {"clone3: * user * net*", "clone3",
	"stages/5-network/network.c", "? 0 : CLONE_NEWNET", FOR_USER};
static const struct cause cable = {"link: make the pair *", "sendto",
	"stages/5-network/link.c", "link: make the pair", FOR_ROOT};
static const struct cause rules = {"run: nft *", "execve",
	"stages/5-network/firewall.c", "process_run(nft, *text)", FOR_ROOT};

/* --- stage 6 ---------------------------------------------------------------------------------- */

static const struct cause no_cable = {"clone3: * net*", "clone3",
	"stages/6-oci/config_tables.c", "{\"network\", CLONE_NEWNET}", FOR_ROOT};
static const struct cause no_network = {"clone3: * user mnt pid uts ipc", "clone3",
	"stages/6-oci/config_tables.c", "{\"network\", CLONE_NEWNET}", FOR_USER};
static const struct cause one_user = {"map: uid_map *", "write",
	"stages/6-oci/container.c", "if (userns_map(pid, linux->uid_mappings", FOR_USER};
static const struct cause read_only_root = {"mount_setattr: make the root read-only", "mount_setattr",
	"stages/6-oci/root.c", "MOUNT_ATTR_RDONLY, false) < 0"};
static const struct cause read_only_path = {"open_tree: a read-only copy of the mount at /proc/sys",
	"mount_setattr", "stages/6-oci/hidden.c", "mount_setattr(tree, \"\", AT_EMPTY_PATH"};
static const struct cause read_only_orders = {
	"open_tree: a read-only copy of the mount at /proc/sysrq-trigger", "mount_setattr",
	"stages/6-oci/hidden.c", "mount_setattr(tree, \"\", AT_EMPTY_PATH"};
static const struct cause masked_memory = {"open_tree: * /dev/null for /proc/kcore", "open_tree",
	"stages/6-oci/hidden.c", ".source = \"/dev/null\""};
static const struct cause no_layers = {"open_tree: a copy of the mount at */rootfs", "open_tree",
	"stages/3-rootfs/mount.c", "step(\"open_tree: a copy"};
static const struct cause other_groups = {"setgroups: *", "setgroups",
	"stages/6-oci/identity.c", "setgroups("};
static const struct cause most_files = {"setrlimit: RLIMIT_NOFILE *", "prlimit64",
	"stages/6-oci/identity.c", "if (setrlimit("};

/* --- stage 7 ---------------------------------------------------------------------------------- */

static const struct cause few_capabilities = {"capset: *", "capset",
	"stages/7-runtime/process/capabilities.c", "cap_set_proc(sets) < 0"};
static const struct cause few_to_gain = {"prctl: drop capabilities *", "prctl",
	"stages/7-runtime/process/capabilities.c", "cap_drop_bound(capability) == 0"};
static const struct cause nothing_to_gain = {"prctl: no exec *", "prctl",
	"stages/7-runtime/process/setup.c", "prctl(PR_SET_NO_NEW_PRIVS"};

static const struct cause own_keyring = {"keyctl: *", "keyctl",
	"stages/7-runtime/process/keyring.c", "KEYCTL_JOIN_SESSION_KEYRING"};

/* --- which change what ------------------------------------------------------------------------ */

const struct change changes[] = {
	{"host-processes", 1, {&own_root}},
	{"host-mounts", 1, {&own_root}},
	{"host-devices", 1, {&own_root}},
	{"cgroup-tree", 1, {&own_root}},
	{"kernel-memory", 1, {&own_root}},
	{"boot-id", 1, {&own_root}},
	{"disks", 1, {&own_root}},
	{"environment", 1, {&own_environment}},
	{"new-namespace", 1, {&own_root}},
	{"chroot-climb", 1, {&own_root}},
	{"proc-root", 1, {&own_root}},
	{"inherited-fd", 1, {&own_root}},
	{"join-namespace", 1, {&own_root}},
	{"file-handle", 1, {&own_root}},

	{"host-processes", 2, {&own_namespaces, &own_proc}},
	{"host-name", 2, {&own_namespaces, &own_host_name}},
	{"host-mounts", 2, {&own_namespaces, &private_mounts}},
	{"kernel-memory", 2, {&own_proc}},
	{"boot-id", 2, {&own_proc}},
	{"shared-memory", 2, {&own_namespaces}},
	{"signal-process", 2, {&own_namespaces}},
	{"trace-process", 2, {&own_namespaces}},
	{"set-host-name", 2, {&own_namespaces, &own_users}},
	{"mount", 2, {&own_namespaces, &own_users, &private_mounts}},
	{"reboot", 2, {&own_namespaces, &own_users}},
	{"proc-root", 2, {&own_namespaces, &own_proc}},
	{"join-namespace", 2, {&own_namespaces, &own_proc}},
	{"pid", 2, {&own_namespaces}},
	{"namespaces", 2, {&own_namespaces}},

	{"host-mounts", 3, {&root_mount, &old_root_gone}},
	{"disks", 3, {&new_sys, &hosts_sys}},
	{"write-image", 3, {&layers}},
	{"new-namespace", 3, {&root_mount}},
	{"disk", 3, {&layers}},
	{"chroot-climb", 3, {&root_mount, &old_root_gone}},
	{"inherited-fd", 3, {&closed_files}},
	{"file-handle", 3, {&layers}},

	{"cgroup-tree", 4, {&own_cgroup_tree}},
	{"lift-limits", 4, {&own_cgroup, &own_cgroup_tree}},
	{"memory", 4, {&memory_v1, &memory_v2}},
	{"processes", 4, {&processes}},
	{"processor", 4, {&processor_v1, &processor_v2}},

	{"network-links", 5, {&own_network}},
	{"abstract-sockets", 5, {&own_network}},
	{"loopback-services", 5, {&own_network}},
	{"routes", 5, {&own_network}},
	{"raw-packets", 5, {&own_network}},
	{"published-port", 5, {&cable, &rules, &lone_network}},

	{"host-services", 6, {&no_cable, &no_network}},
	{"write-image", 6, {&read_only_root}},
	{"disk", 6, {&read_only_root}},
	{"kernel-memory", 6, {&masked_memory}},
	{"sysrq", 6, {&read_only_orders}},
	{"write-proc-sys", 6, {&read_only_path}},
	{"lift-read-only", 6, {&read_only_path}},
	{"core-pattern", 6, {&read_only_path}},
	{"groups", 6, {&other_groups}},
	{"open-files", 6, {&most_files}},
	{"file-handle", 6, {&no_layers}},
	{"from-host", 6, {&no_cable, &no_network}},
	{"from-neighbour", 6, {&no_cable, &no_network}},
	{"published-port", 6, {&no_cable, &no_network}},

	{"host-devices", 7, {&few_capabilities}},
	{"lift-limits", 7, {&few_capabilities}},
	{"session-keyring", 7, {&own_keyring}},
	{"load-module", 7, {&few_capabilities}},
	{"open-files", 7, {&few_capabilities}},
	{"kernel-log", 7, {&few_capabilities}},
	{"other-users-files", 7, {&few_capabilities}},
	{"set-host-name", 7, {&few_capabilities}},
	{"mount", 7, {&few_capabilities}},
	{"make-device", 7, {&few_capabilities}},
	{"read-disk", 7, {&few_capabilities}},
	{"set-clock", 7, {&few_capabilities}},
	{"lift-read-only", 7, {&few_capabilities}},
	{"routes", 7, {&few_capabilities}},
	{"raw-packets", 7, {&few_capabilities}},
	{"reboot", 7, {&few_capabilities}},
	{"swap", 7, {&few_capabilities}},
	{"priority", 7, {&few_capabilities}},
	{"change-user", 7, {&few_capabilities}},
	{"change-owner", 7, {&few_capabilities}},
	{"mount-over-proc", 7, {&few_capabilities}},
	{"file-handle", 7, {&few_capabilities}},
	{"capabilities", 7, {&few_capabilities}},
	{"bounding-set", 7, {&few_to_gain}},
	{"new-privileges", 7, {&nothing_to_gain}},

	/* Without root: a user namespace, none of the limits, no cable. */
	{"mount-over-proc", 2, {&own_users, &own_proc}},
	{"user", 2, {&own_users, &mapped_user}},
	{"capabilities", 2, {&own_users}},
	{"bounding-set", 2, {&own_users}},
	{"cgroup-tree", 3, {&hosts_sys}},
	{"change-owner", 2, {&own_users}},
	{"change-user", 2, {&own_users}},
	{"groups", 2, {&own_users}},
	{"change-owner", 6, {&one_user}},
	{"change-user", 6, {&one_user}},
	{"host-services", 5, {&own_network}},
	{"from-host", 5, {&own_network}},
	{"from-neighbour", 5, {&own_network}},
	{"network-links", 6, {&no_network}},
	{"abstract-sockets", 6, {&no_network}},
	{"loopback-services", 6, {&no_network}},
	{"routes", 6, {&no_network}},
	{"raw-packets", 6, {&no_network}},
	{"cgroup-tree", 7, {&few_capabilities}},
	{},
};

/* clang-format on */

const struct change *change_of(const char *fact, int stage)
{
	for (const struct change *change = changes; change->fact; change++)
		if (change->stage == stage && !strcmp(change->fact, fact))
			return change;
	return NULL;
}
