# Stage 7: cooper is killed at the worst of moments, and two commands come at once.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# create_stuck KIND: a create that hangs in a hook of that kind; the init's pid in INIT.
create_stuck() {
	bundle_make bundle ".hooks.$1 = [hook(\"echo ready >$TEST_DIR/reached; exec sleep 2002\")]"
	rm -f reached
	start "$COOPER_BIN/cooper" create --bundle bundle one
	wait_until test -s reached
	INIT=$(jq .pid /run/cooper/one/state.json)
	[[ -d /proc/$INIT ]]
}

# The hook, a process of the host's, goes with its cooper.
hook_goes() {
	wait_until not pgrep -x -f 'sleep 2002'
}

@test "a create that is killed in a hook: the init dies with it, delete --force removes the rest" {
	local kind
	for kind in prestart createRuntime createContainer; do
		create_stuck "$kind"
		has_status one creating
		kill -KILL "$PID"
		wait_until gone "$INIT"
		hook_goes
		run -0 --separate-stderr cooper delete --force one
		[[ -z $stderr && -z $(ls -A /run/cooper) ]]
		no_cgroup_named "one-"
		# The id can be used again.
		create one
		has_status one created
		cooper delete one
	done
}

@test "what a killed create leaves is listed, cannot be started, and keeps the id" {
	create_stuck createRuntime
	kill -KILL "$PID"
	wait_until gone "$INIT"
	hook_goes
	run -0 cooper list --quiet
	[[ $output == one ]]
	run -1 cooper start one
	[[ $output == "cooper: start one: cannot start a container in the "* ]]
	run -1 cooper create --bundle bundle one
	[[ $output == *'container with id "one" already exists' ]]
}

@test "a create that is killed at any step leaves nothing that delete --force does not remove" {
	local step steps
	bundle_make bundle '.hostname = "cask" | .linux.resources.pids.limit = 20'
	cooper_quietly --explain create --bundle bundle one
	cooper delete one
	steps=$(wc -l <err)
	[[ $steps -gt 50 ]]
	# The reader goes after so many lines of --explain, and the next one kills with SIGPIPE.
	for ((step = 1; step < steps; step += 4)); do
		env --default-signal=PIPE "$COOPER_BIN/cooper" --explain create --bundle bundle one \
			</dev/null 2>&1 >/dev/null 3>&- | head -n "$step" >/dev/null || true
		cooper delete --force one
		[[ ! -e /run/cooper/one ]]
		no_cgroup_named "one-"
		wait_until not pgrep -x -f "$COOPER_BIN/cooper --explain create --bundle bundle one"
	done
}

@test "an interrupted create takes down what it made" {
	create_stuck createContainer
	# The hook inside is killed with the init.
	kill -KILL "$INIT"
	await_exit
	[[ $STATUS -eq 1 && -z $(ls -A /run/cooper) ]]
	no_cgroup_named "one-"
}

@test "a claimed id without a record, as a kill right after the claim leaves it" {
	mkdir -p /run/cooper/one
	run -0 cooper state one
	[[ $(jq -r .status <<<"$output") == creating ]]
	run -0 cooper list
	run -0 cooper delete --force one
	[[ ! -e /run/cooper/one ]]
}

# unreadable TEXT: state.json, as it is now, is an error that begins so; delete --force clears all.
unreadable() {
	local pid
	pid=$(jq .pid /run/cooper/one/state.json.before)
	fails "state one: $1" state one
	fails "delete one: $1" delete one
	run -0 --separate-stderr cooper list --quiet
	[[ $stderr == "cooper: warning: list: $1"* ]]
	run -0 --separate-stderr cooper delete --force one
	is_one_error "cooper: warning: delete one: $1"
	wait_until gone "$pid"
	[[ -z $(ls -A /run/cooper) ]]
	no_cgroup_named "one-"
}

@test "a record that cannot be read: an error that names it; delete --force removes all the same" {
	local record=/run/cooper/one/state.json
	run_detached one
	truncate -s 100 "$record"
	unreadable 'state.json: line '
	run_detached one
	: >"$record"
	unreadable 'state.json: the file is empty'
	create one
	head -c 1000 /dev/zero >"$record"
	unreadable 'state.json: line 1, column 1: '
	run_detached one
	rm "$record"
	unreadable 'open: state.json: No such file'
	create one
	rm "$record"
	mkfifo "$record"
	unreadable 'state.json: expected a regular file, found a FIFO'
	run_detached one
	sed -i 's/"id": "one"/"id": "two"/' "$record"
	unreadable "state.json: id: it is another container's"
}

# few_files N COMMAND...: it may have N files open, of which three are.
few_files() {
	local fd
	for fd in $(cd /proc/self/fd && echo *); do
		[[ $fd -le 2 ]] || eval "exec $fd>&-"
	done
	exec prlimit --nofile="$1" "${@:2}"
}

@test "a record that is not to be read now is not taken for a broken one" {
	run_detached one
	run -1 --separate-stderr few_files 5 "$COOPER_BIN/cooper" delete --force one
	is_one_error 'cooper: delete one: open: state.json: Too many open files'
	has_status one running
}

@test "a record of a version to come: what is not known in it is no error" {
	create one
	jq '.future = {version: 9, list: [1]}' /run/cooper/one/state.json >new
	cp new /run/cooper/one/state.json
	has_status one created
	cooper start one
	wait_until is_executed one
	cooper delete --force one
}

# The record as it was when there was less in it, word by word: no later cooper may need more.
readonly FIRST_RECORD='{"id": "one", "bundle": $bundle, "rootfs": ($bundle + "/rootfs"), cgroup,
	"created": "2026-11-22T22:22:22.222222222Z", "owner": 0, pid, startTime, "complete": true}'

@test "a container that an older version has made: a later one starts, enters, stops and deletes it" {
	create one
	jq --arg bundle "$PWD/bundle" "$FIRST_RECORD" /run/cooper/one/state.json >new
	cp new /run/cooper/one/state.json
	has_status one created
	cooper start one
	wait_until is_executed one
	run -0 cooper exec one cat /proc/self/cgroup
	[[ $output == "$(sed 's|:/.*|:/|' "/proc/$(container_pid one)/cgroup")" ]]
	cooper pause one
	cooper resume one
	cooper kill one KILL
	wait_until has_status one stopped
	cooper delete one
	no_cgroup_named "one-"
}

# config_lost ERROR: of who would need the config on record; who does not, goes on.
config_lost() {
	fails "start one: $1" start one
	run -255 --separate-stderr cooper exec one true
	is_one_error "cooper: exec one: $1"
	has_status one created
	run -0 --separate-stderr cooper delete --force one
	is_one_error "cooper: warning: delete one: $1"
	[[ -z $(ls -A /run/cooper) ]]
	no_cgroup_named "one-"
}

@test "a config on record that cannot be read in full: nobody comes in with less than its filter" {
	local config=/run/cooper/one/config.json
	create one
	rm "$config"
	config_lost 'open: config.json: No such file or directory'
	create one
	truncate -s 100 "$config"
	config_lost 'config.json: line '
	# A word that a later version refuses, or no version knows.
	create one '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW"}'
	jq '.linux.seccomp.defaultAction = "SCMP_ACT_OF_OLD"' bundle/config.json >"$config"
	config_lost 'config.json: linux.seccomp.defaultAction: '
}

# both_destroyed TEXT [FILTER]: that is in the two files of the record, or they are missing.
both_destroyed() {
	local pid
	run_detached one "${2:-.}"
	pid=$(container_pid one)
	cooper exec --detach one sleep 2004 </dev/null >/dev/null 2>&1 3>&-
	if [[ $1 == missing ]]; then
		rm /run/cooper/one/state.json{,.before}
		cooper delete --force one
	else
		printf '%b' "$1" | tee /run/cooper/one/state.json >/run/cooper/one/state.json.before
		run -0 --separate-stderr cooper delete --force one
		[[ ${#stderr_lines[@]} -eq 2 && ${stderr_lines[0]} == "cooper: warning: delete one: state.json: "* ]]
		[[ ${stderr_lines[1]} == *": state.json.before: "*"; its cgroup is known, and all in it goes" ]]
	fi
	wait_until gone "$pid"
	wait_until not pgrep -x -f 'sleep 2004'
	[[ -z $(ls -A /run/cooper) ]]
	no_cgroup_named "one-"
}

@test "both files of the record destroyed: delete --force removes all that is in the cgroup" {
	local text
	for text in '' '\0\0\0' '{"id": "one"' '{}' missing; do
		both_destroyed "$text"
	done
	both_destroyed missing 'without("pid")'
	both_destroyed '' '.linux.cgroupsPath = "/one-given"'
}

@test "what somebody else has put where the records are: an error, and it stays" {
	run_detached one
	chown "$USER_ID" /run/cooper/one
	fails "kill one: the record of \"one\" belongs to the user $USER_ID" kill one KILL
	fails "delete one: the record of \"one\" belongs to the user $USER_ID" delete --force one
	chown 0 /run/cooper/one
	has_status one running
	touch /run/cooper/file
	ln -s one /run/cooper/link
	fails 'create file: container with id "file" already exists' create --bundle bundle file
	fails 'state link: open: the record of link: Not a directory' state link
	fails 'delete file: open: the record of file: Not a directory' delete --force file
	[[ -f /run/cooper/file && -L /run/cooper/link ]]
	rm /run/cooper/file /run/cooper/link
	fails "list: scandir: the state directory, --root $TEST_DIR/bundle/config.json: Not a directory" \
		--root "$TEST_DIR/bundle/config.json" list --quiet
}

# --- several commands at once -----------------------------------------------------------------

# at_once COMMAND...: eight of it; how many have succeeded in WINS, what the others said in "errors".
at_once() {
	local pids=() pid
	: >errors
	WINS=0
	for _ in 1 2 3 4 5 6 7 8; do
		timeout $((20 * TEST_TIMEOUT_FACTOR)) "$COOPER_BIN/cooper" "$@" \
			</dev/null >>out 2>>errors 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		! wait "$pid" || WINS=$((WINS + 1))
	done
}

# one_wins ERROR COMMAND...: and the others fail with that.
one_wins() {
	at_once "${@:2}"
	[[ $WINS -eq 1 && $(grep -cx "cooper: $1" errors) -eq 7 && $(wc -l <errors) -eq 7 ]]
}

@test "eight commands on one container at once: one wins, the others are told why not" {
	bundle_make bundle
	one_wins 'create one: container with id "one" already exists' create --bundle bundle one
	one_wins 'start one: cannot start a container in the running state' start one
	wait_until is_executed one
	one_wins 'pause one: container not running: it is paused' pause one
	one_wins 'resume one: container not paused: it is running' resume one
	at_once exec one true
	[[ $WINS -eq 8 ]]
	cooper kill one KILL
	wait_until has_status one stopped
	one_wins 'delete one: container "one" does not exist' delete one
	no_cgroup_named "one-"
	one_wins 'run one: container with id "one" already exists' run --detach --bundle bundle one
	at_once delete --force one
	[[ $WINS -eq 8 && ! -s errors && -z $(ls -A /run/cooper) ]]
	no_cgroup_named "one-"
}

@test "start, kill, exec and delete at once: each ends, and nothing is left" {
	local command pids=()
	for _ in 1 2 3; do
		create one
		for command in "start one" "kill one KILL" "exec one true" "delete one" "start one" \
			"pause one" "delete --force one" "resume one"; do
			# shellcheck disable=SC2086 # words
			timeout $((20 * TEST_TIMEOUT_FACTOR)) "$COOPER_BIN/cooper" $command \
				</dev/null >>out 2>>errors 3>&- &
			pids+=("$!")
		done
		for command in "${pids[@]}"; do
			# 124 is timeout's own.
			wait "$command" || [[ $? -ne 124 ]]
		done
		pids=()
		cooper delete --force one
		[[ -z $(ls -A /run/cooper) ]]
		no_cgroup_named "one-"
	done
}

@test "delete --force removes a container that is frozen" {
	local freezer
	run_detached one
	freezer=$(cgroup_of "$(container_pid one)" freezer)
	if [[ -e $freezer/freezer.state ]]; then
		echo FROZEN >"$freezer/freezer.state"
	else
		echo 1 >"$freezer/cgroup.freeze"
	fi
	cooper delete --force one
	[[ ! -e $freezer ]]
}

# A limit of no process, in v2, makes the kernel say so (7-conform.bats); here it is made to, on every host.
@test "an init that cannot be born in its cgroup is moved there" {
	local pid
	skip_when_sanitized
	skip_unless "nobody may trace a process here" "$COOPER_BIN/fault-at" points list true
	bundle_make bundle
	in_time 20 "$COOPER_BIN/fault-at" reached command clone3 1 EAGAIN \
		"$COOPER_BIN/cooper" run --detach --bundle bundle one </dev/null >out 2>&1 3>&-
	[[ $(<reached) == reached && ! -s out ]]
	wait_until is_executed one
	pid=$(container_pid one)
	[[ $(sed -n 's/^0:://p' "/proc/$pid/cgroup") == /*one-* ]]
	# All of it: in every hierarchy.
	cooper_quietly exec --detach --pid-file other one sleep 1001
	diff "/proc/$pid/cgroup" "/proc/$(<other)/cgroup"
}
