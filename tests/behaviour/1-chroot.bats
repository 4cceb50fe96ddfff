#!/usr/bin/env bats
# Stage 1: a root directory, and nothing more.

# bats file_tags=root

# shellcheck disable=SC2034,SC2153,SC2154 # for the functions that are loaded; set by run

load ../helpers
load ../checks

STAGE=$COOPER_BIN/1-chroot

# --- what it adds -----------------------------------------------------------------------------

@test "the directory is the command's root, and where it starts" {
	rootfs_make rootfs
	start_stage rootfs sh -c 'echo ready; exec sleep 1000'
	await_output ready
	[[ $(readlink "/proc/$PID/root") == "$TEST_DIR/rootfs" ]]
	[[ $(readlink "/proc/$PID/cwd") == "$TEST_DIR/rootfs" ]]
	[[ $(readlink "/proc/$PID/exe") == "$TEST_DIR/rootfs/bin/busybox" ]]
}

@test "a path leads to the rootfs, not to the host" {
	rootfs_make rootfs
	echo inside >rootfs/place
	echo outside >place
	run -0 stage rootfs cat /place ../../../../../../place
	[[ $output == $'inside\ninside' ]]
	run -1 stage rootfs cat "$TEST_DIR/place"
}

@test "the working directory can be chosen" {
	check_working_directory
}

@test "nothing of the caller's environment gets in" {
	check_environment
}

@test "PATH is looked up inside" {
	check_path_is_looked_up_inside
}

@test "a rootfs with blanks and colons in its name" {
	rootfs_make "a root: fs,x"
	run -0 stage "a root: fs,x" echo hello
	[[ $output == hello ]]
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

@test "a rootfs that is missing, a file, or closed" {
	run -1 stage missing true
	[[ $output == "1-chroot: chdir: missing"*": No such file or directory" ]]
	echo >file
	run -1 stage file true
	[[ $output == "1-chroot: chdir: file"*": Not a directory" ]]
	mkdir -p closed/rootfs
	chmod 700 closed
	run -1 as_user "$STAGE" "$TEST_DIR/closed/rootfs" true
	[[ $output == *closed/rootfs*": Permission denied" ]]
	mkdir empty
	run -127 stage empty true
	[[ ! -e missing && -z $(ls -A empty) ]]
}

@test "wrong usage: 2, with what is wrong" {
	check_usage_errors
}

@test "without root, the error says what to do" {
	rootfs_make rootfs
	run -1 as_user "$STAGE" "$TEST_DIR/rootfs" true
	[[ ${lines[0]} == "1-chroot: chroot: "*": Operation not permitted" ]]
	hint_matches root
}

@test "--help and --version" {
	check_help
}

@test "--explain: text, json, trace" {
	check_explain
}

# --- signals and the terminal -----------------------------------------------------------------

@test "the command takes the program's place: no process in between" {
	rootfs_make rootfs
	start_stage rootfs sh -c 'echo ready; exec sleep 1000'
	await_output ready
	[[ -z $(pgrep -P "$PID") ]]
	[[ $(tr '\0' ' ' <"/proc/$PID/cmdline") == "sleep 1000 " ]]
}

@test "a signal arrives, once" {
	check_signals
}

@test "a command that a signal ends: 128 and its number" {
	check_death_by_signal
}

@test "^C on the terminal arrives, once" {
	check_interrupt_from_terminal
}

@test "a shell has job control" {
	check_job_control
}

@test "the terminal is as before" {
	check_terminal_restored
}

# --- what it still lets through ---------------------------------------------------------------

@test "let through: every namespace is the host's" {
	check_namespaces
}

@test "let through: the host's processes can be seen and killed" {
	rootfs_make rootfs
	start sleep 1000
	local victim=$PID
	wait_until grep -qx sleep "/proc/$victim/comm"
	run -0 stage rootfs sh -c "mount -t proc proc /proc && tr '\\0' ' ' </proc/$victim/cmdline; umount /proc"
	[[ $output == "sleep 1000 " ]]
	run -0 stage rootfs kill "$victim"
	PID=$victim await_exit
}

@test "let through: a mount made inside shows on the host" {
	rootfs_make rootfs
	run -0 stage rootfs mount -t tmpfs tmpfs /root
	grep -q " $TEST_DIR/rootfs/root " /proc/self/mountinfo
	umount rootfs/root
}

@test "let through: root climbs out of the rootfs" {
	rootfs_make rootfs
	echo "secret of the host" >secret
	cp "$COOPER_BIN/chroot-escape" rootfs/bin
	run -0 stage rootfs chroot-escape "$TEST_DIR/secret"
	[[ $output == "secret of the host" ]]
}
