#!/usr/bin/env bats
# The machine as a learner has it: it begins at the lab that was asked for, whatever a lab needs works there, and what
# was written and reached is there again at the next start. And what is seen of one that dies, hangs or is not wanted
# any more. "make test-vm-start" runs this; it boots the machine a few times.

load ../helpers

PROJECT=$BATS_TEST_DIRNAME/../..

setup_file() {
	export BATS_TEST_TIMEOUT=$((600 * TEST_TIMEOUT_FACTOR))
}

# machine_start [OPTION...]: until its shell asks for a command.
machine_start() {
	rm -f keys
	pty_start "cd '$PROJECT' && exec tests/vm/start --share '$TEST_DIR/work' $*"
	pty_await '^cooper-vm:.*# $'
}

machine_exit() {
	pty_type 'exit\n'
	wait "$PID"
}

# types COMMAND: and waits for its end; what it showed is in output.
types() {
	local from
	from=$(wc -l <screen)
	pty_type "$1; echo status-\$?\n"
	pty_await_after "$from" '^status-[0-9]'
	output=$(tail -n +"$((from + 1))" screen | tr -d '\r')
}

pty_await_after() {
	wait_until eval "tail -n +$(($1 + 1)) screen | grep -q -e '$2'"
}

@test "start --help: all of its options, within 80 columns" {
	run -0 "$PROJECT/tests/vm/start" --help
	[[ $output == *start*--share*--kernel*--systemd*--lab*--job* ]]
	run -0 awk 'length > 80' <<<"$output"
	[[ -z $output ]]
}

@test "make vm LAB=1: begins at the lab, all can be done there, and what was done is there at the next start" {
	machine_start --lab 1
	grep -q 'lab check' screen
	types 'lab doctor'
	[[ $output == *"All seven labs can be done here."*status-0* ]]
	types 'cd work/1-chroot && cp ../../stages/1-chroot/{chroot,command}.c . && lab check 1'
	[[ $output == *done* && $output != *"not yet"* && $output == *status-0* ]]
	echo '// mine' >>work/1-chroot/outside.c
	types 'cat outside.c'
	[[ $output == *mine* ]]
	machine_exit

	machine_start
	types 'lab progress'
	[[ $output =~ 1\ .*3.*3 ]]
	types 'cat work/1-chroot/outside.c'
	[[ $output == *mine* ]]
	machine_exit
}

# machine: its pid, if there is one. (A user may have others.)
machine() {
	pgrep -f "^qemu-system.*$TMPDIR/cooper-vm"
}

nothing_is_left() {
	not machine
	[[ -z $(find "$TMPDIR" -maxdepth 1 -name 'cooper-vm.*') ]]
}

# tests_start [NAME=VALUE...]: the tests in the machine, until there is one.
tests_start() {
	start env "$@" "$PROJECT/tests/vm/test" tests/behaviour/1-chroot.bats
	wait_until machine
}

fails_with_the_machine() {
	await_exit
	# shellcheck disable=SC2153 # await_exit's
	[[ $STATUS -eq 1 ]]
	[[ $(tail -n 1 out) == '0 passed, 1 failed: the machine' ]]
	nothing_is_left
}

@test "a shell without a terminal: an error, and no machine that waits for ever" {
	run -125 timeout 20 "$PROJECT/tests/vm/start" --share "$TEST_DIR/work" </dev/null
	[[ $output == *"needs a terminal"*--job* ]]
	nothing_is_left
}

@test "a machine whose kernel panics: an error, with its last words" {
	echo 'echo c >/proc/sysrq-trigger' >job
	run -125 "$PROJECT/tests/vm/start" --job job </dev/null
	[[ $output == *"last words"*"Kernel panic"*"ended before its job did"* ]]
	nothing_is_left
}

@test "make test-vm: a machine that dies is a failed test" {
	tests_start
	kill -KILL "$(machine)"
	fails_with_the_machine
}

@test "make test-vm: a machine that hangs is a failed test, and no hang" {
	tests_start TEST_SILENCE=3
	kill -STOP "$(machine)"
	fails_with_the_machine
	[[ $(<out) == *"silent for 3 seconds"*"last words"* ]]
}

@test "make test-vm: an interrupt ends the machine, too" {
	tests_start
	kill -INT "$PID"
	await_exit
	[[ $STATUS -eq 130 ]]
	nothing_is_left
}
