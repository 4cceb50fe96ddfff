#!/usr/bin/env bats
# The machine as a learner has it: it begins at the lab that was asked for, whatever a lab needs works there, and what
# was written and reached is there again at the next start. "make test-vm-start" runs this; it boots the machine twice.

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
