#!/usr/bin/env bats
# Stage 4: limits on what a container may use up, on hosts of every kind: each test finds out where
# a controller is, as the stage has to.

# shellcheck disable=SC2034,SC2153,SC2154 # for the functions that are loaded; set by run
# shellcheck disable=SC2016 # much here is for a shell that the test starts

load ../helpers
load ../checks

STAGE=$COOPER_BIN/4-cgroups

# Wants 200 MiB at once, and no more: should a limit fail, the machine survives.
readonly HUNGRY=(dd if=/dev/zero of=/dev/null bs=200M count=1)

# start_idle [OPTION...] ROOTFS: a container that does nothing; the command's pid in COMMAND.
start_idle() {
	start_stage "$@" sh -c 'echo ready; exec sleep 1000'
	await_output ready
	command_pid "$PID"
}

# hierarchy CONTROLLER: the mount point of the v1 tree that has it, or else of the v2 tree.
hierarchy() {
	awk -v name="$1" '
		{ for (i = 7; $i != "-"; i++); }
		$(i + 1) == "cgroup" && index("," $(i + 3) ",", "," name ",") { v1 = $5 }
		$(i + 1) == "cgroup2" { v2 = $5 }
		END { print v1 ? v1 : v2 }' /proc/self/mountinfo
}

# cgroup_of PID CONTROLLER: the directory of the process's cgroup there.
cgroup_of() {
	local path
	path=$(awk -F: -v name="$2" 'index("," $2 ",", "," name ",") { print $3 }' "/proc/$1/cgroup")
	echo "$(hierarchy "$2")${path:-$(sed -n 's/^0:://p' "/proc/$1/cgroup")}"
}

# limit CONTROLLER V1-FILE V2-FILE: what stands in that file of the command's cgroup.
limit() {
	local directory
	directory=$(cgroup_of "$COMMAND" "$1")
	cat "$directory/$2" 2>/dev/null || cat "$directory/$3"
}

# all_cgroups_of PID: every cgroup that the process has to itself, a directory a line.
all_cgroups_of() {
	local name path
	name=$(sed -n 's|.*:/.*\(4-cgroups-[0-9]*-[0-9a-f]*\).*|\1|p' "/proc/$1/cgroup" | head -n 1)
	findmnt -rno TARGET -t cgroup,cgroup2 | while read -r path; do
		find "$path" -type d -name "$name"
	done
}

none_exists() {
	local directory
	for directory; do
		[[ ! -e $directory ]] || return 1
	done
}

limits_disks() {
	[[ -e $(hierarchy blkio)/blkio.throttle.read_bps_device ]] ||
		grep -qw io "$(hierarchy blkio)/cgroup.controllers"
}

# throttled DIRECTORY: whether its processes have had to wait for their next share.
throttled() {
	[[ $(awk '$1 == "nr_throttled" { print $2 }' "$1/cpu.stat") -gt 0 ]]
}

# my_cgroups: the part of the v2 tree that a plain user has, if any: around the user's own cgroup.
my_cgroups() {
	local path
	path=$(hierarchy "")$(sed -n 's/^0:://p' /proc/self/cgroup)
	[[ -w ${path%/*}/cgroup.procs ]] && echo "${path%/*}"
}

# skip_unless_cgroups [CONTROLLER]: unless there are such, with that controller.
skip_unless_cgroups() {
	[[ $EUID -ne 0 ]] || return 0
	skip_unless "nothing is delegated to this user" my_cgroups
	[[ -z ${1:-} ]] || skip_unless "the controller $1 is not delegated to this user" \
		grep -w "$1" "$(my_cgroups)/cgroup.controllers"
}

# --- the cgroup -------------------------------------------------------------------------------

@test "a cgroup of its own in every hierarchy, gone afterwards" {
	skip_unless_cgroups
	rootfs_make rootfs
	start_idle rootfs
	mapfile -t made < <(all_cgroups_of "$COMMAND")
	# One for each hierarchy with a controller that containers have a use for, and the v2 tree.
	[[ ${#made[@]} -eq $(findmnt -rno OPTIONS,FSTYPE -t cgroup,cgroup2 | grep -cE \
		'cgroup2|[, ](cpu|cpuacct|cpuset|memory|pids|blkio|freezer|devices)[, ]') ]]
	for directory in "${made[@]}"; do
		grep -qx "$COMMAND" "$directory/cgroup.procs"
	done
	# The stage itself stays where it was.
	[[ $(cgroup_of "$PID" memory) != "$(cgroup_of "$COMMAND" memory)" ]]
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 143 ]]
	none_exists "${made[@]}"
}

@test "gone also when the stage is killed with SIGKILL" {
	skip_unless_cgroups
	rootfs_make rootfs
	start_idle --memory 64M rootfs
	mapfile -t made < <(all_cgroups_of "$COMMAND")
	[[ ${#made[@]} -gt 0 ]]
	kill -KILL "$PID"
	wait_until gone "$COMMAND"
	wait_until none_exists "${made[@]}"
}

@test "gone also when processes were left behind in cgroups below it" {
	skip_unless_cgroups
	rootfs_make rootfs
	start_idle rootfs
	mapfile -t made < <(all_cgroups_of "$COMMAND")
	[[ ${#made[@]} -gt 0 ]]
	# By the host: inside, the trees are read-only.
	for directory in "${made[@]}"; do
		mkdir -p "$directory/below/deeper"
	done
	start sleep 1000
	for directory in "${made[@]}"; do
		[[ $directory == *cpuset* ]] || echo "$PID" >"$directory/below/deeper/cgroup.procs"
	done
	kill -TERM "${STARTED[0]}"
	wait_until ended "$PID"
	wait_until none_exists "${made[@]}"
}

@test "gone also when it was frozen" {
	skip_unless_cgroups
	rootfs_make rootfs
	start_idle rootfs
	local freezer
	freezer=$(cgroup_of "$COMMAND" freezer)
	if [[ -e $freezer/freezer.state ]]; then
		echo FROZEN >"$freezer/freezer.state"
		wait_until grep -qx FROZEN "$freezer/freezer.state"
	else
		echo 1 >"$freezer/cgroup.freeze"
		wait_until grep -qx 'frozen 1' "$freezer/cgroup.events"
	fi
	kill -KILL "$PID"
	wait_until gone "$COMMAND"
	wait_until none_exists "$freezer"
}

@test "a stage that fails leaves no cgroup" {
	skip_unless_cgroups
	rootfs_make rootfs
	for arguments in 'rootfs no-such-command' 'missing true'; do
		# shellcheck disable=SC2086 # words
		run ! --separate-stderr stage --explain=json --memory 64M --pids 10 $arguments
		mapfile -t made < <(grep '^{' <<<"$stderr" | jq -r .step | sed -n 's|^mkdir cgroup: \(.*/4-cgroups-.*\)|\1|p')
		[[ ${#made[@]} -gt 0 ]]
		none_exists "${made[@]}"
	done
}

@test "a cgroup namespace: inside, its own cgroup is the top, read-only" {
	rootfs_make rootfs
	start_idle rootfs
	[[ $(namespace "$COMMAND" cgroup) != "$(namespace self cgroup)" ]]
	run -0 stage rootfs cat /proc/self/cgroup
	[[ $output != *4-cgroups* ]]
	while IFS=: read -r _ controllers path; do
		[[ $controllers == name=* || $path == / ]]
	done <<<"$output"
	run ! stage rootfs sh -c 'find /sys/fs/cgroup -name 4-cgroups-* | grep .'
	run -0 stage rootfs sh -c 'find /sys/fs/cgroup -name cgroup.procs'
	[[ -n $output ]]
	run ! stage rootfs sh -c 'mkdir "$(dirname "$(find /sys/fs/cgroup -name cgroup.procs | head -n 1)")/new"'
	[[ $output == *"Read-only file system"* ]]
}

# --- memory -----------------------------------------------------------------------------------

@test "--memory and --swap stand in the cgroup's files" {
	skip_unless_cgroups
	rootfs_make rootfs
	start_idle --memory 64M --swap 32M rootfs
	[[ $(limit memory memory.limit_in_bytes memory.max) -eq $((64 << 20)) ]]
	if [[ -e $(cgroup_of "$COMMAND" memory)/memory.max ]]; then
		[[ $(limit memory - memory.swap.max) -eq $((32 << 20)) ]]
	else
		[[ $(limit memory memory.memsw.limit_in_bytes -) -eq $((96 << 20)) ]]
	fi
}

@test "too much memory: killed, status 137, and the reason with the limit" {
	skip_unless_cgroups
	rootfs_make rootfs
	run -137 --separate-stderr stage --memory 64M --swap 0 rootfs "${HUNGRY[@]}"
	[[ $stderr == "4-cgroups: killed: out of memory (limit 64 MiB)" ]]
	# Less than that is fine, and then nothing is said.
	run -0 stage --memory 64M --swap 0 rootfs sh -c 'head -c 10000000 /dev/zero | tail -c 1 | wc -c'
	[[ $output == 1 ]]
}

@test "too much memory in a child: the command's own status, and the reason" {
	skip_unless_cgroups
	rootfs_make rootfs
	run -3 --separate-stderr stage --memory 32M --swap 0 rootfs sh -c "${HUNGRY[*]} 2>&1; exit 3"
	[[ $stderr == *"4-cgroups: a process inside was killed: out of memory (limit 32 MiB)" ]]
}

@test "a SIGKILL that has nothing to do with memory is not explained by it" {
	skip_unless_cgroups
	rootfs_make rootfs
	run -137 --separate-stderr stage --memory 64M rootfs sh -c 'kill -KILL $$'
	[[ -z $stderr ]]
}

# --- processor time, processors ---------------------------------------------------------------

@test "--cpus: a busy command is throttled" {
	skip_unless_cgroups
	rootfs_make rootfs
	start_stage --cpus 0.2 rootfs sh -c 'echo ready; while :; do :; done'
	await_output ready
	command_pid "$PID"
	wait_until throttled "$(cgroup_of "$COMMAND" cpu)"
	[[ $(limit cpu cpu.cfs_quota_us cpu.max) == "20000"* ]]
}

@test "without --cpus nothing is throttled" {
	rootfs_make rootfs
	start_stage rootfs sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo ready; exec sleep 1000'
	await_output ready
	command_pid "$PID"
	not throttled "$(cgroup_of "$COMMAND" cpu)" 2>/dev/null
}

@test "--cpuset: only these processors" {
	skip_unless_cgroups cpuset
	rootfs_make rootfs
	start_idle --cpuset 0 rootfs
	[[ $(awk '$1 == "Cpus_allowed_list:" { print $2 }' "/proc/$COMMAND/status") == 0 ]]
	start_idle rootfs
	[[ $(awk '$1 == "Cpus_allowed_list:" { print $2 }' "/proc/$COMMAND/status") == \
		"$(awk '$1 == "Cpus_allowed_list:" { print $2 }' /proc/self/status)" ]]
}

# --- processes --------------------------------------------------------------------------------

# Two hundred at the most: a bomb without a bound would take the machine along if the limit failed.
@test "--pids stops one that forks and forks, and the host does not notice" {
	skip_unless_cgroups
	rootfs_make rootfs
	start_stage --pids 20 rootfs sh -c 'echo ready
		i=0
		while [ $((i += 1)) -le 200 ]; do (sleep 1000 &) 2>/dev/null; done
		exec sleep 1000'
	await_output ready
	command_pid "$PID"
	local directory
	directory=$(cgroup_of "$COMMAND" pids)
	wait_until refused "$directory"
	[[ $(cat "$directory/pids.max") -eq 20 && $(cat "$directory/pids.current") -le 20 ]]
	run -0 true
	kill -TERM "$PID"
	await_exit
	none_exists "$directory"
}

# The pids controller counts the forks that it has refused.
refused() {
	awk '$1 == "max" && $2 > 0 { found = 1 } END { exit !found }' "$1/pids.events"
}

@test "--pids: one more than the limit is refused" {
	skip_unless_cgroups
	rootfs_make rootfs
	# PID 1, the shell, and three more.
	run -0 stage --pids 5 rootfs sh -c 'sleep 5 & sleep 5 & sleep 5 & echo three'
	[[ $output == three ]]
	run ! stage --pids 5 rootfs sh -c 'sleep 5 & sleep 5 & sleep 5 & sleep 5 & echo four'
	[[ $output == *"can't fork"* && $output != *four* ]]
}

# --- disks ------------------------------------------------------------------------------------

# A whole disk, or nothing.
a_disk() {
	lsblk --nodeps --noheadings --output NAME,TYPE 2>/dev/null |
		awk '$2 == "disk" && $1 !~ /zram/ { print $1; exit }' | grep .
}

# bats test_tags=root
@test "--io-read-bps, --io-write-bps stand in the cgroup's files" {
	skip_unless "this host has no blkio (io) controller" limits_disks
	skip_unless "this host has no disk" a_disk
	local disk numbers
	disk=$(a_disk)
	numbers=$(cat "/sys/block/$disk/dev")
	rootfs_make rootfs
	mknod node b "${numbers%:*}" "${numbers#*:}"
	start_idle --io-read-bps "node:1M" --io-write-bps "$numbers:2M" rootfs
	[[ $(limit blkio blkio.throttle.read_bps_device io.max) == *"$numbers "*1048576* ]]
	[[ $(limit blkio blkio.throttle.write_bps_device io.max) == *"$numbers "*2097152* ]]
}

# --- bad input --------------------------------------------------------------------------------

@test "limits that are no numbers or out of range are refused by their flag" {
	rootfs_make rootfs
	while read -r flag value; do
		run -1 stage "$flag" "$value" rootfs true
		[[ ${lines[0]} == "4-cgroups: $flag: "* && ${#lines[@]} -eq 1 ]] || {
			echo "$flag $value: $output"
			return 1
		}
	done <<-'END'
		--memory lots
		--memory 0
		--memory -5
		--memory 64MB
		--memory 99999999999999999999
		--swap 64M
		--cpus none
		--cpus 0
		--cpus 0.0001
		--cpus -1
		--cpus 99999
		--cpuset zero
		--cpuset 1-0
		--cpuset 99999
		--pids few
		--pids 0
		--pids -1
		--pids 99999999999
		--io-read-bps 1M
		--io-read-bps /dev/null:1M
		--io-read-bps /dev/no-such-disk:1M
		--io-write-bps 8:0:fast
	END
}

@test "what only the kernel can refuse is explained, and nothing is left" {
	skip_unless_cgroups io
	skip_unless "this host has no blkio (io) controller" limits_disks
	rootfs_make rootfs
	run -1 stage --io-read-bps 4095:1:1M rootfs true
	[[ ${lines[0]} == *"No such device" ]]
	hint_matches "whole disk"
}

# bats test_tags=root
@test "a controller that the host lacks is named" {
	rootfs_make rootfs
	# In a mount namespace of its own: where the controller is mounted is then out of sight.
	hide() {
		unshare --mount --propagation private sh -c 'umount "$0" && exec "$@"' "$@"
	}
	run -1 hide "$(hierarchy pids)" "$STAGE" --pids 20 rootfs true
	[[ ${lines[0]} == '4-cgroups: this host has no cgroup controller "pids", which a limit needs' ]]
	hint_matches /proc/cgroups
	# What does not need it, goes on.
	run -0 hide "$(hierarchy pids)" "$STAGE" rootfs true
}

# bats test_tags=root
@test "a host without any cgroups: runs, but without limits" {
	rootfs_make rootfs
	bare() {
		unshare --mount --propagation private \
			sh -c 'mount -t tmpfs tmpfs /sys/fs/cgroup && exec "$@"' sh "$@"
	}
	run -0 bare "$STAGE" rootfs echo runs
	[[ $output == runs ]]
	run -1 bare "$STAGE" --memory 64M rootfs true
	[[ ${lines[0]} == *'no cgroup controller "memory"'* ]]
}

# bats test_tags=root
@test "cgroups that are mounted twice, where the first mount is hidden: limits work" {
	rootfs_make rootfs
	mkdir second
	run -0 unshare --mount --propagation private sh -c 'mount --rbind /sys/fs/cgroup second &&
		mount -t tmpfs tmpfs /sys/fs/cgroup && exec "$@"' sh "$STAGE" --explain --pids 20 rootfs echo runs
	echo "$output"
	[[ $output == *"write: 20 > $PWD/second/"*pids.max*runs* ]]
}

# bats test_tags=root
@test "cgroups that are mounted read-only are explained" {
	rootfs_make rootfs
	run -1 unshare --mount --propagation private \
		sh -c 'mount -o remount,bind,ro "$0" && exec "$@"' "$(hierarchy memory)" \
		"$STAGE" --memory 64M rootfs true
	[[ ${lines[0]} == *"Read-only file system" ]]
	hint_matches read-only
}

# --- without root -----------------------------------------------------------------------------

@test "without root, no limit asked: runs in the caller's cgroup" {
	[[ $EUID -eq 0 ]] || skip_unless "this user has cgroups" not my_cgroups
	rootless
	rootfs_make rootfs
	start_idle rootfs
	[[ $(cat "/proc/$COMMAND/cgroup") == "$(cat "/proc/$PID/cgroup")" ]]
	[[ $(namespace "$COMMAND" cgroup) != "$(namespace self cgroup)" ]]
}

@test "without root, a limit where nothing is delegated: what to do" {
	[[ $EUID -eq 0 ]] || skip_unless "this user has cgroups" not my_cgroups
	rootless
	rootfs_make rootfs
	run -1 stage --memory 64M rootfs true
	[[ ${lines[0]} == "4-cgroups: "*/sys/fs/cgroup/*": Permission denied" ]]
	hint_matches delegated
}

# delegate [CONTROLLER]: a part of the v2 tree that belongs to the user, with a cgroup for the shell
# in it, in DELEGATED. The words of IN_SESSION are the stage, run by the user in that cgroup. (Who is
# a plain user already has both, or else the test is skipped.)
delegate() {
	local unified
	if [[ $EUID -ne 0 ]]; then
		skip_unless_cgroups
		DELEGATED=$(my_cgroups)
		IN_SESSION=("$STAGE" --user)
		return
	fi
	unified=$(findmnt -rno TARGET -t cgroup2 | head -n 1)
	DELEGATED=$unified/cooper-tests-$BASHPID
	mkdir -p "$DELEGATED/session"
	if [[ -n ${1:-} ]]; then
		echo "+$1" >"$unified/cgroup.subtree_control"
		echo "+$1" >"$DELEGATED/cgroup.subtree_control"
	fi
	chown -R "$USER_ID:$USER_ID" "$DELEGATED"
	IN_SESSION=(sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$DELEGATED/session"
		"${AS_USER[@]}" "$STAGE" --user)
}

undelegate() {
	find "$DELEGATED" -name '4-cgroups-*' | not grep .
	[[ $EUID -ne 0 ]] || rmdir "$DELEGATED/session" "$DELEGATED"
}

@test "without root, in a delegated v2 subtree: born in a cgroup there" {
	rootless
	skip_unless "this host has no cgroup v2" grep ' - cgroup2 ' /proc/self/mountinfo
	rootfs_make rootfs
	delegate
	start "${IN_SESSION[@]}" "$TEST_DIR/rootfs" sh -c 'echo ready; exec sleep 1000'
	await_output ready
	command_pid "$PID"
	grep -q "^0::/.*${DELEGATED##*/}/4-cgroups-" "/proc/$COMMAND/cgroup"
	kill -TERM "$PID"
	await_exit
	undelegate
}

@test "without root, in a delegated v2 subtree: limits" {
	rootless
	skip_unless "the memory controller is not in v2" test -e "$(hierarchy memory)/cgroup.controllers"
	rootfs_make rootfs
	delegate memory
	run -137 "${IN_SESSION[@]}" --memory 64M "$TEST_DIR/rootfs" "${HUNGRY[@]}"
	[[ $output == *"4-cgroups: killed: out of memory (limit 64 MiB)" ]]
	undelegate
}

# --- as every stage ---------------------------------------------------------------------------

@test "namespaces of its own: mnt, pid, uts, ipc, cgroup" {
	check_namespaces mnt pid uts ipc cgroup
}

@test "a stage that is killed with SIGKILL takes the container with it" {
	check_killed_stage_leaves_nothing
}

@test "exit statuses" {
	check_exit_statuses
}

@test "a command that does not exist: 127; one that cannot be executed: 126" {
	check_command_missing
	check_command_not_executable
}

@test "signals are passed on" {
	check_signals
	check_death_by_signal
}

@test "a terminal that works" {
	check_job_control
}

@test "the terminal is as it was afterwards" {
	check_terminal_restored
}

@test "a rootfs that is missing, a file, closed, or empty" {
	check_bad_rootfs
}

@test "wrong usage: 2, with what is wrong" {
	check_usage_errors
	run -2 stage --memory
	[[ ${lines[0]} == *"--memory: expected a value (SIZE)" ]]
}

@test "--help and --version" {
	check_help
}

@test "--explain: text, json, trace" {
	skip_unless_cgroups
	check_explain
	run -0 --separate-stderr stage --explain=json --pids 20 rootfs true
	[[ $(jq -r .step <<<"$stderr") == *"write: 20 > "*/pids.max* ]]
}

# --- what it still lets through ---------------------------------------------------------------

# In v1 the files of the topmost cgroup that one sees can be written. (In v2 the mount option
# nsdelegate protects them.)
# bats test_tags=root
@test "let through: on v1, root inside lifts its own limit" {
	skip_unless "the memory controller is not in v1" test -e "$(hierarchy memory)/memory.limit_in_bytes"
	rootfs_make rootfs
	start_stage --memory 64M rootfs sh -c '
		mount -o remount,bind,rw /sys/fs/cgroup/memory &&
		echo -1 >/sys/fs/cgroup/memory/memory.limit_in_bytes && echo ready; exec sleep 1000'
	await_output ready
	command_pid "$PID"
	[[ $(limit memory memory.limit_in_bytes -) -gt $((64 << 20)) ]]
}

@test "let through: the host's network" {
	rootfs_make rootfs
	start_idle rootfs
	[[ $(namespace "$COMMAND" net) == "$(namespace self net)" ]]
}
