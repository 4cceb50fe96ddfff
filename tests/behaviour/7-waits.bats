# Stage 7: nothing keeps cooper waiting for ever: no hook, no process that does not move, no listener.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	pgrep -x -f 'sleep 200[12]' | xargs -r kill -KILL || true
	containers_remove
	test_teardown
}

# --- hooks ------------------------------------------------------------------------------------

# A hook of each kind that never ends, and has a child of its own.
hanging() {
	bundle_make bundle
	bundle_change bundle ".hooks = {} | .hooks.$1 = [hook(\"exec >/dev/null 2>&1 3>&-; { echo ready >$TEST_DIR/reached; } 2>/dev/null || \
		echo ready >/reached; sleep 2001 & sleep 2001\") ${2:-}]"
	rm -f reached bundle/rootfs/reached
}

is_reached() {
	[[ -s reached || -s bundle/rootfs/reached ]]
}

# hang KIND COMMAND...: starts the command, which comes as far as the hook.
hang() {
	hanging "$1"
	[[ $2 != start ]] || cooper_quietly create --bundle bundle one
	start "$COOPER_BIN/cooper" "${@:2}"
	wait_until is_reached
}

# nothing_left: of the container, and of the hook.
nothing_left() {
	wait_until not pgrep -x -f 'sleep 2001'
	[[ -z $(ls -A /run/cooper) ]]
	no_cgroup_named "one-"
}

@test "a hook that hangs: others get at the container, and delete --force ends all of it" {
	local kind
	for kind in prestart createRuntime createContainer; do
		hang "$kind" create --bundle bundle one
		fails 'delete one: cannot delete container "one" that is not stopped: creating' delete one
		fails 'kill one: container not running: it is creating' kill one
		fails 'start one: cannot start a container in the creating state' start one
		cooper delete --force one
		await_exit
		[[ $STATUS -eq 1 && $(wc -l <err) -eq 1 && $(<err) == "cooper: create one: "* ]]
		nothing_left
	done
	for kind in startContainer poststart; do
		hang "$kind" start one
		has_status one running
		fails 'start one: cannot start a container in the running state' start one
		cooper delete --force one
		await_exit
		[[ $STATUS -eq 1 && $(wc -l <err) -eq 1 && $(<err) == "cooper: start one: "* ]]
		nothing_left
	done
	hang poststart run --bundle bundle one
	cooper delete --force one
	await_exit
	[[ $STATUS -eq 1 && $(<err) == *"hooks.poststart[0]: /bin/sh: the container was deleted meanwhile" ]]
	nothing_left
}

@test "a hook can use any command on its container" {
	bundle_make bundle ".hooks.createRuntime = [hook(\"$COOPER_BIN/cooper update --pids-limit 50 one; true\")]
		| .hooks.poststart = [hook(\"$COOPER_BIN/cooper exec one touch /by-exec && $COOPER_BIN/cooper pause one\")]"
	cooper_quietly create --bundle bundle one
	start "$COOPER_BIN/cooper" start one
	await_exit
	[[ $STATUS -eq 0 && -e bundle/rootfs/by-exec ]]
	has_status one paused
}

@test "at its timeout a hook of any kind is killed with its children" {
	local kind
	for kind in prestart createRuntime createContainer; do
		hanging "$kind" '+ {timeout: 1}'
		run -1 --separate-stderr cooper create --bundle bundle one 3>&-
		is_one_error "cooper: create one: hooks.${kind}[0]: /bin/sh: not done after 1 s; killed"
		nothing_left
	done
	for kind in startContainer poststart; do
		hanging "$kind" '+ {timeout: 1}'
		cooper_quietly create --bundle bundle one
		run -1 --separate-stderr cooper start one 3>&-
		is_one_error "cooper: start one: hooks.${kind}[0]: /bin/sh: not done after 1 s; killed"
		nothing_left
	done
	hanging poststop '+ {timeout: 1}'
	cooper_quietly create --bundle bundle one
	run -0 --separate-stderr cooper delete one 3>&-
	is_one_error 'cooper: warning: delete one: hooks.poststop[0]: /bin/sh: not done after 1 s; killed'
	nothing_left
}

@test "SIGTERM, SIGINT, SIGHUP and SIGQUIT in a hook: the hook and the container go" {
	local kind signal
	for signal in TERM INT HUP QUIT; do
		for kind in createRuntime createContainer; do
			hang "$kind" create --bundle bundle one
			kill -"$signal" "$PID"
			await_exit
			[[ $STATUS -eq 1 && $(wc -l <err) -eq 1 && $(<err) == *"interrupted by SIG$signal" ]]
			nothing_left
		done
	done
	hang poststart start one
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 1 && $(<err) == *"hooks.poststart[0]: interrupted by SIGTERM" ]]
	nothing_left
	hang createRuntime run --bundle bundle one
	kill -HUP "$PID"
	await_exit
	[[ $STATUS -eq 1 ]]
	nothing_left
}

@test "SIGTERM in a poststop hook: the hook goes, and the next one runs" {
	hanging poststop
	bundle_change bundle ".hooks.poststop += [hook(\"echo second >$TEST_DIR/second\")]"
	cooper_quietly create --bundle bundle one
	start "$COOPER_BIN/cooper" delete one
	wait_until is_reached
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 0 && $(<second) == second && $(<err) == *"interrupted by SIGTERM" ]]
	nothing_left
}

@test "a signal that the caller ignores interrupts nothing" {
	hanging createRuntime
	start env --ignore-signal=HUP "$COOPER_BIN/cooper" create --bundle bundle one
	wait_until is_reached
	kill -HUP "$PID"
	has_status one creating
	kill -TERM "$PID"
	await_exit
	[[ $(<err) == *"interrupted by SIGTERM" ]]
	nothing_left
}

@test "a killed cooper takes its hook with it" {
	bundle_make bundle ".hooks.createRuntime = [hook(\"exec >/dev/null 2>&1 3>&-; echo ready >$TEST_DIR/reached; exec sleep 2001\")]"
	start "$COOPER_BIN/cooper" create --bundle bundle one
	wait_until is_reached
	kill -KILL "$PID"
	wait_until not pgrep -x -f 'sleep 2001'
	cooper delete --force one
	nothing_left
}

# --- processes that do not move ---------------------------------------------------------------

# held_by_strace PID
held_by_strace() {
	start strace -f -o /dev/null -p "$1"
	wait_until not grep -q '^TracerPid:[[:space:]]*0$' "/proc/$1/status"
}

@test "an init that is stopped, or traced: it is killed, and deleted" {
	local pid signal
	skip_unless_installed strace
	for signal in CONT STOP; do
		create one
		pid=$(container_pid one)
		kill -"$signal" "$pid"
		held_by_strace "$pid"
		cooper delete --force one
		wait_until gone "$pid"
		no_cgroup_named "one-"
		await_exit
	done
	create one
	pid=$(container_pid one)
	kill -STOP "$pid"
	cooper exec one true
	cooper kill one KILL
	wait_until has_status one stopped
	cooper delete one
}

# --- who listens, or does not -----------------------------------------------------------------

# listen HOW: the socket "socket", and who has it, in PID.
listen() {
	rm -rf socket
	start "$COOPER_BIN/socket-fault" "$1" socket
	await_output ready
}

# console_fails ERROR: of create, and of exec, which is in "two".
console_fails() {
	run -1 --separate-stderr cooper create --bundle bundle --console-socket socket one 3>&-
	is_one_error "cooper: create one: $1"
	[[ ! -e /run/cooper/one ]]
	run -255 --separate-stderr cooper exec --tty --console-socket socket two sleep 2002
	is_one_error "cooper: exec two: $1"
	wait_until not pgrep -x -f 'sleep 2002'
}

@test "a console socket that is none, refuses, is full or is closed: an error, and no process is left" {
	run_detached two
	bundle_change bundle '.process.terminal = true'
	console_fails '--console-socket: connect: the socket socket: No such file or directory'
	touch socket
	console_fails '--console-socket: connect: the socket socket: Connection refused'
	listen refuse
	console_fails '--console-socket: connect: the socket socket: Connection refused'
	listen full
	console_fails '--console-socket: connect: the socket socket: Resource temporarily unavailable'
	has_status two running
}

@test "a console socket that is never read does not hold the container up" {
	listen silent
	bundle_make bundle '.process.terminal = true'
	cooper_quietly create --bundle bundle --console-socket socket one
	cooper start one
	wait_until is_executed one
	cooper exec --detach --tty --console-socket socket one sleep 2002 </dev/null >/dev/null 2>&1 3>&-
	wait_until pgrep -x -f 'sleep 2002'
}

@test "a log that nobody reads, and one on a full disk" {
	bundle_make bundle 'command(["true"])'
	mkfifo log
	fails '--log: open: log: No such device or address' --log log run --bundle bundle one
	exec {reader}<>log
	for _ in 1 2 3; do
		in_time 20 "$COOPER_BIN/cooper" --log log --debug run --bundle bundle one
	done
	exec {reader}<&-
	cooper --log /dev/full --debug run --bundle bundle one
	run -1 --separate-stderr cooper --log /dev/full state one
	is_one_error 'cooper: state one: container "one" does not exist'
}

# full_pipe: the FIFO "pipe", held open by READER, into which nothing goes any more.
full_pipe() {
	mkfifo pipe
	exec {READER}<>pipe
	timeout 1 yes >pipe || true
}

# The command, in PID, or its child.
is_blocked() {
	local pid
	for pid in "$PID" $(pgrep -P "$PID"); do
		! grep -q pipe_write "/proc/$pid/wchan" || return 0
	done
	return 1
}

# blocked_in COMMAND...: cooper, in PID, waits to say something into the full pipe.
blocked_in() {
	"$COOPER_BIN/cooper" "$@" </dev/null >/dev/null 2>pipe 3>&- &
	PID=$!
	STARTED+=("$PID")
	wait_until is_blocked
}

@test "a creator that cannot say its error because nobody reads it: delete --force gets through" {
	local error
	full_pipe
	# Before the init is there, after that, and in the init.
	for error in '.linux.resources.cpu.cpus = "1000"' '.hooks.createRuntime = [hook("exit 3")]' '.process.cwd = "/bin/sh"'; do
		bundle_make bundle "$error"
		blocked_in create --bundle bundle one
		run -0 in_time 15 "$COOPER_BIN/cooper" state one
		run -0 in_time 15 "$COOPER_BIN/cooper" delete --force one
		[[ -z $(ls -A /run/cooper) ]]
		no_cgroup_named "one-"
		kill -KILL "$PID"
		wait_until ended "$PID"
		rm bundle/config.json
	done
	exec {READER}<&-
}

@test "a creator that is killed while nobody reads what it explains: delete --force removes the rest" {
	full_pipe
	bundle_make bundle
	# With room for what comes before the id is claimed, and no more.
	dd if=pipe of=/dev/null bs=4096 count=1 2>/dev/null
	blocked_in --explain create --bundle bundle one
	kill -KILL "$PID"
	wait_until ended "$PID"
	run -0 in_time 15 "$COOPER_BIN/cooper" delete --force one
	[[ -z $(ls -A /run/cooper 2>/dev/null) ]]
	no_cgroup_named "one-"
	exec {READER}<&-
}

@test "an output that nobody reads holds up who writes it, and no other command" {
	local command pids=()
	run_detached one
	full_pipe
	for command in 'state one' list 'ps one' 'events --stats one' 'events --interval 10ms one' features; do
		# shellcheck disable=SC2086 # words
		"$COOPER_BIN/cooper" $command >pipe 2>&1 3>&- &
		pids+=($!)
		STARTED+=($!)
	done
	for command in "${pids[@]}"; do
		wait_until grep -q pipe_write "/proc/$command/wchan"
	done
	cooper exec one true
	cooper delete --force one
	kill -TERM "${pids[@]}"
	for command in "${pids[@]}"; do
		wait_until ended "$command"
	done
	exec {READER}<&-
}
