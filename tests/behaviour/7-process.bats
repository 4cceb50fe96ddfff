# Stage 7: what the container's process may do, and its terminal.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# --- privileges -------------------------------------------------------------------------------

# capability_sets PID: "INHERITABLE PERMITTED EFFECTIVE BOUNDING AMBIENT", as numbers.
capability_sets() {
	local set
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		printf '%x ' $((0x$(status_of "$1" $set)))
	done
}

# spec: config:linux-process-9
@test "capabilities: exactly the sets that are listed, for root" {
	# CAP_KILL is bit 5, CAP_NET_BIND_SERVICE 10, CAP_SYS_CHROOT 18.
	run_detached one '.process.capabilities = {bounding: ["CAP_KILL", "CAP_NET_BIND_SERVICE"],
		permitted: ["CAP_KILL", "CAP_NET_BIND_SERVICE"], effective: ["CAP_KILL"]}'
	# (An exec by root gives it the whole bounding set.)
	[[ $(capability_sets "$(container_pid one)") == "0 420 420 420 0 " ]]
	create two '.process.capabilities = {bounding: ["CAP_KILL", "CAP_NET_BIND_SERVICE"],
		permitted: ["CAP_KILL", "CAP_NET_BIND_SERVICE"], effective: ["CAP_KILL"]}'
	[[ $(capability_sets "$(container_pid two)") == "0 420 20 420 0 " ]]
}

# spec: config:linux-process-9
@test "capabilities: for a user only the ambient ones outlive the exec" {
	run_detached one '.process.user.uid = 1000 | (["CAP_KILL", "CAP_SYS_CHROOT"] as $all
		| .process.capabilities = {bounding: $all, permitted: $all, effective: $all,
			inheritable: $all, ambient: ["CAP_SYS_CHROOT"]})'
	[[ $(capability_sets "$(container_pid one)") == "40020 40000 40000 40020 40000 " ]]
}

@test "capabilities: none listed, none there" {
	run_detached one
	[[ $(capability_sets "$(container_pid one)") == "0 0 0 0 0 " ]]
	run_detached two '.process.capabilities = {} | .process.user.uid = 1000'
	[[ $(capability_sets "$(container_pid two)") == "0 0 0 0 0 " ]]
}

# spec: config:linux-process-1 config:linux-process-2 runtime:warnings-1
@test "capabilities: an unknown name is a warning" {
	run_detached one '.process.capabilities.bounding = ["CAP_KILL", "CAP_OF_TOMORROW"]'
	[[ $(<err) == 'cooper: warning: process.capabilities.bounding[1]: '*CAP_OF_TOMORROW* ]]
	[[ $(wc -l <err) -eq 1 ]]
}

# spec: config:linux-process-1 config:linux-process-2
@test "capabilities: one that the runtime does not have itself is a warning" {
	bundle_make bundle '["CAP_KILL", "CAP_SYS_TIME"] as $all | .process.capabilities
		= {bounding: $all, permitted: $all, effective: $all, inheritable: $all, ambient: $all}
		| sh("grep ^CapEff /proc/self/status")'
	run -0 --separate-stderr setpriv --bounding-set -sys_time --inh-caps -sys_time --ambient-caps -all \
		"$COOPER_BIN/cooper" run --bundle bundle one
	[[ $output == *0000000000000020 && $(wc -l <<<"$stderr") -eq 1 ]]
	[[ $stderr == "cooper: warning: process.capabilities.bounding[1]: CAP_SYS_TIME: this process does not have it itself; passed over" ]]
	# In a user namespace a process has them all.
	bundle_change bundle '.linux.namespaces += [{type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: 0, size: 1}] | .linux.gidMappings = .linux.uidMappings'
	run -0 --separate-stderr setpriv --bounding-set -sys_time --inh-caps -sys_time --ambient-caps -all \
		"$COOPER_BIN/cooper" run --bundle bundle one
	[[ $output == *0000000002000020 && -z $stderr ]]
}

# spec: config:linux-process-1 config:linux-process-2
@test "capabilities: one that another set lacks is a warning" {
	bundle_make bundle '.process.user = {uid: 5, gid: 5} | .process.capabilities = {bounding: ["CAP_KILL", "CAP_CHOWN"],
		permitted: ["CAP_KILL"], effective: ["CAP_CHOWN"], ambient: ["CAP_KILL"]}
		| sh("grep ^Cap /proc/self/status | cut -f2")'
	run -0 --separate-stderr cooper run --bundle bundle one
	[[ $(xargs <<<"$output") == "0000000000000000 0000000000000000 0000000000000000 0000000000000021 0000000000000000" ]]
	[[ ${stderr_lines[0]} == *"capabilities.effective[0]: CAP_CHOWN: it is not in permitted; passed over" ]]
	[[ ${stderr_lines[1]} == *"capabilities.ambient[0]: CAP_KILL: it is not in inheritable; passed over" ]]
}

# spec: config:linux-process-10
@test "noNewPrivileges" {
	run_detached one '.process.noNewPrivileges = true'
	[[ $(status_of "$(container_pid one)" NoNewPrivs) == 1 ]]
	run_detached two
	[[ $(status_of "$(container_pid two)" NoNewPrivs) == 0 ]]
}

# spec: config:linux-process-3
@test "oomScoreAdj, also for a process that is not root" {
	run_detached one '.process.oomScoreAdj = 321 | .process.user.uid = 1000'
	[[ $(<"/proc/$(container_pid one)/oom_score_adj") == 321 ]]
}

# --- the terminal -----------------------------------------------------------------------------

sleeper_runs() {
	[[ $(status_of "$(pgrep -x -f 'sleep 1000')" State) == S* ]]
}

# spec: config:process-8
@test "run with a terminal: a shell with job control; the terminal is as before" {
	bundle_make bundle '.process.terminal = true | command(["sh"]) | .process.env += ["PS1=inside:"]'
	pty_start "stty -a >before; $COOPER_BIN/cooper run --bundle bundle one; echo status \$?; stty -a >after"
	pty_await 'inside:'
	pty_type 'sleep 1000\n'
	wait_until pgrep -x -f 'sleep 1000'
	pty_type '\032'
	pty_await Stopped
	pty_type 'fg\n'
	wait_until sleeper_runs
	pty_type '\003'
	wait_until not pgrep -x -f 'sleep 1000'
	pty_type 'exit 7\n'
	pty_await 'status 7'
	await_exit
	diff before after
	not grep -q 'job control turned off' screen
}

@test "run with a terminal: the size of the window, and its changes" {
	bundle_make bundle '.process.terminal = true | command(["sh"]) | .process.env += ["PS1=inside:"]'
	pty_start "stty rows 33 cols 77; tty >name; $COOPER_BIN/cooper run --bundle bundle one"
	pty_await 'inside:'
	pty_type 'stty size\n'
	pty_await '^33 77'
	stty rows 44 cols 88 <"$(<name)"
	wait_until window_is_wide
	pty_type 'exit\n'
	await_exit
}

window_is_wide() {
	pty_type 'stty size\n'
	grep -q '^44 88' screen
}

@test "a shell whose terminal window is closed comes to its end" {
	bundle_make bundle '.process.terminal = true | command(["sh"]) | .process.env += ["PS1=inside:"]'
	pty_start "$COOPER_BIN/cooper run --bundle bundle one; true"
	pty_await 'inside:'
	kill -KILL "$PID"
	wait_until test ! -e /run/cooper/one
}

@test "--console-socket: the terminal goes to who listens there" {
	bundle_make bundle '.process.terminal = true | sh("tty; exec sleep 1000")'
	start "$COOPER_BIN/console-receiver" socket
	wait_until test -S socket
	# (Not quietly: out is the receiver's.)
	cooper create --bundle bundle --console-socket socket one </dev/null >created 2>&1 3>&-
	[[ ! -s created ]]
	cooper start one
	await_output '^/dev/pts/0'
	[[ $(readlink "/proc/$(container_pid one)/fd/0") == /dev/pts/0 ]]
	cooper kill one KILL
	await_exit
	[[ $STATUS -eq 0 ]]
}

@test "--console-socket: errors leave nothing" {
	bundle_make bundle '.process.terminal = true'
	run -1 --separate-stderr cooper create --bundle bundle one
	is_one_error 'cooper: create one: process.terminal: true, but nobody is there to take the terminal'
	run -1 --separate-stderr cooper create --bundle bundle --console-socket no-socket one
	is_one_error 'cooper: create one: --console-socket: connect: the socket no-socket: No such file or directory'
	bundle_make bundle
	run -1 --separate-stderr cooper create --bundle bundle --console-socket socket one
	is_one_error 'cooper: create one: process.terminal: false, so there is nothing to send to --console-socket'
	[[ -z $(ls -A /run/cooper) ]]
	no_cgroup_named "one-"
}

# --- signals ----------------------------------------------------------------------------------

@test "signals that the caller ignores or blocks are not the container's to ignore" {
	bundle_make bundle 'command(["cat", "/proc/self/status"])'
	run -0 env --ignore-signal=PIPE,TERM,HUP,USR1 --block-signal=INT "$COOPER_BIN/cooper" run --bundle bundle one
	# (The two that a C library keeps for itself cannot be changed by another.)
	[[ $((0x$(awk '$1 == "SigIgn:" { print $2 }' <<<"$output") & ~0x180000000)) -eq 0 ]]
	[[ $(awk '$1 == "SigBlk:" { print $2 }' <<<"$output") == 0000000000000000 ]]
}
