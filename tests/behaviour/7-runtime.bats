# Stage 7, cooper: the life of a container, command by command.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# --- create, start, kill, delete --------------------------------------------------------------

# spec: runtime:scope-of-a-container-1 runtime:lifecycle-4 runtime:lifecycle-14 runtime:lifecycle-17
# spec: runtime:operations-1 runtime:query-state-2 runtime:query-state-3 runtime:create-4
# spec: runtime:create-6 runtime:start-4 runtime:kill-4 runtime:delete-4
@test "a life: created, running, stopped, deleted" {
	local pid
	create one 'sh("echo has run >/made; exec sleep 1000")'
	[[ ! -s out && ! -s err ]]
	has_status one created
	pid=$(container_pid one)
	[[ -d /proc/$pid && ! -e bundle/rootfs/made ]]
	run -0 cooper start one
	[[ -z $output ]]
	has_status one running
	[[ $(container_pid one) == "$pid" ]]
	wait_until is_executed one
	[[ $(<bundle/rootfs/made) == "has run" ]]
	run -0 cooper kill one KILL
	wait_until has_status one stopped
	[[ $(container_state one pid) == 0 ]]
	run -0 cooper delete one
	[[ -z $output && ! -e /run/cooper/one ]]
	fails 'state one: container "one" does not exist' state one
}

@test "a container whose command ends by itself is stopped" {
	create one 'sh("exit 3")'
	cooper start one
	wait_until has_status one stopped
	cooper delete one
}

# spec: runtime:lifecycle-1 runtime:lifecycle-3 runtime:create-5
@test "create: the process waits in the container, with nothing of it executed" {
	local pid
	create one '.hostname = "cask" | .process.user.uid = 1000'
	pid=$(container_pid one)
	[[ "/proc/$pid/exe" -ef "$COOPER_BIN/cooper" ]]
	[[ $(mount_of "$pid" / root) == */bundle/rootfs ]]
	[[ $(status_of "$pid" Uid) == "1000 1000 1000 1000" ]]
	[[ $(nsenter --uts="/proc/$pid/ns/uts" uname -n) == cask ]]
	[[ $(status_of "$pid" NSpid) == "$pid 1" ]]
}

# spec: runtime-linux:file-descriptors-1
@test "create: the waiting process outlives its creator, and holds nothing of it open" {
	bundle_make bundle
	exec {held}<"$BATS_TEST_FILENAME"
	cooper_quietly create --bundle bundle one
	exec {held}<&-
	wait_until is_orphan "$(container_pid one)"
	cooper start one
	wait_until is_executed one
	[[ $(cd "/proc/$(container_pid one)/fd" && echo *) == "0 1 2" ]]
}

# spec: runtime:lifecycle-5
@test "create: the config is the one of that moment" {
	create one 'sh("echo first >/made; exec sleep 1000")'
	bundle_change bundle 'sh("echo second >/made; exec sleep 1000")'
	cooper start one
	wait_until is_executed one
	[[ $(<bundle/rootfs/made) == first ]]
}

@test "create: the bundle is the working directory when none is given" {
	bundle_make bundle
	(cd bundle && cooper_quietly create one)
	[[ $(container_state one bundle) == "$TEST_DIR/bundle" ]]
}

# spec: runtime:start-2 runtime:start-3
@test "a second start fails, and so does one of a stopped container" {
	create one
	cooper start one
	fails 'start one: cannot start a container in the running state' start one
	wait_until is_executed one
	cooper kill one KILL
	wait_until has_status one stopped
	fails 'start one: cannot start a container in the stopped state' start one
	fails 'start two: container "two" does not exist' start two
}

# spec: runtime:start-3
@test "start of a created container whose process was killed fails" {
	create one
	kill -KILL "$(container_pid one)"
	wait_until has_status one stopped
	fails 'start one: cannot start' start one
}

# spec: runtime:delete-2 runtime:delete-3 runtime:delete-6
@test "delete: a running one is refused, a created one goes" {
	local pid
	create one
	pid=$(container_pid one)
	cooper delete one
	wait_until gone "$pid"
	[[ ! -e /run/cooper/one ]]
	run_detached one
	fails 'delete one: cannot delete container "one" that is not stopped: running' delete one
	has_status one running
	pid=$(container_pid one)
	cooper delete --force one
	wait_until gone "$pid"
	fails 'delete one: container "one" does not exist' delete one
	run -0 --separate-stderr cooper delete --force one
	[[ -z $stderr ]]
}

# spec: runtime:delete-4
@test "delete removes the cgroup, with all that still runs in it" {
	local cgroup
	run_detached one 'without("pid") | command(["sh", "-c", "setsid sleep 3000 & exec sleep 1000"])'
	cgroup=$(cgroup_of "$(container_pid one)" memory)
	wait_until pgrep -x -f 'sleep 3000'
	[[ -d $cgroup ]]
	cooper kill one KILL
	wait_until has_status one stopped
	cooper delete one
	[[ ! -e $cgroup ]]
	wait_until not pgrep -x -f 'sleep 3000'
}

# spec: runtime:kill-3 runtime:kill-4
@test "kill: signals by name and by number" {
	local signal expected
	bundle_make bundle 'command(["signal-count"])'
	cp "$COOPER_BIN/signal-count" bundle/rootfs/bin
	cooper_quietly create --bundle bundle one
	cooper start one
	await_output ready
	for signal in USR1 SIGUSR2 hup 2 sigquit; do
		case $signal in
		USR1) expected=SIGUSR1 ;; SIGUSR2) expected=SIGUSR2 ;; hup) expected=SIGHUP ;;
		2) expected=SIGINT ;; *) expected=SIGQUIT ;;
		esac
		cooper kill one "$signal"
		await_output "$expected"
	done
	fails 'kill one: unknown signal "NOSUCH"' kill one NOSUCH
	fails 'kill one: signal: ' kill one 1000
	# Without a name it is TERM.
	cooper kill one
	wait_until has_status one stopped
	printf '%s\n' ready SIGUSR1 SIGUSR2 SIGHUP SIGINT SIGQUIT SIGTERM | diff - out
	fails 'kill one: container not running: it is stopped' kill one TERM
	fails 'kill two: container "two" does not exist' kill two
}

@test "kill: a created container can be killed, too" {
	create one
	cooper kill one KILL
	wait_until has_status one stopped
}

@test "kill --all reaches every process of the container" {
	run_detached one 'without("pid") | command(["sh", "-c", "setsid sleep 3000 & exec sleep 1000"])'
	wait_until pgrep -x -f 'sleep 3000'
	cooper kill --all one TERM
	wait_until not pgrep -x -f 'sleep 3000'
	wait_until has_status one stopped
}

# --- ids --------------------------------------------------------------------------------------

# spec: runtime:create-2 runtime:create-3
@test "ids that cannot be are refused, and make nothing" {
	local id
	bundle_make bundle
	for id in a/b ../x / . .. '' 'a b' $'a\nb' "$(printf 'x%.0s' {1..300})"; do
		for verb in 'create --bundle bundle' 'run --bundle bundle' state start kill 'delete --force'; do
			# shellcheck disable=SC2086 # words
			run -1 --separate-stderr cooper $verb "$id"
			is_one_error "cooper: ${verb%% *} "
			[[ ${stderr_lines[0]} == *': invalid container id "'* ]]
		done
	done
	[[ ! -e /run/cooper ]]
	id=$(printf 'x%.0s' {1..255})
	cooper_quietly create --bundle bundle "$id"
	cooper delete "$id"
	cooper_quietly create --bundle bundle a.b_c+d-E9
	has_status a.b_c+d-E9 created
}

# spec: runtime:state-3 runtime:create-2 runtime:create-3
@test "an id that is taken is refused, and its container left alone" {
	create one
	fails 'create one: container with id "one" already exists' create --bundle bundle one
	fails 'run one: container with id "one" already exists' run --bundle bundle one
	has_status one created
	cooper start one
	wait_until is_executed one
}

# spec: runtime:state-3
@test "two creates of one id at once: exactly one wins" {
	local pids pid status wins
	bundle_make bundle
	for _ in 1 2 3 4 5; do
		pids=() wins=0
		for _ in 1 2 3 4; do
			cooper create --bundle bundle one >>out 2>&1 3>&- &
			pids+=($!)
		done
		for pid in "${pids[@]}"; do
			status=0
			wait "$pid" || status=$?
			[[ $status -ne 0 ]] || wins=$((wins + 1))
		done
		[[ $wins -eq 1 ]]
		has_status one created
		cooper delete --force one
		no_cgroup_named "one-"
	done
	[[ $(grep -c 'container with id "one" already exists' out) -eq 15 ]]
}

# --- start ------------------------------------------------------------------------------------

@test "start: when the command cannot be executed after all, start says so" {
	bundle_make bundle 'command(["/tool"])'
	printf '#!/bin/sh\n' >bundle/rootfs/tool
	chmod 755 bundle/rootfs/tool
	cooper_quietly create --bundle bundle one
	rm bundle/rootfs/tool
	fails 'start one: process.args: execve: /tool: no such file or directory' start one
	has_status one stopped
	cooper delete one
}

@test "start: the command runs when start returns" {
	create one
	cooper start one
	is_executed one
}

@test "start: an init that a signal has stopped is not waited for" {
	local pid
	create one
	pid=$(container_pid one)
	kill -STOP "$pid"
	fails "start one: the container's init is stopped by a signal" start one
	has_status one created
	kill -CONT "$pid"
	cooper start one
	is_executed one
}

@test "start: an init that was killed is not waited for" {
	create one
	cooper kill one KILL
	wait_until has_status one stopped
	fails 'start one: cannot start a container in the stopped state' start one
}

# --- spec, version, usage ---------------------------------------------------------------------

@test "spec writes a config that runs, and never over another" {
	mkdir bundle
	rootfs_make bundle/rootfs
	cooper spec --bundle bundle
	bundle_change bundle '.process.terminal = false | sh("id -u; touch /x")'
	run -1 --separate-stderr cooper run --bundle bundle one
	[[ $output == 0 && $stderr == *"Read-only file system"* ]]
	fails 'spec: open: make config.json in bundle: File exists' spec --bundle bundle
	(cd bundle && rm config.json && cooper spec)
	jq -e .ociVersion bundle/config.json
}

@test "--version, --help, and wrong usage" {
	run -0 cooper --version
	[[ ${lines[0]} =~ ^cooper\ version\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	run -0 --separate-stderr cooper --help
	[[ $output == *"  create "* && $output == *--root\ DIR* && -z $stderr ]]
	[[ -z $(awk 'length > 80' <<<"$output") ]]
	run -0 cooper create --help
	[[ $output == *--console-socket\ SOCKET* && -z $(awk 'length > 80' <<<"$output") ]]
	run -1 cooper
	run -1 cooper no-such-command
	[[ ${lines[0]} == "cooper: no-such-command: no such command" ]]
	run -1 cooper start
	run -1 cooper start one two
	run -1 cooper start --no-such-flag one
	run -1 cooper list extra
}

@test "--explain tells the steps of create and of the init" {
	bundle_make bundle '.hostname = "cask"'
	cooper_quietly --explain create --bundle bundle one
	grep -q 'clone3: a child in new namespaces: mnt pid uts ipc net$' err
	grep -q 'sethostname: cask  \[hostname\]$' err
	grep -q 'mkdir: claim the id one$' err
}

# spec: runtime:start-5 config:process-1
@test "a config without a process: create, but not start; run does not" {
	bundle_make bundle 'del(.process)'
	cooper_quietly create --bundle bundle one
	has_status one created
	fails 'start one: the container was created without a process' start one
	has_status one created
	cooper delete one
	fails 'run one: config.json: process: missing' run --bundle bundle one
}

@test "--no-pivot: the host's files are out of sight all the same" {
	bundle_make bundle 'sh("ls -A /; grep -c . /proc/self/mountinfo")'
	run -0 --separate-stderr cooper run --no-pivot --no-subreaper --bundle bundle one
	[[ $(ls -A bundle/rootfs) == "$(head -n -1 <<<"$output")" && -z $stderr ]]
	[[ $(cooper --explain run --no-pivot --bundle bundle one 2>&1) == *"mount: move the new root"* ]]
}
