# Stage 7: what a container gets of the processors, the disks and the memory nodes, and which machine
# it sees.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	# (What a test has made, and no container has taken over.)
	rmdir /sys/fs/cgroup/cpu/"$RT_CGROUP" 2>/dev/null || true
	test_teardown
}

setup() {
	RT_CGROUP=cooper-test-rt-$BATS_TEST_NUMBER-$$
	test_setup
}

# stat_of PID FIELD: of /proc/PID/stat, counted as in proc_pid_stat(5).
stat_of() {
	sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f "$(($2 - 2))"
}

# scheduling_of PID: "POLICY NICE PRIORITY", in numbers.
scheduling_of() {
	echo "$(stat_of "$1" 41) $(stat_of "$1" 19) $(stat_of "$1" 40)"
}

# real_time_cgroup: a filter for a container that may run in real time. In v1 that takes a share of
# it, which a new cgroup does not have.
real_time_cgroup() {
	local dir=/sys/fs/cgroup/cpu/$RT_CGROUP
	if [[ ! -e /sys/fs/cgroup/cpu/cpu.rt_runtime_us ]]; then
		echo .
		return
	fi
	mkdir "$dir"
	echo 10000 >"$dir/cpu.rt_runtime_us"
	echo ".linux.cgroupsPath = \"/$RT_CGROUP\""
}

# --- the scheduler ----------------------------------------------------------------------------

@test "scheduler: the policies that go by turns, with their nice values; also for exec" {
	run_detached one '.process.scheduler = {policy: "SCHED_BATCH", nice: 5}'
	[[ $(scheduling_of "$(container_pid one)") == "3 5 0" ]]
	# A process of exec is one of its own.
	jq '.process | .scheduler = {policy: "SCHED_IDLE"} | .args = ["cat", "/proc/self/stat"]' \
		bundle/config.json >process
	[[ $(cooper exec --process process one | sed 's/.*) //' | cut -d ' ' -f 39) == 5 ]]
	[[ $(cooper exec one cat /proc/self/stat | sed 's/.*) //' | cut -d ' ' -f 39) == 3 ]]
	run_detached two '.process.scheduler = {policy: "SCHED_OTHER", nice: -7}'
	[[ $(scheduling_of "$(container_pid two)") == "0 -7 0" ]]
}

@test "scheduler: real time, with a flag" {
	run_detached one '.process.scheduler = {policy: "SCHED_FIFO", priority: 3,
		flags: ["SCHED_FLAG_RESET_ON_FORK"]} |'"$(real_time_cgroup)"
	[[ $(chrt -p "$(container_pid one)") == *'SCHED_FIFO|SCHED_RESET_ON_FORK'*': 3' ]]
	cooper delete --force one
	run_detached two '.process.scheduler = {policy: "SCHED_RR", priority: 7} |'"$(real_time_cgroup)"
	[[ $(scheduling_of "$(container_pid two)") == "2 0 7" ]]
}

@test "scheduler: deadlines" {
	run_detached one '.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 50000000,
		deadline: 80000000, period: 100000000}'
	[[ $(chrt -p "$(container_pid one)") == *SCHED_DEADLINE*50000000/80000000/100000000* ]]
}

# What root inside may not ask for, the runtime does.
@test "scheduler, ioPriority, oomScoreAdj: in a user namespace, too" {
	local users='.linux.namespaces += [{type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: 200000, size: 2000}]
		| .linux.gidMappings = .linux.uidMappings'
	chmod 755 .
	run_detached one "$users"' | .process.scheduler = {policy: "SCHED_OTHER", nice: -5}
		| .process.ioPriority = {class: "IOPRIO_CLASS_RT", priority: 2}
		| .process.oomScoreAdj = 123 | .process.user.uid = 1000'
	[[ $(scheduling_of "$(container_pid one)") == "0 -5 0" ]]
	[[ $(ionice -p "$(container_pid one)") == "realtime: prio 2" ]]
	[[ $(<"/proc/$(container_pid one)/oom_score_adj") == 123 ]]
	cooper exec --user 0 one cat /proc/self/stat >stat
	[[ $(sed 's/.*) //' stat | cut -d ' ' -f 17) == -5 ]]
}

@test "scheduler: what the kernel would refuse, or bend, is an error of the config" {
	local property filter
	while IFS=$'\t' read -r property filter; do
		bundle_make bundle ".process.scheduler = {policy: \"SCHED_OTHER\"} | $filter"
		fails "create one: ${property/#process.scheduler/config.json: process.scheduler}: " \
			create --bundle bundle one
		[[ ! -e /run/cooper ]]
	done <<-END
		process.scheduler.nice	.process.scheduler.nice = 20
		process.scheduler.nice	.process.scheduler.nice = -21
		process.scheduler.priority	.process.scheduler.priority = 1
		process.scheduler.priority	.process.scheduler.policy = "SCHED_FIFO"
		process.scheduler.priority	.process.scheduler = {policy: "SCHED_RR", priority: 100}
		process.scheduler.runtime	.process.scheduler.runtime = 5000
		process.scheduler.period	.process.scheduler.period = 5000
		process.scheduler.runtime	.process.scheduler = {policy: "SCHED_DEADLINE"}
		process.scheduler.deadline	.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 5000, deadline: 4000}
		process.scheduler.period	.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 5000, deadline: 6000, period: 5500}
		process.scheduler.flags	.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 5000, deadline: 6000} | .hooks.startContainer = [{path: "/bin/true"}]
	END
	bundle_make bundle '.process.scheduler = {policy: "SCHED_ISO"}'
	fails 'create one: process.scheduler.policy: this kernel does not have SCHED_ISO' \
		create --bundle bundle one
	[[ ! -e /run/cooper ]]
}

@test "scheduler: a refusal of the kernel says what to do, and leaves nothing" {
	# Longer than /proc/sys/kernel/sched_deadline_period_max_us.
	bundle_make bundle '.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 5000000,
		deadline: 60000000000}'
	run -1 --separate-stderr cooper create --bundle bundle one
	is_one_error 'cooper: create one: process.scheduler: sched_setattr: SCHED_DEADLINE'
	[[ $stderr == *"  hint: "* ]]
	[[ -z $(ls -A /run/cooper) ]]
	no_cgroup_named "one-"
}

# --- disks ------------------------------------------------------------------------------------

@test "ioPriority: of the container's processes, and of nobody else" {
	local before
	before=$(ionice -p $$)
	run_detached one '.process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 6}
		| sh("sleep 2000 & exec sleep 1000")'
	[[ $(ionice -p "$(container_pid one)") == "best-effort: prio 6" ]]
	[[ $(ionice -p "$(pgrep -P "$(container_pid one)")") == "best-effort: prio 6" ]]
	[[ $(ionice -p $$) == "$before" ]]
	run_detached two '.process.ioPriority = {class: "IOPRIO_CLASS_IDLE", priority: 0}'
	[[ $(ionice -p "$(container_pid two)") == idle ]]
	bundle_make bundle '.process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 8}'
	fails 'create three: config.json: process.ioPriority.priority: ' create --bundle bundle three
}

# --- processors -------------------------------------------------------------------------------

@test "execCPUAffinity: for exec, before it enters and after, and not for the init" {
	local last=$(($(nproc --all) - 1)) all
	all=$(status_of $$ Cpus_allowed_list)
	run_detached one ".process.execCPUAffinity = {initial: \"$last\", final: \"0\"}"
	[[ $(status_of "$(container_pid one)" Cpus_allowed_list) == "$all" ]]
	start "$COOPER_BIN/cooper" exec one sleep 3000
	wait_until pgrep -x -f 'sleep 3000'
	[[ $(status_of "$PID" Cpus_allowed_list) == "$last" ]]
	[[ $(status_of "$(pgrep -x -f 'sleep 3000')" Cpus_allowed_list) == 0 ]]
}

@test "execCPUAffinity: no list, and processors that are not there, are errors" {
	bundle_make bundle '.process.execCPUAffinity = {final: "1-0"}'
	fails 'create one: config.json: process.execCPUAffinity.final: expected a list' \
		create --bundle bundle one
	run_detached one '.process.execCPUAffinity = {final: "8191"}'
	run -255 --separate-stderr cooper exec one true
	is_one_error 'cooper: exec one: process.execCPUAffinity.final: sched_setaffinity: '
	[[ $(pgrep -c -P "$(container_pid one)") -eq 0 ]]
}

# --- memory nodes -----------------------------------------------------------------------------

@test "memoryPolicy: mode, nodes and flags, also for exec" {
	run_detached one '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0",
		flags: ["MPOL_F_STATIC_NODES"]}'
	grep -q ' bind=static:0 ' "/proc/$(container_pid one)/numa_maps"
	cooper exec one cat /proc/self/numa_maps | grep -q ' bind=static:0 '
	run_detached two '.linux.memoryPolicy = {mode: "MPOL_INTERLEAVE", nodes: "0-3"}'
	grep -q ' interleave:0 ' "/proc/$(container_pid two)/numa_maps"
	run_detached three '.linux.memoryPolicy = {mode: "MPOL_LOCAL"}'
	grep -q ' local ' "/proc/$(container_pid three)/numa_maps"
}

@test "memoryPolicy: what the kernel would refuse is an error before anything is made" {
	local error filter
	while IFS=$'\t' read -r error filter; do
		bundle_make bundle ".linux.memoryPolicy = $filter"
		fails "create one: $error" create --bundle bundle one
		[[ ! -e /run/cooper ]]
	done <<-END
		config.json: linux.memoryPolicy.mode: missing	{nodes: "0"}
		config.json: linux.memoryPolicy.nodes: MPOL_BIND needs	{mode: "MPOL_BIND"}
		config.json: linux.memoryPolicy.nodes: MPOL_LOCAL takes none	{mode: "MPOL_LOCAL", nodes: "0"}
		config.json: linux.memoryPolicy.nodes: expected a list	{mode: "MPOL_BIND", nodes: "a"}
		config.json: linux.memoryPolicy.flags: 	{mode: "MPOL_BIND", nodes: "0", flags: ["MPOL_F_STATIC_NODES", "MPOL_F_RELATIVE_NODES"]}
		config.json: linux.memoryPolicy.flags: 	{mode: "MPOL_INTERLEAVE", nodes: "0", flags: ["MPOL_F_NUMA_BALANCING"]}
		linux.memoryPolicy.nodes: this machine has none	{mode: "MPOL_BIND", nodes: "1000-1001"}
	END
}

# --- the machine ------------------------------------------------------------------------------

@test "personality: a machine of 32 bits, also for exec" {
	run_detached one '.linux.personality = {domain: "LINUX32"}'
	[[ $(<"/proc/$(container_pid one)/personality") == 00000008 ]]
	[[ $(cooper exec one uname -m) == i686 ]]
	bundle_make bundle '.linux.personality = {domain: "LINUX"} | command(["uname", "-m"])'
	[[ $(cooper run --bundle bundle two) == "$(uname -m)" ]]
	bundle_make bundle '.linux.personality = {domain: "LINUX", flags: ["ADDR_NO_RANDOMIZE"]}'
	fails 'create three: config.json: linux.personality.flags[0]: ' create --bundle bundle three
}
