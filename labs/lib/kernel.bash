#!/bin/bash
# For checks, predictions and attacks: a rootfs, the learner's program running, and what the kernel says of it.

# Values are drawn anew each time: what a check looks for must not be known beforehand. (With LAB_SEED they
# are the same each time: for the test of what wrong solutions are told.)
draw() {
	if [[ -z ${LAB_SEED:-} ]]; then
		od -An -N4 -tu4 /dev/urandom
	else
		echo . >>/scratch/draws
		cksum <<<"$LAB_SEED $(wc -l </scratch/draws)" | cut -d' ' -f1
	fi
}

# word: letters and digits.
word() {
	printf 'w%08x\n' "$(draw)"
}

# number LEAST MOST
number() {
	echo $(($1 + $(draw) % ($2 - $1 + 1)))
}

# make_rootfs DIR: a small system, with busybox.
make_rootfs() {
	mkdir -p "$1"/{bin,etc,proc,sys,dev,tmp,root}
	: >"$1/dev/null" # a file; but a shell opens it before a command in the background
	cp /lab/bin/busybox "$1/bin/busybox"
	chroot "$1" /bin/busybox --install -s /bin
}

# make_bundle DIR [WORD...]: a bundle with these words as its command, "/bin/sleep 1000" unless there are some. What
# else the config says stands in front of the call: members with a comma behind each, in PROCESS, LINUX and MORE (those at
# the top); and in NAMESPACES, in place of a mount namespace alone, objects with commas between them.
make_bundle() {
	local dir=$1 namespaces=${NAMESPACES-} word words=''
	shift
	[[ $# -gt 0 ]] || set -- /bin/sleep 1000
	for word; do
		word=${word//\\/\\\\}
		word=${word//\"/\\\"} word=${word//$'\t'/\\t}
		words+=,\"${word//$'\n'/\\n}\"
	done
	make_rootfs "$dir/rootfs"
	cat >"$dir/config.json" <<-END
		{ "ociVersion": "1.3.0", "root": {"path": "rootfs"}, ${MORE-}
		"process": {"cwd": "/", "env": ["PATH=/bin"], ${PROCESS-} "args": [${words:1}]},
		"linux": {${LINUX-} "namespaces": [${namespaces:-{\"type\": \"mount\"\}}]} }
	END
}

# As whom the program runs: AS=("${SOMEBODY[@]}") makes it a plain user, SOMEBODY_UID with the group SOMEBODY_GID.
# Who has only one id in the guard is nobody else there: then it is that one, without its capabilities
# (but for that without which the kernel lets nobody map the id 0).
AS=()
# shellcheck disable=SC2034 # for checks
if setpriv --reuid=4321 --regid=4322 --clear-groups true 2>/dev/null; then
	SOMEBODY=(setpriv --reuid=4321 --regid=4322 --clear-groups) SOMEBODY_UID=4321 SOMEBODY_GID=4322
else
	SOMEBODY=(setpriv "--bounding-set=-all,+setfcap" --inh-caps=-all) SOMEBODY_UID=0 SOMEBODY_GID=0
fi

# run_stage ARG...: the learner's program, to its end. Sets STATUS and OUTPUT (both streams).
run_stage() {
	STATUS=0
	OUTPUT=$(timeout 20 "${AS[@]}" /lab/bin/stage "$@" </dev/null 2>&1 3>&-) || STATUS=$?
	not_yet
	[[ $STATUS -ne 124 ]] || wrong "the program did not end" "it to end by itself" \
		"it waits for something that never comes: a process, a pipe, a lock" \
		"strace -f lab-stage $*"
}

# A skeleton says itself what is still to be done; that is all there is to say then.
not_yet() {
	local task
	[[ $OUTPUT =~ "task "([1-9]\.[1-9])" is still to be done" ]] || return 0
	task=${BASH_REMATCH[1]}
	wrong "the program stops at task $task, which is still to be done" "it to go on" \
		"nothing is written there yet" "lab hint $task"
}

STARTED=()
# start_stage ARG...: the same in the background, with "/bin/sleep 1000" as the command in the end. Sets STAGE
# (its pid) and COMMAND (that of the sleep), as seen from here; what the program says is in ./said. Fails, with
# STATUS and OUTPUT, when the program ends before: "start_stage ... || ended_early", or a better reason first.
start_stage() {
	local tries
	"${AS[@]}" /lab/bin/stage "$@" </dev/null >said 2>&1 3>&- &
	STAGE=$! COMMAND=
	STARTED+=("$STAGE")
	for ((tries = 0; tries < 400; tries++)); do
		COMMAND=$(pgrep -n -f '^(/bin/)?sleep 1000$')
		if [[ $COMMAND ]]; then
			! settled || return 0
		else
			runs "$STAGE" || break
		fi
		sleep 0.05
	done
	# A program that never sleeps has its command all the same.
	[[ -z $COMMAND ]] || return 0
	if runs "$STAGE"; then
		wrong "the program runs, but its command does not" "the command to run" \
			"it waits for something that never comes: a process, a pipe, a lock" "strace -f stage …"
	fi
	STATUS=0
	wait "$STAGE" || STATUS=$?
	OUTPUT=$(cat said)
	not_yet
	return 1
}

# parent PID
parent() {
	awk '/^PPid:/ { print $2 }' "/proc/$1/status"
}

# in_the_end COMMAND...: whether it succeeds after a while.
in_the_end() {
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		"$@" && return
		sleep 0.05
	done
	return 1
}

# runs PID: it is there, and not a zombie.
runs() {
	[[ $(state "$1") == [^ZX] ]]
}

# state PID: its letter; nothing when it is gone.
state() {
	awk '/^State:/ { print $2 }' "/proc/$1/status" 2>/dev/null
}

# settled: the program has nothing more to do, and the command still sleeps. (A program may let its command go,
# and then kill it: the command was there for a moment. Who sleeps has no such signal before it.)
settled() {
	[[ $(state "$STAGE") != R && $(state "$COMMAND") == S ]]
}

# The usual reasons why a program ends before its command runs; checks may have better ones.
# shellcheck disable=SC2317 # a check calls it
ended_early() {
	[[ $OUTPUT ]] || wrong "the program ended with status $STATUS before the command ran, and said nothing" \
		"the command to run" "-1 is returned where no error was set: return fail_errno() after a call that sets errno only" \
		"strace -f stage …"
	wrong "the program ended with status $STATUS before the command ran: $OUTPUT" \
		"the command to run" "the error above says what failed; does the code go on where it should stop?" \
		"lab shell, and there: stage --explain …"
}

# Ends what was started, and whatever is left of it.
stop_all() {
	local pid
	for pid in "${STARTED[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	while pkill -KILL -f '^(/bin/)?sleep [0-9]+$'; do
		sleep 0.02
	done
	STARTED=()
}

# show COMMAND...: prints it as a prompt would, runs it, and prints what it says.
show() {
	echo "\$ $*"
	"$@" 2>&1 | sed 's/^/  /'
}

# A process beside the container's, and a signal to it from root in ./rootfs: shows both; whether it has ended.
kills_outside() {
	local outside
	make_rootfs rootfs
	sleep 1000 &
	outside=$!
	disown # or the shell says that it was killed
	echo "Outside runs a process, sleep, with the pid $outside."
	echo
	show stage rootfs kill -9 "$outside"
	echo
	! runs "$outside" || { kill "$outside" && return 1; }
}

# The way out of a chroot, for root in ./rootfs: shows both sides and what was reached; whether it was the outside.
escapes_chroot() {
	local seen
	make_rootfs rootfs
	cp /lab/bin/escape rootfs/bin/escape
	echo "The rootfs holds:         $(cd rootfs && echo *)"
	echo "The guard's root holds:   $(cd / && echo *)"
	echo
	echo "\$ stage rootfs /bin/escape"
	seen=$(stage rootfs /bin/escape 2>&1)
	paste -sd' ' <<<"$seen" | sed 's/^/  /'
	echo
	grep -qx scratch <<<"$seen"
}

# lay_beside MINE REFERENCE: both, one below the other where they are the same, side by side where not.
lay_beside() {
	diff --side-by-side --width=78 --expand-tabs "$1" "$2" && echo && echo "No difference."
}
