#!/bin/bash
# What the behaviour tests share. A test file begins with "load ../helpers" and is run by tests/run,
# which gives it a host of its own (see there).
#
# A test waits for a condition (wait_until, await_output), never for a time.

bats_require_minimum_version 1.5.0

if [[ -z ${COOPER_RUN:-} ]]; then
	echo "run this file with tests/run, which gives it a host of its own" >&2
	exit 1
fi

# The user whom as_user becomes: one whose id nobody has, or whoever runs the tests without root.
# A group of words, not a function, so that it can stand behind start.
if [[ $EUID -eq 0 ]]; then
	readonly USER_ID=12345
	readonly AS_USER=(setpriv --reuid="$USER_ID" --regid="$USER_ID" --clear-groups --inh-caps=-all
		env --unset=XDG_RUNTIME_DIR USER=cooper-tests HOME=/)
else
	readonly USER_ID=$EUID
	readonly AS_USER=(env --unset=XDG_RUNTIME_DIR HOME=/)
fi

# --- a test's beginning and end ---------------------------------------------------------------

# A file with a setup of its own calls test_setup first; the same with teardown.
setup() {
	test_setup
}

teardown() {
	test_teardown
}

# TEST_DIR: a directory of this test's own, which every user may write to.
test_setup() {
	errors_tell_their_line
	TEST_DIR=$(mktemp -d "$COOPER_RUN/tmp/test.XXXXXX")
	chmod 1777 "$TEST_DIR"
	STARTED=() BOUND=()
	cd "$TEST_DIR" || return
}

# For the message of a failure bats looks up, before each command, where it is: more than half of
# what a test costs. The trap that follows a failed command can do that as well.
errors_tell_their_line() {
	declare -F bats_capture_stack_trace >/dev/null || return 0
	trap - DEBUG
	trap 'keep_stack_trace; bats_error_trap' ERR
}

keep_stack_trace() {
	[[ $BATS_DEBUG_LAST_STACK_TRACE_IS_VALID ]] || bats_capture_stack_trace
}

test_teardown() {
	local pid file
	for file in "${BOUND[@]}"; do
		umount "$file"
	done
	for pid in "${STARTED[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	cd / || return
	removal "$TEST_DIR"
}

# Removes trees, but nothing that is mounted in them.
removal() {
	rm -rf --one-file-system -- "$@"
}

# --- skips: always with a reason --------------------------------------------------------------

# skip_unless REASON COMMAND [ARG...]: skips the test when the command fails.
skip_unless() {
	local reason=$1
	shift
	"$@" >/dev/null 2>&1 || skip "$reason"
}

# With SANITIZE=1 a program needs its libraries where it runs, and makes system calls of its own.
sanitized() {
	# shellcheck disable=SC2153 # of tests/run
	grep -qs libasan <(ldd "$COOPER_BIN/cooper")
}

skip_when_sanitized() {
	skip_unless "the programs are built with sanitizers" not sanitized
}

# At its end a program looks for leaks; under strace, or without a process left, that fails.
look_for_no_leaks() {
	export ASAN_OPTIONS=detect_leaks=0
}

skip_unless_installed() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}

skip_unless_user_namespaces() {
	skip_unless "plain users may not make user namespaces here" as_user unshare --user true
}

# --- waiting ----------------------------------------------------------------------------------

# wait_until COMMAND [ARG...]: until it succeeds. Fails, with what is known, when it never does.
wait_until() {
	local tries
	for ((tries = 200 * TEST_TIMEOUT_FACTOR; tries > 0; tries--)); do
		"$@" &>/dev/null && return
		sleep 0.05
	done
	echo "this never came true: $*"
	tail -n 20 "$TEST_DIR"/{out,err,screen} 2>/dev/null
	return 1
}

not() {
	! "$@"
}

# in_time SECONDS COMMAND...: ends it, with 124, when it takes that long on a usual machine: it hangs.
in_time() {
	timeout $(($1 * TEST_TIMEOUT_FACTOR)) "${@:2}"
}

gone() {
	[[ ! -e /proc/$1 ]]
}

# runs WORDS: the process with that command line is not stopped.
runs() {
	grep -q '^State:[[:space:]]*[RS]' "/proc/$(pgrep -x -f "$1")/status"
}

# The language is jq's; this one starts in a tenth of the time.
jq() {
	gojq "$@"
}

# --- running things ---------------------------------------------------------------------------

# As a plain user without any privilege.
as_user() {
	"${AS_USER[@]}" "$@"
}

# start COMMAND [ARG...]: in the background, its pid in PID, its output in files that await_output
# and the test can look into. (A shell without job control makes background commands ignore SIGINT
# and SIGQUIT; env undoes that.)
start() {
	: >"$TEST_DIR/out"
	: >"$TEST_DIR/err"
	env --default-signal=INT,QUIT "$@" >"$TEST_DIR/out" 2>"$TEST_DIR/err" </dev/null 3>&- &
	PID=$!
	STARTED+=("$PID")
}

# await_output PATTERN: until the started command has printed a line that matches.
await_output() {
	wait_until grep -q -e "$1" "$TEST_DIR/out"
}

# await_exit: until the started command has ended; its exit status is in STATUS then.
await_exit() {
	wait_until ended "$PID"
	STATUS=0
	# shellcheck disable=SC2034 # for the test
	wait "$PID" || STATUS=$?
}

# A process that has ended is a zombie until it is waited for.
ended() {
	gone "$1" || grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

# give_range_to_user: to that of as_user, by the host's files of users, which are copies in this test. Needs root.
give_range_to_user() {
	local file
	for file in passwd subuid subgid; do
		[[ -e /etc/$file ]] || skip "this host has no /etc/$file"
		cp "/etc/$file" "$file"
		mount --bind "$file" "/etc/$file"
		BOUND+=("/etc/$file")
	done
	echo "cooper-tests:x:$USER_ID:$USER_ID::/:/bin/sh" >>passwd
	echo "cooper-tests:3000000:65536" | tee subuid >subgid
}

# --- looking from outside ---------------------------------------------------------------------

# namespace PID NAME: which one the process is in.
namespace() {
	readlink "/proc/$1/ns/$2"
}

# container_init PID: the child of a started stage that lives in a PID namespace of its own.
container_init() {
	local child
	for child in $(pgrep -P "$1"); do
		if [[ $(namespace "$child" pid) != "$(namespace "$1" pid)" ]]; then
			echo "$child"
			return
		fi
	done
	return 1
}

# container_command PID: the command that the init has started.
container_command() {
	local init
	init=$(container_init "$1") && pgrep -P "$init" | head -n 1 | grep .
}

# in_network_of PID COMMAND [ARG...]: the host's command, in the process's network: to look at
# links, addresses, rules.
in_network_of() {
	local pid=$1
	shift
	nsenter --net="/proc/$pid/ns/net" "$@"
}

# --- a rootfs ---------------------------------------------------------------------------------

# The applets of busybox that tests use. (To copy the links of all would take most of a test's time.)
readonly APPLETS=('[' awk cat chmod chown chroot cp cut date dd df diff dirname echo env false find free
	grep groups head hostname httpd id ip kill ln ls mkdir mkfifo mknod mktemp mount mv nc ping ps
	pivot_root printf pwd readlink realpath rm rmdir route sed seq setpriv setsid sh sleep sort stat
	stty sync sysctl tac tail tee test timeout top touch tr true tty umount uname unshare wc wget
	which xargs yes)

# rootfs_make DIR: a busybox with its applets, and the directories that everybody expects, unless
# the directory is there already.
rootfs_make() {
	local stock=$COOPER_RUN/rootfs applet
	[[ ! -e $1 ]] || return 0
	if [[ ! -d $stock ]]; then
		mkdir -p "$stock.new"/{bin,dev,etc,proc,root,run,sys,tmp,usr/bin,var}
		chmod 755 "$stock.new"
		chmod 1777 "$stock.new/tmp"
		install -m 755 "$(command -v busybox)" "$stock.new/bin/busybox"
		for applet in "${APPLETS[@]}"; do
			ln -s busybox "$stock.new/bin/$applet"
		done
		echo 'root:x:0:0:root:/root:/bin/sh' >"$stock.new/etc/passwd"
		echo 'root:x:0:' >"$stock.new/etc/group"
		# A shell without job control gives it to background commands as their input.
		: >"$stock.new/dev/null"
		mv -T "$stock.new" "$stock"
	fi
	cp -a -T "$stock" "$1"
}

# give_to_user DIR: to the user of as_user.
give_to_user() {
	[[ $EUID -ne 0 ]] || chown -hR "$USER_ID:$USER_ID" "$1"
}

# --- a terminal -------------------------------------------------------------------------------

# pty_start COMMAND: a shell command line on a new pseudo-terminal. What it shows collects in
# $TEST_DIR/screen.
pty_start() {
	mkfifo "$TEST_DIR/keys"
	: >"$TEST_DIR/screen"
	# Opened for both ways, so that the open does not wait for the other side.
	exec {KEYS}<>"$TEST_DIR/keys"
	TERM=dumb SHELL=/bin/bash env --default-signal=INT,QUIT script -qefc "$1" "$TEST_DIR/screen" <"$TEST_DIR/keys" >/dev/null 2>&1 3>&- &
	PID=$!
	STARTED+=("$PID")
}

# pty_type TEXT: presses keys; printf's escapes are known (\n, \003 for ^C, \032 for ^Z).
pty_type() {
	# shellcheck disable=SC2059
	printf "$1" >&"$KEYS"
}

# pty_await PATTERN: until the screen shows it.
pty_await() {
	wait_until grep -q -e "$1" "$TEST_DIR/screen"
}

# --- a network --------------------------------------------------------------------------------

# outside_make: the host that the test file has for itself gets a link to an "outside" world, a
# network namespace with the address 192.0.2.2 behind the link "uplink" (192.0.2.1/24), and its
# default route goes there.
outside_make() {
	ip netns add outside
	ip link add uplink type veth peer name uplink netns outside
	ip addr add 192.0.2.1/24 dev uplink
	ip link set uplink up
	ip -n outside addr add 192.0.2.2/24 dev uplink
	ip -n outside link set uplink up
	ip -n outside link set lo up
	ip route add default via 192.0.2.2
}

# outside COMMAND [ARG...]: as a machine out there. (Not "ip netns exec", which would hide the
# cgroup mounts below /sys.)
outside() {
	nsenter --net=/run/netns/outside "$@"
}

outside_remove() {
	ip link del uplink 2>/dev/null
	ip netns del outside 2>/dev/null
	umount /run/netns 2>/dev/null
	rmdir /run/netns 2>/dev/null
	true
}
