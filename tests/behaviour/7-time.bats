# Stage 7: clocks of the container's own.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

readonly CLOCKS='.linux.namespaces += [{type: "time"}] | .linux.timeOffsets = {
	boottime: {secs: 1000000, nanosecs: 5}, monotonic: {secs: 2000000}}'

# offsets_of PID: "monotonic SECONDS NANOSECONDS boottime SECONDS NANOSECONDS"
offsets_of() {
	xargs <"/proc/$1/timens_offsets"
}

time_namespace_of() {
	readlink "/proc/$1/ns/time"
}

@test "timeOffsets: the clocks of a new namespace, for the init and for exec" {
	local pid
	create one "$CLOCKS"
	pid=$(container_pid one)
	# Already here, where it waits: an exec would bring it in, too, on new kernels.
	[[ $(time_namespace_of "$pid") != "$(time_namespace_of $$)" ]]
	cooper start one
	wait_until is_executed one
	[[ $(time_namespace_of "$pid") != "$(time_namespace_of $$)" ]]
	[[ $(readlink "/proc/$pid/ns/time_for_children") == "$(time_namespace_of "$pid")" ]]
	[[ $(offsets_of "$pid") == "monotonic 2000000 0 boottime 1000000 5" ]]
	[[ $(cooper exec one cut -d . -f 1 /proc/uptime) -ge 1000000 ]]
	[[ $(cut -d . -f 1 /proc/uptime) -lt $(cooper exec one cut -d . -f 1 /proc/uptime) ]]
	# What is known of it by the time of its start holds as ever.
	has_status one running
	cooper kill one KILL
	wait_until has_status one stopped
}

# spec: config-linux:namespaces-2 config-linux:namespaces-6
@test "a time namespace without offsets; and none where none is asked for" {
	run_detached one '.linux.namespaces += [{type: "time"}]'
	[[ $(time_namespace_of "$(container_pid one)") != "$(time_namespace_of $$)" ]]
	[[ $(offsets_of "$(container_pid one)") == "monotonic 0 0 boottime 0 0" ]]
	run_detached two
	[[ $(time_namespace_of "$(container_pid two)") == "$(time_namespace_of $$)" ]]
}

@test "timeOffsets in a user namespace" {
	chmod 755 .
	run_detached one "$CLOCKS"' | .linux.namespaces += [{type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: 200000, size: 10}]
		| .linux.gidMappings = .linux.uidMappings'
	[[ $(offsets_of "$(container_pid one)") == "monotonic 2000000 0 boottime 1000000 5" ]]
}

@test "a time namespace joined by its path" {
	start_in_namespaces --time --fork --boottime 3000000
	run_detached one ".linux.namespaces += [{type: \"time\", path: \"/proc/$OTHER/ns/time\"}]"
	[[ $(time_namespace_of "$(container_pid one)") == "$(time_namespace_of "$OTHER")" ]]
	[[ $(cooper exec one cut -d . -f 1 /proc/uptime) -ge 3000000 ]]
	bundle_make bundle ".linux.namespaces += [{type: \"time\", path: \"/proc/$OTHER/ns/uts\"}]"
	fails 'create two: linux.namespaces[6].path: expected a time namespace, found a uts namespace: ' \
		create --bundle bundle two
}

@test "timeOffsets that cannot be are errors before anything is made" {
	local error filter
	while IFS=$'\t' read -r error filter; do
		bundle_make bundle "$CLOCKS | $filter"
		fails "create one: $error" create --bundle bundle one
		[[ ! -e /run/cooper ]]
	done <<-END
		config.json: linux.timeOffsets: linux.namespaces needs one of type time	without("time")
		config.json: linux.timeOffsets: the time namespace "/proc/1/ns/time"	.linux.namespaces[6].path = "/proc/1/ns/time"
		config.json: linux.timeOffsets.boottime.nanosecs: 	.linux.timeOffsets.boottime.nanosecs = 1000000000
		linux.timeOffsets.monotonic.secs: -9000000000: 	.linux.timeOffsets.monotonic.secs = -9000000000
		linux.timeOffsets.boottime.secs: 9000000000000: 	.linux.timeOffsets.boottime.secs = 9000000000000
	END
}

@test "--explain counts on in a time namespace" {
	bundle_make bundle "$CLOCKS | command([\"true\"])"
	cooper --explain run --bundle bundle one 2>steps
	grep -q 'timeOffsets.boottime' steps
	[[ $(grep -c 'init' steps) -gt 5 ]]
	# Far below the offset, and above 0.
	awk '$2 == "µs" && ($1 < 0 || $1 > 600000000) { wrong = 1 } END { exit wrong }' steps
}
