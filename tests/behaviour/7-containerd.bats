# cooper under containerd: ctr, with cooper behind containerd's own shim.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154 # other shells' variables, and those of bats

load ../helpers
load ../bundle
load ../engines

readonly NEEDS=(containerd ctr)

setup_file() {
	engine_is_there || return 0
	mkdir -p "$ENGINE"
	cat >"$ENGINE/config.toml" <<-END
		version = 2
		root = "$ENGINE/root"
		state = "$ENGINE/state"
		disabled_plugins = ["io.containerd.grpc.v1.cri"]
		[grpc]
		address = "$ENGINE/containerd.sock"
	END
	engine_start containerd --config "$ENGINE/config.toml" --address "$ENGINE/containerd.sock"
	engine_await ctr version
	rootfs_make "$ENGINE/image"
}

teardown_file() {
	[[ -e $ENGINE/daemon ]] || return 0
	engine_stop
	cgroups_prune cooper-containerd
}

teardown() {
	local name
	for name in $(ctr task list --quiet 2>/dev/null); do
		ctr task kill --signal 9 "$name" 2>/dev/null
		wait_until eval "[[ \$(task_status $name) == STOPPED ]]"
		ctr task delete "$name"
	done
	for name in $(ctr container list --quiet 2>/dev/null); do
		ctr container delete "$name"
	done
	test_teardown
}

export CONTAINERD_ADDRESS=$ENGINE/containerd.sock

# A slow machine needs longer to say a first word than the 10 seconds that are usual. (For pty_start, too.)
ctr() {
	command ctr --connect-timeout "$((10 * TEST_TIMEOUT_FACTOR))s" "$@"
}
export -f ctr

# in_image [OPTION...] -- NAME COMMAND...: the options stand before the rootfs.
in_image() {
	local options=()
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	ctr run --runc-binary "$RUNTIME" --cgroup "/cooper-containerd/$2" --env PATH=/bin "${options[@]}" \
		--rootfs "$ENGINE/image" "${@:2}" 3>&-
}

task_status() {
	ctr task list | awk -v name="$1" '$1 == name { print $3 }'
}

@test "ctr run: output, exit status, what is missing" {
	run -0 --separate-stderr in_image --rm -- one sh -c 'echo out; echo err >&2'
	[[ $output == out && $stderr == err ]]
	run -7 in_image --rm -- one sh -c 'exit 7'
	run ! in_image --rm -- one no-such-command
	[[ $output == *'executable file not found in $PATH'* ]]
	[[ -z $(ctr container list --quiet) ]]
}

@test "ctr: a task's life: run, exec, pause, resume, metrics, kill, delete" {
	in_image --detach -- one sleep 1000 >/dev/null
	[[ $(task_status one) == RUNNING ]]
	run -5 ctr task exec --exec-id a one sh -c 'echo inside; exit 5'
	[[ $output == inside ]]
	[[ $(ctr task ps one | grep -c .) -eq 2 ]]
	ctr task pause one
	[[ $(task_status one) == PAUSED ]]
	ctr task resume one
	[[ $(task_status one) == RUNNING ]]
	[[ $(ctr task metrics --format json one) == *'"pids"'* ]]
	ctr task kill --signal 9 one
	wait_until eval '[[ $(task_status one) == STOPPED ]]'
	ctr task delete one || [[ $? -eq 137 ]]
	ctr container delete one
	wait_until not eval "find /sys/fs/cgroup -path '*cooper-containerd/one' | grep ."
}

@test "ctr run --tty: a terminal" {
	pty_start "ctr run --tty --rm --runc-binary $RUNTIME --env PATH=/bin --env PS1=inside: --cgroup /cooper-containerd/one --rootfs $ENGINE/image one sh"
	pty_await 'inside:'
	pty_type 'tty; exit 6\n'
	pty_await '^/dev/pts/0'
	await_exit
	[[ $STATUS -eq 6 ]]
}

@test "ctr: limits, read-only root, seccomp" {
	local pid
	in_image --detach --memory-limit 67108864 --read-only --seccomp -- one sleep 1000 >/dev/null
	pid=$(ctr task list | awk '$1 == "one" { print $2 }')
	[[ $(cat "$(cgroup_of "$pid" memory)"/memory.{limit_in_bytes,max} 2>/dev/null) == 67108864 ]]
	[[ $(status_of "$pid" Seccomp) == 2 && $(mount_of "$pid" / options) == ro* ]]
}
