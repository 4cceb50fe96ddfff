# Stage 7: one config with an example of every property, and one container that has them all, but
# what this host lacks. (tests/unit/test_every_property.c sees to it that none is missing there.)

# bats file_tags=root

# shellcheck disable=SC2016,SC2034,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	find /sys/fs/cgroup -depth -type d -path "*/every-property*" -exec rmdir {} +
	# What was handed down at the top of this host's v2 tree goes back.
	[[ ! -e /sys/fs/cgroup/unified ]] || echo -hugetlb 2>/dev/null >/sys/fs/cgroup/unified/cgroup.subtree_control
	ip link del cask0 2>/dev/null
	test_teardown
}

# v1 NAME: the controller is one of v1 here; controller NAME: it is there at all.
v1() {
	[[ -d /sys/fs/cgroup/$1 ]]
}

controller() {
	v1 "$1" || grep -qsw "$1" /sys/fs/cgroup{,/unified}/cgroup.controllers
}

# lacking: the properties that this host cannot have, as jq's paths.
lacking() {
	local disk
	[[ -d /sys/fs/resctrl/info ]] || echo .linux.intelRdt
	# No host of the tests has such a device.
	echo .linux.resources.rdma
	v1 net_cls || echo .linux.resources.network.classID
	v1 net_prio || echo .linux.resources.network.priorities
	v1 memory || echo .linux.resources.memory.swappiness
	[[ -e /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes || -e $(echo /sys/fs/cgroup/*/memory.swap.max) ]] ||
		echo .linux.resources.memory.swap
	[[ -e /sys/kernel/mm/hugepages/hugepages-2048kB ]] && controller hugetlb || echo .linux.resources.hugepageLimits
	grep -qs . /sys/fs/cgroup/{blkio,}/*/{blkio.bfq,io.bfq,io}.weight ||
		echo .linux.resources.blockIO.weight
	grep -qsF '[bfq]' "/sys/dev/block/$(a_disk)/queue/scheduler" || echo .linux.resources.blockIO.weightDevice
	grep -qs . /sys/block/*/dev || echo .linux.resources.blockIO
	[[ -e /sys/devices/system/node/node0 ]] || echo .linux.memoryPolicy
}

a_disk() {
	cat /sys/block/*/dev 2>/dev/null | head -n 1
}

# every_property: the bundle, for this host.
every_property() {
	local disk without
	disk=$(a_disk)
	without=$(lacking | paste -sd ,)
	echo "without $without"
	mkdir -p bundle/{log,mapped}
	# The hooks inside run as the user.
	: >bundle/log/hooks
	chmod 666 bundle/log/hooks
	chown 3:4 bundle/mapped
	rootfs_make bundle/rootfs
	cp "$COOPER_BIN/syscall" bundle/rootfs/bin
	jq --slurpfile allowed "$BATS_TEST_DIRNAME/../data/seccomp/allowed.json" --arg dir "$TEST_DIR" --arg ipc "/proc/$OTHER/ns/ipc" --arg disk "${disk:-7:0}" '
		($disk | split(":") | map(tonumber)) as [$major, $minor]
		| (.linux.resources.blockIO[] | arrays[]) |= . + {major: $major, minor: $minor}
		| (.linux.namespaces[] | select(.path) | .path) = $ipc
		| .linux.seccomp.syscalls += [{names: ($allowed[0] + ["clone", "socket"]), action: "SCMP_ACT_ALLOW"}]
		| .linux.seccomp.listenerPath = $dir + "/agent"
		| (.hooks[][].args[2]) |= gsub("LOG"; $dir + "/bundle/log")
		| del('"$without"')' \
		"$BATS_TEST_DIRNAME/../data/config/every-property.json" >bundle/config.json
}

@test "a container with every property that this host can have" {
	local pid
	start_in_namespaces --ipc
	ip link add cask0 type veth peer name cask1
	every_property
	start "$COOPER_BIN/seccomp-agent" agent errno 123
	start "$COOPER_BIN/console-receiver" console
	wait_until test -S agent -a -S console
	cooper create --bundle bundle --console-socket console --pid-file pid one </dev/null >out.create 2>&1 3>&- ||
		{ cat out.create; false; }
	[[ $(xargs <bundle/log/hooks) == "prestart createRuntime createContainer" ]]
	cooper start one
	wait_until is_executed one
	pid=$(<pid)
	[[ $(xargs <bundle/log/hooks) == "prestart createRuntime createContainer startContainer poststart" ]]

	# process
	[[ $(status_of "$pid" Uid) == "7 7 7 7" && $(status_of "$pid" Gid) == "8 8 8 8" ]]
	[[ $(status_of "$pid" Groups) == "9 10" && $(status_of "$pid" Umask) == 0027 ]]
	[[ $(status_of "$pid" CapEff) == 0000000000002021 && $(status_of "$pid" CapAmb) == 0000000000002021 ]]
	[[ $(status_of "$pid" CapBnd) == 0000000000002021 && $(status_of "$pid" NoNewPrivs) == 1 ]]
	[[ $(prlimit --pid "$pid" --nofile --output SOFT,HARD --noheadings | xargs) == "100 200" ]]
	[[ $(<"/proc/$pid/oom_score_adj") == 111 && $(ionice -p "$pid") == "best-effort: prio 6" ]]
	chrt -p "$pid" | grep -q 'SCHED_BATCH|SCHED_RESET_ON_FORK'
	tr '\0' '\n' <"/proc/$pid/environ" | grep -x COLOUR=blue
	[[ $(readlink "/proc/$pid/cwd") == /log && $(readlink "/proc/$pid/fd/0") == /dev/pts/0 ]]
	[[ $(status_of "$pid" Seccomp) == 2 ]]

	# root, names, mounts
	[[ $(mount_of "$pid" / options) == ro,* ]]
	[[ $(nsenter --uts="/proc/$pid/ns/uts" sh -c 'hostname; cat /proc/sys/kernel/domainname' | xargs) == "cask example.org" ]]
	[[ $(mount_of "$pid" /log options) == *nosuid* && $(mount_of "$pid" /mapped options) == *idmapped* ]]

	# linux
	[[ $(readlink "/proc/$pid/ns/ipc") == "$(readlink "/proc/$OTHER/ns/ipc")" ]]
	for kind in pid mnt user cgroup time net uts; do
		[[ $(readlink "/proc/$pid/ns/$kind") != "$(readlink "/proc/self/ns/$kind")" ]]
	done
	[[ $(xargs <"/proc/$pid/uid_map") == "0 0 65536" ]]
	[[ $(xargs <"/proc/$pid/timens_offsets") == "monotonic 2000 6 boottime 1000 5" ]]
	in_network_of "$pid" ip link show inside0
	[[ $(in_network_of "$pid" cat /proc/sys/net/ipv4/ip_forward) == 1 ]]
	[[ $(mount_of "$pid" /proc/sys options) == ro,* ]]
	mount_of "$pid" /proc/interrupts type
	grep -q 'bind=static:0' "/proc/$pid/numa_maps"
	[[ $(cgroup_of "$pid" pids) == *every-property ]]
	[[ $(<"$(cgroup_of "$pid" pids)/pids.max") == 50 ]]

	# What exec brings in: its own terminal's size, its own filter, the devices.
	run -0 cooper exec one sh -c 'head -c 3 /dev/mine | wc -c; syscall acct'
	[[ $(xargs <<<"$output") == "3 ENOMEDIUM" ]]
	cooper delete --force one
	[[ $(tail -n 1 bundle/log/hooks) == poststop ]]
	[[ ! -e /run/cooper/one ]]
	no_cgroup_named every-property
}
