#!/bin/bash
# For the checks, predictions and attacks of lab 7: a bundle, and what the runtime says of its container.

# bundle DIR [WORD...]: make_bundle(), and a container has its namespaces, a /proc and a /dev.
bundle() {
	# shellcheck disable=SC2034 # make_bundle uses them
	local NAMESPACES='{"type": "pid"}, {"type": "mount"}, {"type": "uts"}, {"type": "ipc"}' MORE=${MORE:-}'
		"mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
			{"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]}],'
	make_bundle "$@"
}

# What has used up its processor time has a loop without an end; one of those leads through execve(2).
readonly TIME_IS_UP=$((128 + 24))

busy() {
	(ulimit -S -t 1; strace -o execs -e trace=execve,execveat /lab/bin/stage --root again "$@" </dev/null >/dev/null 2>&1)
	if [[ $(grep -c ^exec execs) -gt 5 ]]; then
		blame 7.6
		wrong "the program starts itself again, and again, and again" "it to do so once" \
			"what is started is the file itself, by its name: it is no copy, and starts itself, too; start_again() takes the copy" \
			"strace -e execve,execveat stage run --bundle b one"
	fi
	wrong "\"cooper $1\" is busy and does not end" "it to end by itself" "a loop without an end" "strace -f stage $*"
}

# cooper ARG...: the learner's program, with its records in ./state. Sets STATUS and OUTPUT. (A container that
# stays behind has ./said for its output, and nobody waits for the end of that.)
cooper() {
	STATUS=0
	(ulimit -S -t 1; exec timeout 30 /lab/bin/stage --root state "$@") </dev/null >said 2>&1 3>&- || STATUS=$?
	OUTPUT=$(<said)
	not_yet
	[[ $STATUS -ne $TIME_IS_UP ]] || busy "$@"
	[[ $STATUS -ne 124 ]] || wrong "\"cooper $1\" did not end" "it to end by itself" \
		"it waits for something that never comes: a word, a FIFO, a lock" "strace -f stage $*"
}

# cooper_does ARG...: the same, and it has to go well.
cooper_does() {
	cooper "$@"
	[[ $STATUS -eq 0 ]] || wrong "\"cooper $1\" ended with status $STATUS: ${OUTPUT:-(it said nothing)}" "0" \
		"the error above says what failed; does the code go on where it should stop?" \
		"lab shell, and there: stage --explain $1 --bundle b one"
}

# state_of ID MEMBER: a member of what "cooper state" prints.
state_of() {
	/lab/bin/stage --root state state "$1" 2>&1 | sed -n "s/^  \"$2\": \"\?\([^\",]*\)\"\?,\?\$/\1/p"
}

# status_of PID NAME: a line of /proc/PID/status.
status_of() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}
