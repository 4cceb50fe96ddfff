# Stage 7: containers that stand still, and what can be done with them then; their processes.

# bats file_tags=root

# shellcheck disable=SC2016,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# frozen ID: what the kernel says, "FROZEN" or "1".
frozen() {
	local cgroup
	cgroup=$(cgroup_of "$(container_pid "$1")" freezer)
	if [[ -e $cgroup/freezer.state ]]; then
		grep -qx FROZEN "$cgroup/freezer.state"
	else
		grep -qx 'frozen 1' "$cgroup/cgroup.events"
	fi
}

# A process that counts, in a file of the rootfs; it shows whether anything moves. (A file that is made
# empty each time is empty most of the time on a slow disk.)
readonly COUNTER='sh("n=0; while true; do n=$((n+1)); echo $n 1<>/count; done")'

moves() {
	local before
	before=$(<bundle/rootfs/count)
	wait_until count_is_not "$before"
}

count_is_not() {
	[[ -s bundle/rootfs/count && $(<bundle/rootfs/count) != "$1" ]]
}

# spec: runtime:state-5
@test "pause: every process stands still; resume: they go on" {
	local before
	bundle_make bundle "$COUNTER"
	cooper_quietly run --detach --bundle bundle one
	wait_until test -s bundle/rootfs/count
	cooper pause one
	frozen one
	has_status one paused
	[[ $(cooper list --format json | jq -r '.[].status') == paused ]]
	before=$(<bundle/rootfs/count)
	cooper state one >/dev/null
	[[ $(<bundle/rootfs/count) == "$before" ]]
	fails 'pause one: container not running' pause one
	fails 'start one: cannot start a container in the paused state' start one
	fails 'delete one: cannot delete container "one" that is not stopped: paused' delete one
	cooper resume one
	not frozen one
	has_status one running
	moves
	fails 'resume one: container not paused' resume one
}

@test "a created container can be paused, and is created again afterwards" {
	create one
	cooper pause one
	has_status one paused
	frozen one
	cooper resume one
	has_status one created
	cooper start one
	has_status one running
}

@test "kill -KILL and delete --force work on a paused container" {
	local pid
	run_detached one
	cooper pause one
	cooper kill one TERM
	has_status one paused
	cooper kill one KILL
	wait_until has_status one stopped
	fails 'pause one: container not running' pause one
	fails 'resume one: container not paused' resume one
	cooper delete one
	bundle_change bundle .
	run_detached one
	pid=$(container_pid one)
	cooper pause one
	cooper delete --force one
	wait_until ended "$pid"
	run_detached one
	cooper pause one
	cooper kill --all one KILL
	wait_until has_status one stopped
}

@test "exec does not go into a paused container, unless it is told to" {
	run_detached one
	cooper pause one
	run -255 --separate-stderr cooper exec one true
	is_one_error 'cooper: exec one: cannot exec in a paused container'
}

# freeze_from_outside ID: in the hierarchy of the freezer.
freeze_from_outside() {
	local cgroup
	cgroup=$(cgroup_of "$(container_pid "$1")" freezer)
	if [[ -e $cgroup/freezer.state ]]; then
		echo FROZEN >"$cgroup/freezer.state"
	else
		echo 1 >"$cgroup/cgroup.freeze"
	fi
}

# has_come_in ID: a second process is in the container's cgroup, in every hierarchy.
has_come_in() {
	local cgroup
	for cgroup in $(cgroups_named "$1-"); do
		[[ $(wc -w <"$cgroup/cgroup.procs") -eq 2 ]] || return
	done
}

@test "exec in a container that stands still waits outside; resume lets it in, delete --force ends it" {
	local rounds
	run_detached one
	for rounds in resume delete; do
		cooper pause one
		start "$COOPER_BIN/cooper" exec --ignore-paused one sleep 2002
		wait_until has_come_in one
		if [[ $rounds == resume ]]; then
			cooper resume one
			wait_until pgrep -x -f 'sleep 2002'
			kill -KILL "$(pgrep -x -f 'sleep 2002')"
			await_exit
			[[ $STATUS -eq 137 ]]
		else
			cooper delete --force one
			await_exit
			# (Between the thaw and its end it may just have come in.)
			[[ $STATUS -eq 255 && $(wc -l <err) -eq 1 || $STATUS -eq 137 && ! -s err ]]
		fi
	done
	[[ -z $(ls -A /run/cooper) ]]
}

@test "SIGTERM to an exec that cannot come in: it goes, and the container stays" {
	run_detached one
	freeze_from_outside one
	start "$COOPER_BIN/cooper" exec --ignore-paused one sleep 2002
	wait_until has_come_in one
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 255 && $(<err) == "cooper: exec one: interrupted by SIGTERM" ]]
	cooper resume one
	has_status one running
	wait_until sh -c "[ \$(wc -w <$(cgroup_of "$(container_pid one)" pids)/cgroup.procs) -eq 1 ]"
}

@test "a created container that is frozen from outside" {
	create one
	freeze_from_outside one
	fails 'start one: cannot start a container in the paused state' start one
	cooper kill one KILL
	wait_until has_status one stopped
	cooper delete one
	no_cgroup_named "one-"
}

@test "ps: the container's processes, with all ps(1) can do, or their pids" {
	local pid
	run_detached one
	pid=$(container_pid one)
	run -0 --separate-stderr cooper ps one
	[[ ${lines[0]} == UID*PID*PPID* && ${#lines[@]} -eq 2 ]]
	[[ ${lines[1]} == *" $pid "*"sleep 1000" ]]
	run -0 --separate-stderr cooper ps one -o pid,comm
	[[ ${#lines[@]} -eq 1 || ${lines[0]} == *PID*COMMAND* ]]
	run -0 --separate-stderr cooper ps one -e -o comm,pid
	[[ ${lines[0]} == COMMAND*PID && ${lines[1]} == "sleep "*"$pid" && ${#lines[@]} -eq 2 ]]
	[[ $(cooper ps --format json one) == "[$pid]" ]]
	[[ $(cooper ps -f json one) == "[$pid]" ]]
	fails 'ps one: ps printed no column PID' ps one -e -o comm
	fails '--format: expected table or json, found "xml"' ps --format xml one
	fails 'ps two: container "two" does not exist' ps two
	run -1 --separate-stderr cooper ps one --no-such-option
	[[ -z $output ]]
	cooper kill one KILL
	wait_until has_status one stopped
	[[ $(cooper ps --format json one) == "[]" ]]
}
