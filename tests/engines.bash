# shellcheck shell=bash disable=SC2034,SC2154 # for the tests; of bats
# For the tests under an engine: an image, the cgroups that an engine makes, its start and its end.
#
# Each engine is the real one, from Debian's package, with all of its state in /run/engine, in the host
# that the test file has for itself.

readonly ENGINE=/run/engine
# Another runtime in cooper's place: to see whether it is the engine that a test fails of.
readonly RUNTIME=${ENGINE_RUNTIME:-$COOPER_BIN/cooper}

# A file says in NEEDS which programs it takes. Without them its setup_file does nothing
# (engine_is_there || return 0), and each test is skipped.
engine_is_there() {
	local program
	for program in "${NEEDS[@]}"; do
		command -v "$program" >/dev/null || return
	done
}

setup() {
	local program
	test_setup
	for program in "${NEEDS[@]}"; do
		skip_unless_installed "$program"
	done
}

# engine_start COMMAND...: a daemon, until engine_stop.
engine_start() {
	mkdir -p "$ENGINE"
	"$@" </dev/null >"$ENGINE/log" 2>&1 3>&- &
	echo $! >"$ENGINE/daemon"
}

# engine_await COMMAND...: until it succeeds, or the daemon has gone.
engine_await() {
	TEST_DIR=$ENGINE wait_until eval "${*@Q} || gone $(<"$ENGINE/daemon")"
	"$@" >/dev/null || {
		tail -n 20 "$ENGINE/log"
		return 1
	}
}

engine_stop() {
	local pid
	pid=$(<"$ENGINE/daemon")
	kill "$pid" && TEST_DIR=$ENGINE wait_until gone "$pid"
	# The shim of a container that a failed test has left would hold the tests' output open for ever.
	pkill -KILL -f -- "^/usr/bin/containerd-shim.* -address ?$ENGINE/" || true
	engine_clean
}

# What an engine leaves behind, with all of its state.
engine_clean() {
	engine_remains | while read -r place; do
		umount -l "$place"
	done
	rm -rf --one-file-system "$ENGINE" /run/{cooper,docker,containerd,runc,crun,libpod,containers,netns,lock}
}

engine_remains() {
	awk '$5 ~ /^\/run\/.|^\/var\/lib\// { print $5 }' /proc/self/mountinfo | tac
}

# cgroups_prune NAME: the cgroups of that name, in which containers were, go.
cgroups_prune() {
	TEST_DIR=/run wait_until cgroups_pruned "$1"
}

cgroups_pruned() {
	local hierarchies
	mapfile -t hierarchies < <(findmnt -rno TARGET -t cgroup,cgroup2)
	find "${hierarchies[@]}" -depth -type d -path "*/$1*" -exec rmdir {} +
}

# image_tar: a busybox, as a tar on standard output.
image_tar() {
	rootfs_make "$ENGINE/image"
	tar -C "$ENGINE/image" -c .
}
