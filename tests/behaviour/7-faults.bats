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

# The hook, a process of the host's, lives on when its cooper is killed.
kill_hook() {
	local pid
	for pid in $(pgrep -x -f 'sleep 2002'); do
		kill -KILL "$pid"
	done
}

@test "a create that is killed in a hook: the init dies with it, delete --force removes the rest" {
	local kind
	for kind in prestart createRuntime createContainer; do
		create_stuck "$kind"
		has_status one creating
		kill -KILL "$PID"
		wait_until gone "$INIT"
		kill_hook
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
	kill_hook
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

@test "a record that cannot be read is an error that names it" {
	create one
	cp /run/cooper/one/state.json good
	echo '{"id": 5' >/run/cooper/one/state.json
	run -1 --separate-stderr cooper state one
	is_one_error 'cooper: state one: state.json: '
	run -0 --separate-stderr cooper list --quiet
	[[ $stderr == *warning*state.json* ]]
	cp good /run/cooper/one/state.json
}

@test "commands on one container at once wait for each other" {
	local pids=() pid
	create one
	for _ in 1 2 3 4; do
		cooper start one >>out 2>>errors 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || true
	done
	wait_until is_executed one
	[[ $(grep -c 'cannot start a container in the running state' errors) -eq 3 ]]
	pids=()
	for _ in 1 2 3 4; do
		cooper delete --force one >>out 2>>deleted 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	[[ ! -s deleted && ! -e /run/cooper/one ]]
}

@test "delete --force waits for a create under way" {
	create_stuck createRuntime
	local creator=$PID
	"$COOPER_BIN/cooper" delete --force one >deleted 2>&1 3>&- &
	local deleter=$!
	wait_until grep -q -e "-> FLOCK .* $deleter " /proc/locks
	kill_hook
	PID=$creator
	await_exit
	wait "$deleter"
	[[ ! -e /run/cooper/one && ! -s deleted ]]
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
