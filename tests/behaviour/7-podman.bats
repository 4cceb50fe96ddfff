# cooper under Podman, which has no daemon: a monitor (conmon) calls the runtime for each container.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154 # other shells' variables, and those of bats

load ../helpers
load ../bundle
load ../engines

readonly NEEDS=(podman conmon)

setup_file() {
	engine_is_there || return 0
	mkdir -p "$ENGINE"
	# Else its locks are in /dev/shm, for all of the host.
	printf '[engine]\nlock_type = "file"\n' >"$ENGINE/containers.conf"
	image_tar | podman_ import --change 'ENV PATH=/bin' - box
}

teardown_file() {
	[[ -d $ENGINE ]] || return 0
	# The monitors clean up behind their containers.
	TEST_DIR=/run wait_until not pgrep -x 'podman|conmon'
	engine_clean
	cgroups_prune cooper-podman
	# It tries whether it can make a cgroup, and leaves that.
	rmdir /sys/fs/cgroup/podman_probe 2>/dev/null || true
}

export CONTAINERS_CONF=$ENGINE/containers.conf

teardown() {
	! engine_is_there || podman_ rm --all --force --time 0 >/dev/null
	test_teardown
}

podman_() {
	podman --root "$ENGINE/root" --runroot "$ENGINE/run" --tmpdir "$ENGINE/tmp" --storage-driver vfs \
		--cgroup-manager cgroupfs --events-backend file --runtime "$RUNTIME" --log-level error "$@" 3>&-
}

# podman_run OPTION... IMAGE COMMAND...
podman_run() {
	podman_ run --network none --cgroup-parent /cooper-podman "$@"
}

inspect() {
	podman_ inspect --format "$2" "$1"
}

@test "podman run: output, input, exit status, what is missing" {
	run -0 --separate-stderr podman_run --rm box sh -c 'echo out; echo err >&2'
	[[ $output == out && $stderr == err ]]
	run -7 podman_run --rm box sh -c 'exit 7'
	run -0 podman_run --rm --interactive box cat <<<"some input"
	[[ $output == "some input" ]]
	run -127 podman_run --rm box no-such-command
	run -126 podman_run --rm box /etc/passwd
	[[ $(podman_ info --format '{{.Host.OCIRuntime.Path}}') == "$RUNTIME" ]]
}

@test "podman run -d, logs, exec, top, pause, stop, kill" {
	podman_run --detach --name one box sh -c 'trap "exit 4" TERM; echo ready; while :; do sleep 0.1; done' >/dev/null
	wait_until eval 'podman_ logs one | grep -q ready'
	run -5 podman_ exec --env TWO=2 --user 7:8 one sh -c 'id -u; echo $TWO; exit 5'
	[[ ${lines[*]} == "7 2" ]]
	podman_ pause one
	[[ $(inspect one '{{.State.Status}}') == paused ]]
	podman_ unpause one
	[[ $(inspect one '{{.State.Status}}') == running ]]
	podman_ stop --time 5 one
	[[ $(inspect one '{{.State.Status}} {{.State.ExitCode}}') == "exited 4" ]]
	podman_ start one
	podman_ kill one
	wait_until eval '[[ $(inspect one "{{.State.ExitCode}}") == 137 ]]'
}

@test "podman run -it: a terminal" {
	pty_start "podman --root $ENGINE/root --runroot $ENGINE/run --tmpdir $ENGINE/tmp --storage-driver vfs \
		--cgroup-manager cgroupfs --events-backend file --runtime $RUNTIME run --rm -it --network none \
		--cgroup-parent /cooper-podman --env PS1=inside: box sh"
	pty_await 'inside:'
	pty_type 'tty; exit 6\n'
	pty_await '^/dev/pts/0'
	await_exit
	[[ $STATUS -eq 6 ]]
}

@test "podman: limits, read-only root, user, seccomp" {
	local pid
	podman_run --detach --name one --memory 64m --pids-limit 50 --read-only --user 7:8 box sleep 1000 >/dev/null
	pid=$(inspect one '{{.State.Pid}}')
	[[ $(cat "$(cgroup_of "$pid" memory)"/memory.{limit_in_bytes,max} 2>/dev/null) == 67108864 ]]
	[[ $(cat "$(cgroup_of "$pid" pids)/pids.max") == 50 ]]
	[[ $(status_of "$pid" Uid) == "7 7 7 7" && $(mount_of "$pid" / options) == ro* ]]
	[[ $(status_of "$pid" Seccomp) == 2 ]]
}

@test "podman: two containers in one PID and IPC namespace" {
	podman_run --detach --name one box sleep 1000 >/dev/null
	podman_run --detach --name two --ipc container:one --pid container:one box sleep 1001 >/dev/null
	[[ $(namespace "$(inspect one '{{.State.Pid}}')" pid) == "$(namespace "$(inspect two '{{.State.Pid}}')" pid)" ]]
	[[ $(namespace "$(inspect one '{{.State.Pid}}')" ipc) == "$(namespace "$(inspect two '{{.State.Pid}}')" ipc)" ]]
	# (In this order: the first one holds the namespaces of the second.)
	podman_ rm --force --time 0 two >/dev/null
}
