#!/usr/bin/env bats
# Stage 2: its own processes, mounts, host name and IPC; --user does it without root.

# shellcheck disable=SC2034,SC2153,SC2154 # for the functions that are loaded; set by run

load ../helpers
load ../checks

STAGE=$COOPER_BIN/2-namespaces

# --- what it adds -----------------------------------------------------------------------------

@test "mount, pid, uts and ipc namespaces are its own, the others the host's" {
	check_namespaces mnt pid uts ipc
}

@test "the command sees its own processes only" {
	rootfs_make rootfs
	start_stage rootfs sh -c 'echo /proc/[0-9]* $$; exec sleep 1000'
	await_output /proc
	[[ $(<out) == "/proc/1 /proc/2 2" ]]
	command_pid "$PID"
	[[ $(awk '$1 == "NSpid:" { print $NF }' "/proc/$COMMAND/status") -eq 2 ]]
	[[ $(awk '$1 == "NSpid:" { print $NF }' "/proc/$(container_init "$PID")/status") -eq 1 ]]
}

@test "a process of the host is out of reach" {
	rootfs_make rootfs
	start sleep 1000
	run -1 stage rootfs kill "$PID"
	[[ $output == *"No such process"* ]]
	[[ $(readlink "/proc/$PID/exe") == */sleep ]]
}

# bats test_tags=root
@test "--hostname: inside only" {
	local before
	before=$(uname -n)
	rootfs_make rootfs
	start_stage --hostname cask rootfs sh -c 'echo ready; exec sleep 1000'
	await_output ready
	command_pid "$PID"
	[[ $(nsenter --uts="/proc/$COMMAND/ns/uts" uname -n) == cask ]]
	[[ $(uname -n) == "$before" ]]
	run -0 stage rootfs uname -n
	[[ $output == "$before" ]]
	# Set by root inside, it stays inside, too.
	run -0 stage rootfs sh -c 'hostname other; hostname'
	[[ $output == other && $(uname -n) == "$before" ]]
}

@test "--hostname: one that is too long is an error" {
	rootfs_make rootfs
	run -1 stage --hostname "$(printf 'x%.0s' {1..65})" rootfs true
	[[ ${lines[0]} == "2-namespaces: sethostname: xxx"* ]]
}

# bats test_tags=root
@test "mounts made inside stay inside, even when the host's are shared" {
	check_mounts_stay_inside
}

@test "System V queues of the host do not show" {
	local queue
	rootfs_make rootfs
	queue=$(ipcmk -Q | grep -o '[0-9]*$')
	run -0 stage rootfs wc -l /proc/sysvipc/msg
	ipcrm -q "$queue"
	[[ $output == "1 "* ]]
}

# --- PID 1 ------------------------------------------------------------------------------------

@test "an orphan is reaped" {
	local init orphan
	rootfs_make rootfs
	start_stage rootfs sh -c '(sleep 2000 &); echo ready; exec sleep 1000'
	await_output ready
	init=$(container_init "$PID")
	wait_until pgrep -P "$init" -x -f 'sleep 2000'
	orphan=$(pgrep -P "$init" -x -f 'sleep 2000')
	kill -KILL "$orphan"
	wait_until gone "$orphan"
	[[ $(pgrep -P "$init" | wc -l) -eq 1 ]]
}

@test "the container ends with its command, and takes what is left with it" {
	rootfs_make rootfs
	start_stage rootfs sh -c 'setsid sleep 1000 & echo ready; exec sleep 2000'
	await_output ready
	wait_until pgrep -x -f 'sleep 1000'
	command_pid "$PID"
	kill -KILL "$COMMAND"
	await_exit
	[[ $STATUS -eq 137 ]]
	wait_until not pgrep -x -f 'sleep 1000'
}

@test "a signal arrives, once" {
	check_signals
}

@test "a command that a signal ends: 128 and its number" {
	check_death_by_signal
}

@test "killed, the program leaves no process behind" {
	check_killed_stage_leaves_nothing
}

# --- the terminal -----------------------------------------------------------------------------

@test "^C on the terminal arrives, once" {
	check_interrupt_from_terminal
}

@test "a shell has job control" {
	check_job_control
}

@test "the terminal is as before" {
	check_terminal_restored
}

@test "when the user's terminal is gone, so is the command" {
	rootfs_make rootfs
	pty_start "$(stage_words) rootfs sh -c 'echo ready; exec sleep 1000'"
	pty_await ready
	kill -KILL "$PID"
	wait_until not pgrep -x -f 'sleep 1000'
	wait_until not pgrep -x 2-namespaces
}

# bats test_tags=root
@test "^Z stops it, and fg takes it up again" {
	rootfs_make rootfs
	pty_start 'PS1=outside: bash --norc --noprofile -i'
	pty_await outside:
	pty_type "$STAGE rootfs busybox cat\n"
	wait_until runs 'busybox cat'
	pty_type 'one\n'
	wait_until seen_twice one
	pty_type '\032'
	pty_await Stopped
	pty_type 'fg\n'
	wait_until runs 'busybox cat'
	pty_type 'two\n'
	wait_until seen_twice two
	pty_type '\004'
	pty_type 'exit 9\n'
	await_exit
	[[ $STATUS -eq 9 ]]
}

# As it was typed, and as cat gave it back.
seen_twice() {
	[[ $(grep -c "^$1" screen) -eq 2 ]]
}

# --- a user namespace: without root -----------------------------------------------------------

# (As a user to whom /etc/subuid gives nothing.)
# bats test_tags=root
@test "--user: root inside, the caller outside" {
	rootless
	rootfs_make rootfs
	start_stage rootfs sh -c 'id -u; id -g; echo ready; exec sleep 1000'
	await_output ready
	[[ $(<out) == $'0\n0\nready' ]]
	command_pid "$PID"
	[[ $(stat -c %u:%g "/proc/$COMMAND") == "$USER_ID:$USER_ID" ]]
	[[ $(tr -s ' ' <"/proc/$COMMAND/uid_map") == " 0 $USER_ID 1" ]]
	[[ $(tr -s ' ' <"/proc/$COMMAND/gid_map") == " 0 $USER_ID 1" ]]
	[[ $(<"/proc/$COMMAND/setgroups") == deny ]]
	check_namespaces user mnt pid uts ipc
}

# bats test_tags=root
@test "--user: root inside may no more than the caller outside" {
	rootless
	rootfs_make rootfs
	mkdir -m 777 rootfs/open
	echo secret >rootfs/secret
	chmod 600 rootfs/secret
	run -0 stage rootfs sh -c 'echo mine >/open/file; ls -n /open/file'
	[[ $output == *" 0 "*" 0 "* ]]
	[[ $(stat -c %u:%g rootfs/open/file) == "$USER_ID:$USER_ID" ]]
	run -1 stage rootfs cat /secret
	[[ $output == *"Permission denied"* ]]
	run -1 stage rootfs chown 1 /open/file
}

# bats test_tags=root
@test "--user: a range of ids from /etc/subuid" {
	skip_unless_installed newuidmap
	rootless
	rootfs_make rootfs
	give_range_to_user
	start_stage rootfs sh -c 'echo ready; exec sleep 1000'
	await_output ready
	command_pid "$PID"
	[[ $(tr -s ' ' <"/proc/$COMMAND/uid_map") == " 0 $USER_ID 1"$'\n'" 1 3000000 65536" ]]
	[[ $(tr -s ' ' <"/proc/$COMMAND/gid_map") == " 0 $USER_ID 1"$'\n'" 1 3000000 65536" ]]
	run -0 stage rootfs sh -c 'echo 1 >/tmp/file && chown 7:8 /tmp/file'
	[[ $(stat -c %u:%g rootfs/tmp/file) == 3000006:3000007 ]]
}

@test "--user: exit statuses, signals, environment, terminal, end are the same" {
	rootless
	check_exit_statuses
	check_environment
	check_signals
	check_killed_stage_leaves_nothing
}

@test "--user: a shell has job control" {
	rootless
	check_job_control
}

@test "without root and without --user, the error says what to do" {
	rootfs_make rootfs
	run -1 as_user "$STAGE" rootfs true
	[[ ${lines[0]} == "2-namespaces: clone3: "*": Operation not permitted" ]]
	hint_matches --user
}

@test "where user namespaces are switched off, --user says so" {
	rootfs_make rootfs
	# A limit that holds in a user namespace of the test's own, not on the host.
	run -1 unshare --user --map-root-user \
		sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' sh "$STAGE" --user rootfs true
	[[ ${lines[0]} == "2-namespaces: clone3: "*": No space left on device" ]]
	hint_matches /proc/sys/user/
}

# --- exit statuses and errors -----------------------------------------------------------------

@test "the command's exit status is the program's" {
	check_exit_statuses
}

@test "a command that does not exist: 127" {
	check_command_missing
}

@test "a command that cannot be executed: 126" {
	check_command_not_executable
}

@test "a command whose interpreter or loader is missing is explained" {
	check_interpreter_missing
}

@test "nothing of the caller's environment gets in" {
	check_environment
}

@test "PATH is looked up inside; the working directory can be chosen" {
	check_path_is_looked_up_inside
	check_working_directory
}

@test "a rootfs that is missing, a file, closed, or empty" {
	check_bad_rootfs
}

@test "a rootfs without /proc is a clear error" {
	rootfs_make rootfs
	rmdir rootfs/proc
	run -1 stage rootfs true
	[[ ${lines[0]} == "2-namespaces: mount proc: on /proc"*": No such file or directory" ]]
	[[ ! -e rootfs/proc ]]
}

@test "wrong usage: 2, with what is wrong" {
	check_usage_errors
	run -2 stage --hostname
	run -2 stage --user=yes rootfs true
	[[ ${lines[0]} == *"--user=yes: takes no value, or true or false" ]]
}

@test "--help and --version" {
	check_help
}

# bats test_tags=root
@test "--explain: text, json, trace" {
	check_explain
	run -0 --separate-stderr stage --explain=json --hostname cask rootfs true
	[[ $(jq -r .process <<<"$stderr" | sort -u | xargs) == "command init parent" ]]
	[[ $(jq -r .step <<<"$stderr") == *"clone3: a child in new namespaces: mnt pid uts ipc"* ]]
	[[ $(jq -r .step <<<"$stderr") == *"sethostname: cask"* ]]
}

# --- what it still lets through ---------------------------------------------------------------

@test "let through: root climbs out of the rootfs" {
	rootfs_make rootfs
	echo "secret of the host" >secret
	cp "$COOPER_BIN/chroot-escape" rootfs/bin
	run -0 stage rootfs chroot-escape "$TEST_DIR/secret"
	[[ $output == "secret of the host" ]]
}

# bats test_tags=root
@test "let through: the host's network, links and all" {
	rootfs_make rootfs
	ip link add let-through type veth peer name its-peer
	run -0 stage rootfs grep -c let-through: /proc/net/dev
	ip link del let-through
	[[ $output == 1 ]]
}

@test "let through: the rootfs is changed for good" {
	rootfs_make rootfs
	run -0 stage rootfs rm /etc/group
	[[ ! -e rootfs/etc/group ]]
}
