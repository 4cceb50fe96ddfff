# Stage 7: the whole of linux.resources, and the cgroup that it is about.

# bats file_tags=root

# shellcheck disable=SC2016,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

NAME=cooper-test-$$

teardown() {
	containers_remove
	find /sys/fs/cgroup -depth -type d -path "*/$NAME*" -exec rmdir {} +
	# What was handed down at the top of this host's v2 tree goes back.
	[[ ! -e /sys/fs/cgroup/unified ]] || echo -hugetlb >/sys/fs/cgroup/unified/cgroup.subtree_control
	test_teardown
}

# limit CONTROLLER V1_FILE [V2_FILE]: what stands in the file of the container's cgroup.
limit() {
	local directory file=$2
	directory=$(cgroup_of "$(container_pid one)" "$1")
	[[ $directory == "/sys/fs/cgroup/$1/"* ]] || {
		file=${3:-$2}
		directory=$(unified_cgroup)
	}
	cat "$directory/$file"
}

# refuses ERROR FILTER: create says so, and leaves nothing.
refuses() {
	bundle_make bundle "$2"
	fails "create one: $1" create --bundle bundle one
	[[ ! -e /run/cooper/one ]]
	no_cgroup_named "one-"
}

# refused_in_config ERROR FILTER...: a line each, with a tab between.
refused_in_config() {
	local error filter
	while IFS=$'\t' read -r error filter; do
		bundle_make bundle ".linux.resources.$filter"
		fails "create one: config.json: linux.resources.$error" create --bundle bundle one
	done
	[[ ! -e /run/cooper/one ]]
}

a_disk() {
	cat /sys/block/*/dev /dev/null | head -n 1
}

# --- values in files --------------------------------------------------------------------------

@test "memory on v1: swappiness, the OOM killer, TCP buffers" {
	skip_unless "the memory controller is not in v1" on_v1
	run_detached one '.linux.resources.memory = {limit: 67108864, swappiness: 13,
		disableOOMKiller: true, useHierarchy: true, checkBeforeUpdate: true, kernelTCP: 8388608}'
	[[ $(limit memory memory.swappiness) == 13 ]]
	[[ $(limit memory memory.oom_control) == "oom_kill_disable 1"* ]]
	[[ $(limit memory memory.use_hierarchy) == 1 ]]
	# A kernel that no longer has it says so.
	[[ $(limit memory memory.kmem.tcp.limit_in_bytes) == 8388608 ]] ||
		grep -q 'warning: linux.resources.memory.kernelTCP: this kernel has no such limit' err
}

# spec: config-linux:unified-4
@test "memory on v2: what v1 alone has is refused, what is covered by memory.max is a warning" {
	skip_unless "the memory controller is not in v2" not on_v1
	refuses 'linux.resources.memory.swappiness: cgroup v2' '.linux.resources.memory.swappiness = 13'
	refuses 'linux.resources.memory.disableOOMKiller: cgroup v2' \
		'.linux.resources.memory.disableOOMKiller = true'
	refuses 'linux.resources.cpu.realtimeRuntime: cgroup v2' '.linux.resources.cpu.realtimeRuntime = 1000'
	refuses 'linux.resources.blockIO.leafWeight: cgroup v2' '.linux.resources.blockIO.leafWeight = 100'
	refuses 'linux.resources.network.classID: cgroup v2' '.linux.resources.network.classID = 1'
	bundle_change bundle "$BUNDLE_PLAIN"'| .linux.resources.memory = {useHierarchy: true, kernel: 8388608}'
	cooper_quietly create --bundle bundle one
	grep -q 'warning: linux.resources.memory.kernel: this kernel has no such limit' err
}

@test "a limit on kernel memory alone is set, or there is a warning" {
	skip_unless "the memory controller is not in v1" on_v1
	run_detached one '.linux.resources.memory = {limit: 67108864, kernel: 8388608}'
	[[ $(limit memory memory.kmem.limit_in_bytes) == 8388608 ]] ||
		grep -q 'warning: linux.resources.memory.kernel: this kernel has no such limit' err
	cooper delete --force one
	bundle_change bundle "$BUNDLE_PLAIN"'| .linux.resources.memory = {kernel: -1, kernelTCP: 0}'
	cooper_quietly create --bundle bundle one
	[[ ! -s err ]]
}

@test "0 leaves a limit as it is" {
	run_detached one '.linux.resources = {memory: {limit: 0, swap: 0, reservation: 0},
		cpu: {shares: 0, quota: 0, period: 0, realtimeRuntime: 0}, blockIO: {weight: 0}}'
	[[ $(limit memory memory.limit_in_bytes memory.max) =~ ^(max|9[0-9]{18})$ ]]
	[[ $(limit cpu cpu.shares cpu.weight) =~ ^(1024|100)$ ]]
}

@test "realtime on v1" {
	skip_unless "the memory controller is not in v1" on_v1
	# The cgroup above has to have some; the top has.
	run_detached one '.linux.resources.cpu = {realtimePeriod: 500000, realtimeRuntime: 1000}'
	[[ $(limit cpu cpu.rt_period_us) == 500000 && $(limit cpu cpu.rt_runtime_us) == 1000 ]]
}

@test "hugepageLimits" {
	local size
	size=$(page_size)
	skip_unless "this host has no controller for huge pages" has_huge_pages
	run_detached one ".linux.resources.hugepageLimits = [{pageSize: \"$size\", limit: 4194304}]"
	[[ $(limit hugetlb "hugetlb.$size.limit_in_bytes" "hugetlb.$size.max") == 4194304 ]]
	[[ $(limit hugetlb "hugetlb.$size.rsvd.limit_in_bytes" "hugetlb.$size.rsvd.max") == 4194304 ]]
	cooper delete --force one
	refuses 'linux.resources.hugepageLimits[0].pageSize: this host has no huge pages of 3MB' \
		'.linux.resources.hugepageLimits = [{pageSize: "3MB", limit: 0}]'
	refuses 'linux.resources.hugepageLimits[0].pageSize: expected 2MB, which is how the kernel names it' \
		'.linux.resources.hugepageLimits = [{pageSize: "2048KB", limit: 0}]'
}

page_size() {
	echo 2MB
}

has_huge_pages() {
	[[ -e /sys/kernel/mm/hugepages/hugepages-2048kB ]] && {
		[[ -e /sys/fs/cgroup/hugetlb ]] ||
			grep -qw hugetlb /sys/fs/cgroup{,/unified}/cgroup.controllers 2>/dev/null
	}
}

@test "blockIO: weights of devices" {
	local disk
	disk=$(a_disk)
	[[ -n $disk ]] || disk=7:0
	bundle_make bundle ".linux.resources.blockIO.weightDevice = [{major: ${disk%:*}, minor: ${disk#*:}, weight: 300}]"
	if cooper_quietly create --bundle bundle one 2>/dev/null; then
		limit blkio blkio.bfq.weight_device io.bfq.weight | grep -q "$disk 300" ||
			limit blkio blkio.weight_device io.weight | grep -q "$disk"
	else
		# No scheduler of disks here knows weights.
		grep -q 'linux.resources.blockIO.weightDevice\[0\].weight: ' err
		[[ ! -e /run/cooper/one ]]
	fi
}

@test "rdma" {
	if grep -qsw rdma /sys/fs/cgroup/cgroup.controllers || [[ -d /sys/fs/cgroup/rdma ]]; then
		# There is no such device, and the kernel says so.
		refuses 'linux.resources.rdma["mlx5_1"]: write: mlx5_1 hca_handle=3 hca_object=10000 > ' \
			'.linux.resources.rdma = {mlx5_1: {hcaHandles: 3, hcaObjects: 10000}}'
	else
		refuses 'linux.resources.rdma["mlx5_1"]: this host has no cgroup controller "rdma"' \
			'.linux.resources.rdma = {mlx5_1: {hcaHandles: 3}}'
	fi
}

@test "network: the controllers of v1, or a refusal" {
	local filter='.linux.resources.network = {classID: 1048577, priorities: [{name: "lo", priority: 5}]}'
	if [[ -d /sys/fs/cgroup/net_cls ]]; then
		run_detached one "$filter"
		[[ $(limit net_cls net_cls.classid) == 1048577 ]]
		limit net_prio net_prio.ifpriomap | grep -qx 'lo 5'
	else
		refuses 'linux.resources.network.classID: ' "$filter"
		refuses 'linux.resources.network.priorities[0]: ' 'del(.linux.resources.network.classID)
			| .linux.resources.network.priorities = [{name: "lo", priority: 5}]'
	fi
}

# spec: config-linux:unified-2 config-linux:unified-3
@test "unified: files of v2 by their names" {
	refuses 'linux.resources.unified["nosuch.max"]: cgroup v2 has no controller "nosuch" here' \
		'.linux.resources.unified = {"nosuch.max": "1"}'
	run_detached one '.linux.resources.unified = {"cgroup.max.descendants": "7"}'
	[[ $(<"$(unified_cgroup)/cgroup.max.descendants") == 7 ]]
	if on_v1; then
		cooper delete --force one
		refuses 'linux.resources.unified["memory.high"]: cgroup v2 has no controller "memory" here' \
			'.linux.resources.unified = {"memory.high": "1"}'
	else
		cooper delete --force one
		bundle_change bundle "$BUNDLE_PLAIN"' | .linux.resources = {memory: {limit: 67108864},
			unified: {"memory.high": "33554432", "memory.max": "50331648"}}'
		cooper_quietly create --bundle bundle one
		# What is said twice is what unified says.
		[[ $(limit memory - memory.high) == 33554432 && $(limit memory - memory.max) == 50331648 ]]
	fi
}

unified_cgroup() {
	local top=/sys/fs/cgroup
	[[ ! -d $top/unified ]] || top=$top/unified
	echo "$top$(sed -n 's/^0:://p' "/proc/$(container_pid one)/cgroup")"
}

# spec: config-linux:block-io-2 config-linux:rdma-1
@test "values that cannot be are errors of the config" {
	refused_in_config <<-'END'
		memory.swappiness: expected a whole number from 0 to 100, found 101	memory.swappiness = 101
		memory.kernel: expected a size, or -1 for no limit, found -2	memory.kernel = -2
		memory.disableOOMKiller: expected true or false, found 1	memory.disableOOMKiller = 1
		cpu.realtimeRuntime: cannot be more than cpu.realtimePeriod	cpu = {realtimeRuntime: 20, realtimePeriod: 10}
		blockIO.leafWeight: expected a whole number from 10 to 1000, found 9	blockIO.leafWeight = 9
		blockIO.weightDevice[0]: expected a weight, a leafWeight, or both	blockIO.weightDevice = [{major: 8, minor: 0}]
		blockIO.weightDevice[1].weight: expected a whole number from 10 to 1000	blockIO.weightDevice = [{major: 8, minor: 0, weight: 10}, {major: 8, minor: 1, weight: 1001}]
		blockIO.weightDevice[0].major: missing	blockIO.weightDevice = [{minor: 0, weight: 10}]
		blockIO.weightDevice[0]: -1:0 is no device	blockIO.weightDevice = [{major: -1, minor: 0, weight: 10}]
		hugepageLimits[0].pageSize: expected a size such as "2MB", found "2M"	hugepageLimits = [{pageSize: "2M", limit: 0}]
		hugepageLimits[0].limit: missing	hugepageLimits = [{pageSize: "2MB"}]
		network.classID: expected a whole number from 0 to 4294967295	network.classID = 4294967296
		network.priorities[0].name: expected the name of an interface, found "a b"	network.priorities = [{name: "a b", priority: 1}]
		rdma["mlx5"]: expected hcaHandles, hcaObjects, or both	rdma = {mlx5: {}}
		unified["memory/high"]: not the name of a cgroup's file	unified = {"memory/high": "1"}
		unified["../memory.high"]: not the name of a cgroup's file	unified = {"../memory.high": "1"}
		unified["memory.high"]: expected a string, found 5	unified = {"memory.high": 5}
	END
}

# --- the cgroup -------------------------------------------------------------------------------

# spec: config-linux:cgroups-path-2
@test "cgroupsPath: absolute, nested, relative, absent" {
	local name
	run_detached one ".linux.cgroupsPath = \"/$NAME/inner/most\""
	[[ $(cgroup_of "$(container_pid one)" pids) == */$NAME/inner/most ]]
	cooper delete --force one
	[[ -z $(cgroups_named most) ]]
	for name in "$NAME/relative" "$NAME-alone"; do
		run_detached one ".linux.cgroupsPath = \"$name\""
		[[ $(cgroup_of "$(container_pid one)" pids) == *"/$name" ]]
		cooper delete --force one
	done
	run_detached one
	[[ $(cgroup_of "$(container_pid one)" pids) == */one-* ]]
}

# spec: config-linux:control-groups-1
@test "an empty cgroup is taken; one that is frozen, or is no place for processes, is not" {
	local top
	top=/sys/fs/cgroup
	[[ ! -d $top/freezer ]] || top=$top/freezer
	mkdir "$top/$NAME"
	run_detached one ".linux.cgroupsPath = \"/$NAME\""
	[[ $(cgroup_of "$(container_pid one)" freezer) == "$top/$NAME" ]]
	cooper delete --force one
	mkdir "$top/$NAME"
	if on_v1; then
		echo FROZEN >"$top/$NAME/freezer.state"
	else
		echo 1 >"$top/$NAME/cgroup.freeze"
	fi
	fails "create one: linux.cgroupsPath: /$NAME: this cgroup is frozen" create --bundle bundle one
	rmdir "$top/$NAME"
}

# As in a container, or in a session: its cgroup is the top that it sees. The kernel would let it hand down some of
# the controllers, and then no process into the cgroups below it.
@test "in a cgroup that holds processes: a container without limits is made; with one, what to do" {
	local top=/sys/fs/cgroup/cooper-occupied
	skip_unless "the memory controller is not in v2" not on_v1
	# shellcheck disable=SC2016 # for that shell
	local inside=(sh -c 'echo $$ >"$0/cgroup.procs" && exec unshare --cgroup --mount sh -c \
		"umount -l /sys/fs/cgroup && mount -t cgroup2 cgroup /sys/fs/cgroup && exec \"\$@\"" sh "$@"' "$top")
	mkdir "$top"
	bundle_make bundle 'command(["echo", "it runs"])'
	run -0 "${inside[@]}" "$COOPER_BIN/cooper" run --bundle bundle one
	[[ $output == "it runs" && $(<"$top/cgroup.type") == domain ]]
	bundle_make limited '.linux.resources.cpu.shares = 512'
	run -1 --separate-stderr "${inside[@]}" "$COOPER_BIN/cooper" run --bundle limited one
	is_one_error 'cooper: run one: linux.resources: the cgroup /sys/fs/cgroup cannot hand "cpu" down: it holds processes itself'
	[[ ${stderr_lines[1]} == *"move them"* && ! -e /run/cooper/one ]]
	rmdir "$top"
}

@test "v2: a cgroup of threads, or one that hands controllers down, is refused" {
	local top=/sys/fs/cgroup
	skip_unless "the memory controller is not in v2" not on_v1
	mkdir -p "$top/$NAME/threads"
	echo threaded >"$top/$NAME/threads/cgroup.type"
	bundle_make bundle ".linux.cgroupsPath = \"/$NAME/threads\""
	fails "create one: linux.cgroupsPath: /$NAME/threads: this cgroup is for threads" create --bundle bundle one
	bundle_change bundle ".linux.cgroupsPath = \"/$NAME/threads/below\""
	fails "create one: linux.cgroupsPath: /$NAME/threads: this cgroup is for threads" create --bundle bundle one
	rmdir "$top/$NAME/threads"
	echo +pids >"$top/$NAME/cgroup.subtree_control"
	bundle_change bundle ".linux.cgroupsPath = \"/$NAME\""
	fails "create one: linux.cgroupsPath: /$NAME: this cgroup hands controllers down" create --bundle bundle one
	[[ ! -e /run/cooper/one ]]
}

# spec: config-linux:unified-1
@test "v2: a container has every controller, so that what it uses is counted" {
	skip_unless "the memory controller is not in v2" not on_v1
	run_detached one ".linux.cgroupsPath = \"/$NAME/inner\""
	[[ $(limit memory - cgroup.controllers) == "$(</sys/fs/cgroup/cgroup.controllers)" ]]
}

# owners: who owns what in the container's cgroup, "UID FILE", but for what is root's.
owners() {
	find "$(cgroup_of "$(container_pid one)" memory)" -not -uid 0 -printf '%U %f\n' | sort
}

readonly SYS='mount({destination: "/sys", type: "sysfs", source: "sysfs"})'
readonly WRITABLE='mount({destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["nosuid"]})
	| .process.user.uid = 1000'

# spec: config-linux:cgroup-ownership-2 config-linux:cgroup-ownership-3 config-linux:cgroup-ownership-4
# spec: config-linux:cgroup-ownership-5 config-linux:cgroup-ownership-6
# spec: config-linux:cgroup-ownership-7 config-linux:cgroup-ownership-9
@test "v2: a cgroup that is mounted to be written belongs to the user, and only what may" {
	local file
	skip_unless "the memory controller is not in v2" not on_v1
	run_detached one "$SYS | $WRITABLE"
	for file in $(</sys/kernel/cgroup/delegate); do
		[[ ! -e $(cgroup_of "$(container_pid one)" memory)/$file ]] || echo "1000 $file"
	done >expected
	echo "1000 $(basename "$(cgroup_of "$(container_pid one)" memory)")" >>expected
	owners | diff - <(sort expected)
	cooper delete --force one
	run_detached one "$SYS | $WRITABLE"' | .mounts[-1].options = ["ro"]'
	[[ -z $(owners) ]]
	cooper delete --force one
	run_detached one "$SYS | $WRITABLE"' | without("cgroup")'
	[[ -z $(owners) ]]
	cooper delete --force one
	# Root of a user namespace is somebody else out here.
	chmod 755 . bundle
	chown -R 100000 bundle/rootfs
	run_detached one "$SYS | $WRITABLE"' | .process.user.uid = 0 | .linux.namespaces += [{type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
		| .linux.gidMappings = .linux.uidMappings'
	owners | grep -qx '100000 cgroup.procs'
	[[ $(owners | wc -l) -eq $(wc -l <expected) ]]
	cooper exec one mkdir /sys/fs/cgroup/below
}

# spec: config-linux:cgroup-ownership-1
@test "v1: a cgroup is never given away" {
	skip_unless "the memory controller is not in v1" on_v1
	run_detached one "$SYS | $WRITABLE"
	[[ -z $(owners) && -z $(find "$(unified_cgroup)" -not -uid 0) ]]
}
