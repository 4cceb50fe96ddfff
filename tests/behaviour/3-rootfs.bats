#!/usr/bin/env bats
# Stage 3: a root put together from layers, with the host's files out of reach.

# shellcheck disable=SC2034,SC2153,SC2154 # for the functions that are loaded; set by run

load ../helpers
load ../checks

STAGE=$COOPER_BIN/3-rootfs

# start_idle [OPTION...] ROOTFS: a container that does nothing; the command's pid in COMMAND.
start_idle() {
	start_stage "$@" sh -c 'echo ready; exec sleep 1000'
	await_output ready
	command_pid "$PID"
}

# mounted WHERE: what the kernel says of that mount inside, "TYPE OPTIONS,SUPEROPTIONS".
mounted() {
	awk -v where="$1" '$5 == where {
		for (i = 7; $i != "-"; i++);
		print $(i + 1), $6 "," $(i + 3)
	}' "/proc/$COMMAND/mountinfo"
}

# tree DIR: all that there is to know of a tree, to see whether it has changed.
tree() {
	find "$1" -printf '%P %y %m %U:%G %s %T@ %l\n' | sort
}

# --- layers -----------------------------------------------------------------------------------

@test "layers: an upper one hides what lies below, directories are merged" {
	rootfs_make rootfs
	mkdir -p one/etc two/etc
	for layer in rootfs one two; do
		echo "$layer" >"$layer/etc/all"
		echo "$layer" >"$layer/etc/only-$layer"
	done
	echo one >one/etc/lower
	echo rootfs >rootfs/etc/lower
	run -0 stage --layer one --layer two rootfs cat /etc/all /etc/lower /etc/only-rootfs \
		/etc/only-one /etc/only-two
	[[ $output == $'two\none\nrootfs\none\ntwo' ]]
	run -0 stage --layer two --layer one rootfs cat /etc/all
	[[ $output == one ]]
}

# bats test_tags=root
@test "layers: whiteouts and opaque directories hide what lies below" {
	skip_unless_installed setfattr
	rootfs_make rootfs
	mkdir -p rootfs/data layer/etc layer/data
	echo >rootfs/data/old
	echo >layer/data/new
	mknod layer/etc/group c 0 0
	setfattr -n trusted.overlay.opaque -v y layer/data
	run -0 stage --layer layer rootfs sh -c 'ls /data; ls /etc'
	[[ $output == $'new\npasswd' ]]
}

@test "the rootfs and the layers never change" {
	rootfs_make rootfs
	mkdir -p layer/data
	echo >layer/data/file
	tree rootfs >before
	tree layer >>before
	run -0 stage --layer layer rootfs sh -c 'echo new >/etc/group; rm /etc/passwd /data/file
		rm -r /usr; mkdir /made; chmod 700 /bin; chown 1:1 /tmp; ls -d /made'
	{ tree rootfs && tree layer; } >after
	diff before after
}

@test "changes vanish at the end" {
	rootfs_make rootfs
	run -0 stage rootfs sh -c 'echo new >/made && cat /made'
	run -1 stage rootfs cat /made
	[[ -z $(find "$TEST_DIR" -name made) ]]
}

@test "--upper keeps the changes, removals included" {
	rootfs_make rootfs
	run -0 stage --upper kept rootfs sh -c 'echo new >/made; rm /etc/group'
	[[ $(<kept/made) == new ]]
	[[ $(stat -c %F:%t:%T kept/etc/group) == "character special file:0:0" ]]
	run -0 stage --upper kept rootfs sh -c 'cat /made; ls /etc'
	[[ $output == $'new\npasswd' ]]
	[[ ! -e rootfs/made && -e rootfs/etc/group ]]
}

# shellcheck disable=SC1003 # a backslash at the end is meant
@test "layers, upper and rootfs with blanks, colons, commas and backslashes in their names" {
	rootfs_make 'a root: fs,x\y'
	mkdir -p 'lay,er:1' 'lay er\2' 'up per,:\'
	echo 1 >'lay,er:1/first'
	echo 2 >'lay er\2/second'
	run -0 stage --layer 'lay,er:1' --layer 'lay er\2' --upper 'up per,:\' 'a root: fs,x\y' \
		sh -c 'cat /first /second; echo 3 >/third'
	[[ $output == $'1\n2' ]]
	[[ $(<'up per,:\/third') == 3 ]]
}

@test "many layers" {
	local n options=()
	rootfs_make rootfs
	for n in {1..60}; do
		mkdir "layer$n"
		echo "$n" >"layer$n/top"
		echo "$n" >"layer$n/file$n"
		options+=(--layer "layer$n")
	done
	run -0 stage "${options[@]}" rootfs sh -c 'cat /top; ls / | grep -c file'
	[[ $output == $'60\n60' ]]
}

# bats test_tags=root
@test "two at once on the same rootfs do not see each other's changes" {
	rootfs_make rootfs
	start_stage rootfs sh -c 'echo first >/made; echo ready; exec sleep 1000'
	await_output ready
	run -1 stage rootfs cat /made
	run -0 stage rootfs sh -c 'echo second >/made; cat /made'
	[[ $output == second ]]
	command_pid "$PID"
	[[ $(nsenter --mount="/proc/$COMMAND/ns/mnt" --wd=/ /bin/cat /made) == first ]]
}

@test "a layer that is missing or a file is named" {
	rootfs_make rootfs
	echo >file
	run -1 stage --layer no-layer rootfs true
	[[ ${lines[0]} == "3-rootfs: "*no-layer*": No such file or directory" ]]
	run -1 stage --layer file rootfs true
	[[ ${lines[0]} == "3-rootfs: "*file*": Not a directory" ]]
}

# --- the root ---------------------------------------------------------------------------------

# bats test_tags=root
@test "pivot_root: the root is the overlay, and no mount of the host is left" {
	rootfs_make rootfs
	start_idle rootfs
	[[ $(mounted /) == overlay\ rw,* ]]
	# Of everything mounted, the mount points are these.
	awk '{ print $5 }' "/proc/$COMMAND/mountinfo" | sort >found
	printf '%s\n' / /dev /dev/mqueue /dev/pts /dev/shm /proc /sys | diff - found
	# And each is private: no "shared:" or "master:".
	not grep -E ' (shared|master):[0-9]+ ' "/proc/$COMMAND/mountinfo"
	[[ $(readlink "/proc/$COMMAND/root") == / && $(readlink "/proc/$COMMAND/cwd") == / ]]
}

@test "the climb out of stages 1 and 2 ends at the container's own root" {
	rootfs_make rootfs
	echo "secret of the host" >secret
	echo inside >rootfs/mark-of-the-rootfs
	cp "$COOPER_BIN/chroot-escape" rootfs/bin
	run -1 stage rootfs chroot-escape "$TEST_DIR/secret"
	[[ $output == *"No such file or directory" ]]
	run -0 stage rootfs chroot-escape
	[[ $output == *mark-of-the-rootfs* ]]
	# No matter who tries: the init's root and working directory are no door either.
	run -0 stage rootfs ls /proc/1/root /proc/1/cwd
	[[ $(grep -c mark-of-the-rootfs <<<"$output") -eq 2 ]]
}

@test "no file of the host is open inside" {
	local process
	rootfs_make rootfs
	exec {open}<"$TEST_DIR"
	start_idle rootfs
	exec {open}<&-
	for process in "$COMMAND" "$(container_init "$PID")"; do
		readlink "/proc/$process/fd/"* >found
		not grep -v -e "^$TEST_DIR/\(out\|err\)$" -e '^/dev/null$' -e '^pipe:' -e '^socket:' \
			-e '^anon_inode:' found
	done
}

@test "a link to the rootfs is followed on the host" {
	rootfs_make rootfs
	ln -s rootfs link
	run -0 stage link echo hello
	[[ $output == hello ]]
}

@test "--read-only: nothing in the root can be changed" {
	rootfs_make rootfs
	mkdir kept volume
	start_idle --read-only --volume "$TEST_DIR/volume:/data" rootfs
	[[ $(mounted /) == overlay\ ro,* ]]
	run -1 stage --read-only rootfs touch /made
	[[ $output == *"Read-only file system"* ]]
	run -0 stage --read-only --volume "$TEST_DIR/volume:/data" rootfs \
		sh -c 'echo 1 >/data/file && echo 2 >/dev/shm/file && echo 3 >/dev/null'
	[[ $(<volume/file) == 1 ]]
}

# --- /proc, /sys, /dev ------------------------------------------------------------------------

# bats test_tags=root
@test "/proc is its own; /sys is read-only" {
	rootfs_make rootfs
	start_idle rootfs
	[[ $(mounted /proc) == proc\ rw,nosuid,nodev,noexec,* ]]
	[[ $(mounted /sys) == sysfs\ ro,nosuid,nodev,noexec,* ]]
	run -0 stage rootfs sh -c 'echo /proc/[0-9]*'
	[[ $output == "/proc/1 /proc/2" ]]
	run -1 stage rootfs sh -c 'echo 1 >/sys/kernel/uevent_helper'
	[[ $output == *"Read-only file system"* ]]
}

# bats test_tags=root
@test "/dev holds the standard nodes, and no disk" {
	local inside
	rootfs_make rootfs
	mknod rootfs/dev/disk b 7 99
	start_idle rootfs
	[[ $(mounted /dev) == tmpfs\ rw,nosuid,* ]]
	inside=/proc/$COMMAND/root/dev
	run -0 ls "$inside"
	[[ $(xargs <<<"$output") == "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero" ]]
	run -0 stat -c '%n %F %t:%T %a %u:%g' "$inside"/{null,zero,full,random,urandom,tty}
	[[ ${output//"$inside"\//} == "null character special file 1:3 666 0:0
zero character special file 1:5 666 0:0
full character special file 1:7 666 0:0
random character special file 1:8 666 0:0
urandom character special file 1:9 666 0:0
tty character special file 5:0 666 0:0" ]]
	[[ $(readlink "$inside/fd") == /proc/self/fd && $(readlink "$inside/ptmx") == pts/ptmx ]]
}

@test "devpts, shm and mqueue are its own" {
	rootfs_make rootfs
	start_idle rootfs
	[[ $(mounted /dev/pts) == devpts\ rw,nosuid,noexec,* ]]
	[[ $(mounted /dev/shm) == tmpfs\ rw,nosuid,nodev,noexec,* ]]
	[[ $(mounted /dev/mqueue) == mqueue\ rw,nosuid,nodev,noexec,* ]]
	# No terminal of the host, and a ptmx that makes new ones here.
	[[ $(ls "/proc/$COMMAND/root/dev/pts") == ptmx ]]
	[[ $(stat -c %a "/proc/$COMMAND/root/dev/pts/ptmx") == 666 ]]
	[[ $(stat -c %d "/proc/$COMMAND/root/dev/pts") != "$(stat -c %d /dev/pts)" ]]
	[[ $(stat -c %a "/proc/$COMMAND/root/dev/shm") == 1777 ]]
}

@test "a rootfs without /proc, /sys and /dev gets them" {
	rootfs_make rootfs
	removal rootfs/proc rootfs/sys rootfs/dev
	run -0 stage rootfs sh -c 'echo >/dev/null && ls -d /proc/self /sys/kernel'
	[[ ! -e rootfs/proc && ! -e rootfs/sys && ! -e rootfs/dev ]]
}

@test "a rootfs whose /dev leads out does not make nodes on the host" {
	rootfs_make rootfs
	mkdir dev proc
	rm -r rootfs/dev rootfs/proc
	ln -s "$TEST_DIR/dev" rootfs/dev
	ln -s "../../../../../../../$TEST_DIR/proc" rootfs/proc
	run stage rootfs true
	[[ -z $(ls -A dev) && -z $(ls -A proc) ]]
}

# --- volumes ----------------------------------------------------------------------------------

@test "--volume: a directory and a file of the host, written to from inside" {
	rootfs_make rootfs
	mkdir source
	echo outside >source/file
	echo alone >single
	run -0 stage --volume "$TEST_DIR/source:/data/deep" --volume "$TEST_DIR/single:/etc/single" \
		rootfs sh -c 'cat /data/deep/file /etc/single; echo inside >/data/deep/made; echo more >>/etc/single'
	[[ $output == $'outside\nalone' ]]
	[[ $(<source/made) == inside && $(<single) == $'alone\nmore' ]]
	# The places for them were made in the overlay, not in the rootfs.
	[[ ! -e rootfs/data && ! -e rootfs/etc/single ]]
}

@test "--volume: a relative source" {
	rootfs_make rootfs
	mkdir source
	echo outside >source/file
	run -0 stage --volume source:/data rootfs cat /data/file
	[[ $output == outside ]]
}

# bats test_tags=root
@test "--volume ...:ro cannot be written to, not even what is mounted below" {
	rootfs_make rootfs
	mkdir -p source/below
	mount -t tmpfs tmpfs source/below
	run -0 stage --volume "$TEST_DIR/source:/data:ro" rootfs \
		sh -c 'touch /data/made /data/below/made; mount -o remount,bind,rw /data/below; echo end'
	umount source/below
	[[ $(grep -c "Read-only file system" <<<"$output") -eq 2 && $output == *end ]]
	[[ -z $(ls source/below) && ! -e source/made ]]
	run -0 stage --volume "$TEST_DIR/source:/data:rw" rootfs touch /data/made
	[[ -e source/made ]]
}

@test "--volume: a destination that leads out of the rootfs stays inside" {
	local way
	rootfs_make rootfs
	mkdir source outside
	echo "from the volume" >source/file
	echo "the host's" >outside/file
	ln -s "../../../../../../../../$TEST_DIR/outside" rootfs/relative
	ln -s "$TEST_DIR/outside" rootfs/absolute
	ln -s /proc/1/root rootfs/magic
	# Where the links lead to nothing inside, the host's directory is not taken for it.
	run stage --volume "$TEST_DIR/source:/absolute/below" rootfs true
	[[ $(ls outside) == file ]]
	mkdir -p "rootfs$TEST_DIR/outside"
	for way in relative absolute; do
		run -0 stage --volume "$TEST_DIR/source:/$way/below" rootfs cat "/$way/below/file"
		[[ $output == "from the volume" ]]
		run -0 stage --volume "$TEST_DIR/source:/$way" rootfs cat "$TEST_DIR/outside/file"
		[[ $output == "from the volume" ]]
	done
	run -0 stage --volume "$TEST_DIR/source:/../../../$TEST_DIR/outside/dots" rootfs \
		cat "$TEST_DIR/outside/dots/file"
	# The magic link leads to the root of this machine's init.
	run stage --volume "$TEST_DIR/source:/magic/$TEST_DIR/outside/magic" rootfs true
	[[ $(ls outside) == file && $(<outside/file) == "the host's" ]]
}

@test "--volume: what cannot be is refused by name" {
	rootfs_make rootfs
	for wrong in only-one :/data source: source:relative; do
		run -1 stage --volume "$wrong" rootfs true
		[[ ${lines[0]} == "3-rootfs: --volume: expected SRC:DST"*"\"$wrong\"" ]]
	done
	run -1 stage --volume source:/data:sometimes rootfs true
	[[ ${lines[0]} == *'"sometimes"' ]]
	run -1 stage --volume no-source:/data rootfs true
	[[ ${lines[0]} == "3-rootfs: "*no-source*": No such file or directory" ]]
	mkdir source
	run -1 stage --volume source:/etc/passwd rootfs true
	[[ ${lines[0]} == "3-rootfs: "*/etc/passwd* ]]
}

# --- what stage 2 had -------------------------------------------------------------------------

@test "mount, pid, uts and ipc namespaces are its own, the others the host's" {
	check_namespaces mnt pid uts ipc
}

# bats test_tags=root
@test "mounts made inside stay inside, even when the host's are shared" {
	check_mounts_stay_inside
}

@test "a signal arrives, once; one that ends the command: 128 and its number" {
	check_signals
	check_death_by_signal
}

@test "killed, the program leaves no process and no mount behind" {
	cut -d' ' -f5- /proc/self/mountinfo >before
	check_killed_stage_leaves_nothing
	cut -d' ' -f5- /proc/self/mountinfo | diff before -
}

# --- the terminal -----------------------------------------------------------------------------

@test "the command has a terminal of its own" {
	rootfs_make rootfs
	pty_start "tty; $(stage_words) rootfs sh -c 'tty; ls /dev/pts /dev/console; exec sleep 1000'"
	wait_until pgrep -x -f 'sleep 1000'
	grep -q '^/dev/\(pts/0\|console\)' screen
	local sleeper
	sleeper=$(pgrep -x -f 'sleep 1000')
	# Its controlling terminal is another device than the user's, on another devpts.
	[[ $(stat -L -c %d "/proc/$sleeper/fd/0") != "$(stat -c %d /dev/pts)" ]]
	pty_type '\003'
	await_exit
	[[ $STATUS -eq 130 ]]
}

@test "the window's size is the user's, and follows it" {
	rootfs_make rootfs
	pty_start "stty rows 33 cols 99; $(stage_words) rootfs sh -c 'stty size; trap \"stty size\" WINCH
		echo wait; while :; do sleep 0.1; done'"
	pty_await '^33 99'
	pty_await wait
	# The terminal of the stage, as the window's owner would resize it: in two steps.
	stty -F "/proc/$(pgrep -x 3-rootfs | head -n 1)/fd/0" rows 44 cols 111
	pty_await '^44 111'
	pty_type '\003'
	await_exit
}

@test "what the command prints last is not lost" {
	rootfs_make rootfs
	pty_start "$(stage_words) rootfs sh -c 'echo ready; while [ ! -e /go ]; do sleep 0.1; done
		seq 300; echo the end'; echo status \$?"
	pty_await ready
	# The stage's own process hears of its child's output and of its end at once.
	local stage
	stage=$(pgrep -x 3-rootfs | head -n 1)
	command_pid "$stage"
	kill -STOP "$stage"
	touch "/proc/$COMMAND/root/go"
	wait_until ended "$COMMAND"
	kill -CONT "$stage"
	pty_await '^status 0'
	await_exit
	tr -d '\r' <screen | grep -x -e '[0-9][0-9]*' -e 'the end' >found
	{ seq 300 && echo the end; } | diff - found
}

@test "much that the command prints is not lost either" {
	rootfs_make rootfs
	pty_start "$(stage_words) rootfs seq 20000"
	await_exit
	tr -d '\r' <screen | grep -x '[0-9][0-9]*' >found
	seq 20000 | diff - found
}

@test "when the user's terminal is gone, so is the command" {
	rootfs_make rootfs
	pty_start "$(stage_words) rootfs sh -c 'echo ready; exec sleep 1000'"
	pty_await ready
	local stage
	stage=$(pgrep -x 3-rootfs | head -n 1)
	kill -KILL "$PID"
	wait_until gone "$stage"
	wait_until not pgrep -x -f 'sleep 1000'
}

@test "without a terminal, output and errors are two streams, and input ends" {
	rootfs_make rootfs
	printf 'one\ntwo' >input
	run -0 --separate-stderr stage rootfs sh -c 'cat; echo wrong >&2' <input
	[[ $output == $'one\ntwo' && $stderr == wrong ]]
}

@test "^C on the terminal arrives, once" {
	check_interrupt_from_terminal
}

@test "a shell has job control" {
	check_job_control
}

@test "the terminal is as before" {
	check_terminal_restored
}

@test "the terminal is as before, when the command could not even be started" {
	rootfs_make rootfs
	pty_start "stty -a >before; $(stage_words) rootfs missing; echo status \$?; stty -a >after"
	pty_await 'status 127'
	await_exit
	grep -q 'execve: missing: executable file not found' screen
	diff before after
}

# --- without root -----------------------------------------------------------------------------

@test "--user: layers, volumes, /dev and the pivot work without root" {
	rootless
	rootfs_make rootfs
	mkdir layer
	mkdir -m 777 source
	echo layer >layer/file
	start_idle --layer layer --volume "$TEST_DIR/source:/data" rootfs
	[[ $(stat -c %u "/proc/$COMMAND") == "$USER_ID" && $(mounted /) == overlay\ rw,* ]]
	not grep -q "$TEST_DIR" <(awk '{ print $5 }' "/proc/$COMMAND/mountinfo")
	run -0 stage --layer layer --volume "$TEST_DIR/source:/data" rootfs \
		sh -c 'cat /file; echo 1 >/dev/null; echo 2 >/data/made; head -c 1 /dev/zero | wc -c; id -u'
	[[ $output == $'layer\n1\n0' ]]
	[[ $(stat -c %u source/made) == "$USER_ID" ]]
}

@test "--user: the rootfs of the user itself can be changed, in the overlay" {
	rootless
	rootfs_make rootfs
	give_to_user rootfs
	tree rootfs >before
	run -0 stage rootfs sh -c 'echo new >/etc/group; rm /etc/passwd; mkdir /made; ls /etc'
	[[ $output == group ]]
	tree rootfs | diff before -
}

@test "--user: /sys cannot be written to" {
	rootless
	rootfs_make rootfs
	start_idle rootfs
	[[ $(mounted /sys) == sysfs\ ro,* ]]
	not grep -E ' /sys[^ ]* rw' "/proc/$COMMAND/mountinfo"
}

@test "--user: exit statuses, signals and the end are the same" {
	rootless
	check_exit_statuses
	check_signals
	check_killed_stage_leaves_nothing
}

@test "--user: a shell has job control on a terminal of its own" {
	rootless
	check_job_control
	not grep -q "can't access tty" screen
}

# --- exit statuses and errors -----------------------------------------------------------------

@test "the command's exit status is the program's" {
	check_exit_statuses
}

@test "a command that does not exist: 127; one that cannot be executed: 126" {
	check_command_missing
	check_command_not_executable
}

@test "a command whose interpreter or loader is missing is explained" {
	check_interpreter_missing
}

@test "nothing of the caller's environment gets in" {
	check_environment
}

@test "PATH is looked up inside; the working directory can be chosen" {
	check_path_is_looked_up_inside
	check_working_directory
}

@test "a rootfs that is missing, a file, closed, or empty" {
	check_bad_rootfs
}

@test "wrong usage: 2, with what is wrong" {
	check_usage_errors
	run -2 stage --layer
	run -2 stage --read-only=yes rootfs true
}

@test "--help and --version" {
	check_help
}

@test "--explain: text, json, trace" {
	check_explain
	run -0 --separate-stderr stage --explain=json rootfs true
	[[ $(jq -r .step <<<"$stderr") == *"pivot_root: "* ]]
}

# --- what it still lets through ---------------------------------------------------------------

# bats test_tags=root
@test "let through: the host's network, links and all" {
	rootfs_make rootfs
	ip link add let-through type veth peer name its-peer
	run -0 stage rootfs grep -c let-through: /proc/net/dev
	ip link del let-through
	[[ $output == 1 ]]
}

# bats test_tags=root
@test "let through: root makes a node of any device" {
	rootfs_make rootfs
	run -0 stage rootfs sh -c 'mknod /disk b 7 99 && ls -l /disk'
	[[ $output == b*"7,  99"* ]]
}
