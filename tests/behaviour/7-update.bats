# Stage 7: other limits for a container that runs.

# bats file_tags=root

# shellcheck disable=SC2016,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# limit CONTROLLER V1_FILE V2_FILE: what stands in the file of the container's cgroup.
limit() {
	local directory file=$2
	directory=$(cgroup_of "$(container_pid one)" "$1")
	[[ $directory == "/sys/fs/cgroup/$1/"* ]] || file=$3
	cat "$directory/$file"
}

memory() {
	limit memory memory.limit_in_bytes memory.max
}

# Memory and swap together on v1, swap alone on v2.
swap() {
	limit memory memory.memsw.limit_in_bytes memory.swap.max
}

@test "every flag changes its limit, and only that" {
	run_detached one '.linux.resources.pids.limit = 30'
	cooper update --memory 64M --memory-swap 96MiB --memory-reservation 33554432 one
	[[ $(memory) == 67108864 ]]
	[[ $(swap) == "$(on_v1 && echo 100663296 || echo 33554432)" ]]
	[[ $(limit memory memory.soft_limit_in_bytes memory.low) == 33554432 ]]
	[[ $(limit pids pids.max pids.max) == 30 ]]
	cooper update --cpu-period 50000 --cpu-quota 20000 --cpu-burst 5000 --cpu-share 512 one
	if on_v1; then
		[[ $(limit cpu cpu.cfs_quota_us -) == 20000 && $(limit cpu cpu.cfs_period_us -) == 50000 ]]
		[[ $(limit cpu cpu.cfs_burst_us -) == 5000 && $(limit cpu cpu.shares -) == 512 ]]
	else
		[[ $(limit cpu - cpu.max) == "20000 50000" && $(limit cpu - cpu.weight) == 59 ]]
		[[ $(limit cpu - cpu.max.burst) == 5000 ]]
	fi
	cooper update --cpuset-cpus 0 --cpuset-mems 0 --pids-limit 40 --cpu-idle 1 one
	[[ $(limit cpuset cpuset.cpus cpuset.cpus) == 0 && $(limit cpuset cpuset.mems cpuset.mems) == 0 ]]
	[[ $(limit pids pids.max pids.max) == 40 && $(limit cpu cpu.idle cpu.idle) == 1 ]]
	[[ $(memory) == 67108864 ]]
	cooper update --cpu-idle 0 --pids-limit -1 one
	[[ $(limit cpu cpu.idle cpu.idle) == 0 && $(limit pids pids.max pids.max) == max ]]
}

@test "one of two that belong together: the other stays" {
	run_detached one '.linux.resources = {cpu: {quota: 20000, period: 50000},
		memory: {limit: 67108864, swap: 100663296}}'
	cooper update --cpu-period 40000 one
	if on_v1; then
		[[ $(limit cpu cpu.cfs_quota_us -) == 20000 && $(limit cpu cpu.cfs_period_us -) == 40000 ]]
	else
		[[ $(limit cpu - cpu.max) == "20000 40000" ]]
	fi
	cooper update --cpu-quota 10000 one
	if on_v1; then
		[[ $(limit cpu cpu.cfs_quota_us -) == 10000 && $(limit cpu cpu.cfs_period_us -) == 40000 ]]
	else
		[[ $(limit cpu - cpu.max) == "10000 40000" ]]
	fi
	# Memory stays 64 MiB.
	cooper update --memory-swap 80M one
	[[ $(memory) == 67108864 ]]
	[[ $(swap) == "$(on_v1 && echo 83886080 || echo 16777216)" ]]
}

@test "memory and swap go up and down together, in whatever order the kernel wants" {
	run_detached one '.linux.resources.memory = {limit: 33554432, swap: 33554432}'
	cooper update --memory 128M --memory-swap 256M one
	[[ $(memory) == 134217728 ]]
	[[ $(swap) == "$(on_v1 && echo 268435456 || echo 134217728)" ]]
	cooper update --memory 32M --memory-swap 48M one
	[[ $(memory) == 33554432 ]]
	[[ $(swap) == "$(on_v1 && echo 50331648 || echo 16777216)" ]]
	cooper update --memory -1 one
	[[ $(memory) =~ ^(max|9[0-9]{18})$ && $(swap) =~ ^(max|9[0-9]{18})$ ]]
}

@test "a burst and its quota go down together" {
	run_detached one '.linux.resources.cpu = {quota: 50000, period: 100000, burst: 40000}'
	cooper update --cpu-quota 20000 --cpu-burst 10000 one
	[[ $(limit cpu cpu.cfs_burst_us cpu.max.burst) == 10000 ]]
	[[ $(limit cpu cpu.cfs_quota_us cpu.max) == 20000* ]]
}

@test "limits from a file, and from standard input" {
	run_detached one
	echo '{"memory": {"limit": 67108864, "swap": 0, "checkBeforeUpdate": true}, "cpu": {"shares": 0, "quota": 20000},
		"pids": {"limit": 25}, "blockIO": {}, "unknown": 1}' >limits
	cooper update --resources limits one
	[[ $(memory) == 67108864 && $(limit pids pids.max pids.max) == 25 ]]
	echo '{"pids": {"limit": 26}}' | cooper update -r - one
	[[ $(limit pids pids.max pids.max) == 26 && $(memory) == 67108864 ]]
}

@test "unified" {
	run_detached one
	echo '{"unified": {"cgroup.max.descendants": "9"}}' | cooper update -r - one
	grep -qx 9 /sys/fs/cgroup/{,unified/}one-*/cgroup.max.descendants
}

@test "an update that fails in a part changes nothing" {
	local before
	run_detached one '.linux.resources = {memory: {limit: 67108864}, pids: {limit: 30}, cpu: {shares: 512}}'
	before=$(memory; swap; limit pids pids.max pids.max; limit cpu cpu.shares cpu.weight)
	fails 'update one: linux.resources: write: 999 > ' update --pids-limit 40 --cpu-share 100 --memory 32M \
		--memory-swap 40M --cpuset-cpus 999 one
	[[ $(memory; swap; limit pids pids.max pids.max; limit cpu cpu.shares cpu.weight) == "$before" ]]
}

@test "an update that fails leaves the lists of devices as they were, too" {
	local disk device
	skip_unless "this host has no disk" grep -qs . /sys/block/*/dev
	disk=$(cat /sys/block/*/dev | head -n 1)
	device="major: ${disk%:*}, minor: ${disk#*:}"
	run_detached one ".linux.resources.blockIO.throttleReadBpsDevice = [{$device, rate: 1048576}]"
	jq -n "{blockIO: {throttleReadBpsDevice: [{$device, rate: 2097152}], throttleWriteIOPSDevice: [{$device, rate: 50}]},
		unified: {\"cgroup.max.depth\": \"many\"}}" >limits
	# What is refused like that is tried last of all.
	fails 'update one: linux.resources.unified["cgroup.max.depth"]: write: many > ' update --resources limits one
	if on_v1; then
		[[ $(limit blkio blkio.throttle.read_bps_device -) == "$disk 1048576" ]]
		[[ -z $(limit blkio blkio.throttle.write_iops_device -) ]]
	else
		[[ $(limit io - io.max) == "$disk rbps=1048576 wbps=max riops=max wiops=max" ]]
	fi
}

# spec: config-linux:memory-2
@test "checkBeforeUpdate: no limit below what is used" {
	run_detached one '.linux.resources.memory.limit = 67108864'
	echo '{"memory": {"limit": 4096, "checkBeforeUpdate": true}}' >limits
	fails 'update one: linux.resources.memory.limit: 4096 is less than what is used now' \
		update --resources limits one
	[[ $(memory) == 67108864 ]]
	has_status one running
}

@test "what cannot be is refused, and the limits stay" {
	local error flags
	run_detached one '.linux.resources.memory.limit = 67108864'
	while IFS=$'\t' read -r error flags; do
		# shellcheck disable=SC2086 # words
		fails "$error" update $flags one
	done <<-'END'
		--memory: expected a size such as 512K, 64M or 2G, found "many"	--memory many
		--cpu-quota: expected a whole number	--cpu-quota 1.5
		--cpu-share: expected a whole number from 0	--cpu-share -1
		update one: linux.resources.cpu.period: expected microseconds, from 1000 to 1000000, found 5	--cpu-period 5
		update one: linux.resources.memory.swap: counts memory, too, so it cannot be less	--memory 64M --memory-swap 32M
		update one: linux.resources.cpu.cpus: expected a list such as "0-3,7", found "x"	--cpuset-cpus x
		update one: linux.resources.cpu.idle: expected 0 or 1, found 2	--cpu-idle 2
		update one: linux.resources.blockIO.weight: expected a whole number from 10 to 1000, found 5	--blkio-weight 5
		update one: --l3-cache-schema: Intel RDT/CAT is not enabled on this host	--l3-cache-schema L3:0=f
		update one: --mem-bw-schema: Intel RDT/MBA is not enabled on this host	--mem-bw-schema MB:0=10
	END
	echo '{"memory": {"limit": "64M"}}' >limits
	fails 'update one: --resources: limits: linux.resources.memory.limit: expected an integer, found a string "64M"' \
		update --resources limits one
	echo '[' >limits
	fails 'update one: --resources: limits:' update --resources limits one
	echo '[]' >limits
	fails 'update one: --resources: limits: linux.resources: expected an object, found a list' update --resources limits one
	fails 'update one: --resources: open: no-such-file: No such file' update --resources no-such-file one
	[[ $(memory) == 67108864 ]]
	fails 'update two: container "two" does not exist' update --pids-limit 5 two
	cooper kill one KILL
	wait_until has_status one stopped
	fails 'update one: container not running' update --pids-limit 5 one
}
