# Stage 7: what a container uses, and that it has run out of memory.

# bats file_tags=root

# shellcheck disable=SC2016,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	test_teardown
	containers_remove
}

# stats FILTER: a value out of the statistics.
stats() {
	cooper events --stats one | jq -r "$1"
}

@test "events --stats: one line of JSON with what is used" {
	local -i usage
	run_detached one '.linux.resources = {memory: {limit: 67108864}, pids: {limit: 33},
		cpu: {quota: 20000, period: 50000}}'
	run -0 --separate-stderr cooper events --stats one
	[[ ${#lines[@]} -eq 1 && -z $stderr ]]
	[[ $(jq -r '.type, .id' <<<"$output" | xargs) == "stats one" ]]
	# The names that engines read.
	[[ $(jq -r '.data | keys | sort | join(" ")' <<<"$output") == \
		"blkio cpu cpuset hugetlb intel_rdt memory network_interfaces pids" ]]
	[[ $(jq '.data.pids.current' <<<"$output") == 1 && $(jq '.data.pids.limit' <<<"$output") == 33 ]]
	[[ $(jq '.data.memory.usage.limit' <<<"$output") == 67108864 ]]
	usage=$(jq '.data.memory.usage.usage' <<<"$output")
	((usage > 4096 && usage < 67108864))
	[[ $(jq '.data.memory.usage.failcnt' <<<"$output") == 0 ]]
	[[ $(jq '.data.memory.raw | length' <<<"$output") -gt 10 ]]
	[[ $(jq '.data.memory.swap, .data.memory.kernel, .data.memory.kernelTCP | has("limit")' <<<"$output" | xargs) == "true true true" ]]
	[[ $(jq '.data.cpu.usage.total > 0 and (.data.cpu.usage | has("kernel") and has("user"))' <<<"$output") == true ]]
	[[ $(jq '.data.cpu.throttling | type' <<<"$output") == '"object"' ]]
	[[ $(jq '.data.hugetlb | type' <<<"$output") == '"object"' ]]
}

# Numbers that the kernel tells elsewhere, too.
@test "events --stats: the numbers are the kernel's" {
	local cpu pids
	run_detached one 'sh("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 900 & exec sleep 1000")'
	wait_until test "$(container_pid one)" -gt 0
	wait_until two_processes
	cpu=$(cgroup_of "$(container_pid one)" cpuacct) pids=$(cgroup_of "$(container_pid one)" pids)
	[[ $(stats .data.pids.current) == "$(<"$pids/pids.current")" ]]
	if [[ -e $cpu/cpuacct.usage ]]; then
		[[ $(stats '.data.cpu.usage.total / 1000000 | floor') == $(($(<"$cpu/cpuacct.usage") / 1000000)) ]]
		[[ $(stats '.data.cpu.usage.percpu | length') -ge 1 ]]
		[[ $(stats '.data.cpuset.cpus | length') -ge 1 ]]
	else
		[[ $(stats '.data.cpu.usage.total / 1000') == $(sed -n 's/^usage_usec //p' "$cpu/cpu.stat") ]]
	fi
}

two_processes() {
	[[ $(stats .data.pids.current) == 2 ]]
}

@test "events: again and again, to the end of the container" {
	run_detached one
	start "$COOPER_BIN/cooper" events --interval 20ms one
	wait_until three_lines
	cooper kill one KILL
	await_exit
	[[ $STATUS -eq 0 && ! -s err ]]
	[[ $(jq -r .type out | sort -u) == stats ]]
}

three_lines() {
	[[ $(wc -l <out) -ge 3 ]]
}

@test "events: an oom event when the kernel has killed for lack of memory" {
	bundle_make bundle '.linux.resources.memory = {limit: 16777216, swap: 16777216}
		| sh("read line </gate; head -c 60000000 /dev/zero | tail >/dev/null; exec sleep 1000")'
	mkfifo bundle/rootfs/gate
	cooper_quietly run --detach --bundle bundle one
	start "$COOPER_BIN/cooper" events --interval 1h one
	wait_until is_watching "$PID"
	echo go >bundle/rootfs/gate
	await_output '"type":"oom"'
	[[ $(head -n 1 out | jq -r '.id, .type, has("data")' | xargs) == "one oom false" ]]
	# (The kernel may have taken the shell, too, while the memory was not free yet.)
	cooper kill one KILL || wait_until has_status one stopped
	await_exit
	[[ $STATUS -eq 0 ]]
	[[ $(jq -r .type out | sort -u) == oom ]]
}

# is_watching PID: it waits in poll.
is_watching() {
	grep -qE 'anon_inode:(\[eventfd\]|inotify)' <(find "/proc/$1/fd" -printf '%l\n') &&
		grep -q poll "/proc/$1/wchan" "/proc/$1/stack"
}

@test "events: errors" {
	run_detached one
	local duration
	for duration in 0s 5 5x -1s; do
		fails "--interval: expected a duration greater than 0, such as 5s, 100ms or 1m30s, found \"$duration\"" \
			events --interval "$duration" one
	done
	fails 'events two: container "two" does not exist' events --stats two
	cooper kill one KILL
	wait_until has_status one stopped
	fails 'events one: container with id one is not running' events one
}
