# Stage 7: cooper run, and what state and list tell.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# --- state, list ------------------------------------------------------------------------------

# spec: runtime:state-1 runtime:state-2 runtime:state-4 runtime:state-6 runtime:state-7
# spec: runtime:state-8 runtime:query-state-3
@test "state: what the specification wants, and it is true" {
	local pid name
	run_detached one '.annotations = {"org.test.key": "a \"quoted\" value", other: ""}'
	run -0 --separate-stderr cooper state one
	[[ -n $output && -z $stderr ]]
	jq -e --arg bundle "$TEST_DIR/bundle" '.ociVersion == "1.3.0" and .id == "one"
		and .status == "running" and .bundle == $bundle and .rootfs == $bundle + "/rootfs"
		and .annotations == {"org.test.key": "a \"quoted\" value", other: ""}
		and .owner == "root" and (.created | fromdateiso8601? // test("^20.*Z$"))' <<<"$output"
	pid=$(jq .pid <<<"$output")
	[[ $(tr '\0' ' ' <"/proc/$pid/cmdline") == "sleep 1000 " ]]
	for name in pid mnt uts ipc net cgroup; do
		[[ $(namespace "$pid" "$name") != "$(namespace self "$name")" ]]
	done
	fails 'state two: container "two" does not exist' state two
}

@test "a pid that another process has by now is not the container's" {
	local pid
	run_detached one
	pid=$(container_pid one)
	# As if the kernel had given the pid to a process that started at another time.
	sed -i 's/"startTime": [0-9]*/"startTime": 1/' /run/cooper/one/state.json
	has_status one stopped
	fails 'kill one: container not running' kill one KILL
	[[ $(status_of "$pid" Name) == sleep ]]
	cooper delete one
	wait_until gone "$pid"
}

@test "the record belongs to root alone" {
	create one
	[[ $(stat -c '%a %u' /run/cooper/one) == "700 0" ]]
	run ! as_user "$COOPER_BIN/cooper" --root /run/cooper state one
}

@test "list: as a table, as JSON, and only the ids" {
	run -0 cooper list
	[[ $output == "ID "*"PID "*"STATUS "*"BUNDLE "*"CREATED "*"OWNER" ]]
	run -0 cooper list --format json
	[[ $(jq length <<<"$output") == 0 ]]
	run -0 cooper list --quiet
	[[ -z $output ]]
	create one
	run_detached two
	run -0 cooper list
	[[ ${#lines[@]} -eq 3 ]]
	[[ ${lines[1]} =~ ^one\ +$(container_pid one)\ +created\ +$TEST_DIR/bundle\ +20 ]]
	[[ ${lines[2]} =~ ^two\ +$(container_pid two)\ +running\  ]]
	[[ ${lines[2]} == *" root" ]]
	run -0 cooper list --format json
	[[ $(jq -r '.[] | .id + " " + .status' <<<"$output") == $'one created\ntwo running' ]]
	run -0 cooper list --quiet
	[[ $output == $'one\ntwo' ]]
	[[ $(cooper list --quiet --format json) == "$output" ]]
	fails '--format: expected table or json, found "xml"' list --format xml
}

@test "--root: state directories know nothing of each other" {
	create one
	cooper_quietly --root "$TEST_DIR/state" create --bundle bundle one
	[[ $(cooper --root "$TEST_DIR/state" state one | jq .pid) != "$(container_pid one)" ]]
	[[ -d state/one ]]
	cooper --root "$TEST_DIR/state" delete one
	[[ -z $(ls -A state) ]]
	has_status one created
}

# --- run --------------------------------------------------------------------------------------

@test "run: output, input and exit status are the command's; nothing is left" {
	bundle_make bundle 'sh("cat; echo error >&2; exit 3")'
	run -3 --separate-stderr cooper run --bundle bundle one <<<words
	[[ $output == words && $stderr == error ]]
	[[ -z $(ls -A /run/cooper) ]]
	no_cgroup_named "one-"
	bundle_make bundle 'sh("exit 0")'
	run -0 cooper run --bundle bundle one
	bundle_make bundle 'without("pid") | sh("kill -TERM $$")'
	run -143 cooper run --bundle bundle one
}

@test "run: signals are passed on" {
	bundle_make bundle 'command(["signal-count"])'
	cp "$COOPER_BIN/signal-count" bundle/rootfs/bin
	start "$COOPER_BIN/cooper" run --bundle bundle one
	await_output ready
	kill -USR1 "$PID"
	await_output SIGUSR1
	has_status one running
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 42 ]]
	[[ ! -e /run/cooper/one ]]
}

@test "run: a delete from elsewhere ends it" {
	bundle_make bundle
	start "$COOPER_BIN/cooper" run --bundle bundle one
	wait_until is_executed one
	cooper delete --force one
	await_exit
	[[ $STATUS -eq 137 && ! -s err ]]
}

@test "run --detach leaves it running; --keep leaves the record" {
	run_detached one
	has_status one running
	is_orphan "$(container_pid one)"
	bundle_make bundle 'sh("exit 3")'
	run -3 cooper run --keep --bundle bundle two
	has_status two stopped
	cooper delete two
}

@test "run: a killed cooper leaves a container that delete --force removes" {
	local pid
	bundle_make bundle
	start "$COOPER_BIN/cooper" run --bundle bundle one
	wait_until is_executed one
	pid=$(container_pid one)
	kill -KILL "$PID"
	wait_until gone "$PID"
	cooper delete --force one
	wait_until gone "$pid"
	no_cgroup_named "one-"
}

@test "--pid-file has the pid, without a newline" {
	bundle_make bundle
	cooper_quietly create --bundle bundle --pid-file pid one
	[[ $(<pid) == "$(container_pid one)" && $(wc -l <pid) -eq 0 ]]
	cooper_quietly run --detach --bundle bundle --pid-file pid two
	[[ $(<pid) == "$(container_pid two)" ]]
	fails 'create three: --pid-file: open: no/pid: No such file or directory' create --bundle bundle --pid-file no/pid three
	[[ ! -e /run/cooper/three ]]
}
