# Stage 7: on a host where something is missing, full or not as it should be: an error, no harm.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	[[ -z ${OTHER:-} ]] || kill -KILL "$OTHER" 2>/dev/null || true
	containers_remove
	mounts_remove
	test_teardown
}

# --- the disk of the state directory ------------------------------------------------------------

# disk OPTIONS: an empty one for the state directory "state".
disk() {
	mounts_remove
	mkdir -p state
	mount -t tmpfs -o "mode=700,$1" tmpfs state
}

@test "a disk without room or inodes: create fails and leaves nothing, or there is a container" {
	local options failures=0
	bundle_make bundle
	for options in size={4,8,12,16}k nr_inodes={1,2,3,4,5,6,7}; do
		disk "$options"
		if cooper --root state create --bundle bundle full </dev/null >out 2>err 3>&-; then
			cooper --root state start full
			[[ $(cooper --root state state full | jq -r .status) == running ]]
			cooper --root state delete --force full
		else
			failures=$((failures + 1))
			[[ $(grep -c '^cooper: create full: .*No space left on device$' err) -eq 1 ]]
			grep -q '^  hint: the disk is full, or has no inodes left' err
		fi
		[[ -z $(ls -A state) ]]
		no_cgroup_named "full-"
	done
	[[ $failures -ge 4 && $failures -lt 11 ]]
}

@test "a disk that becomes full under a container takes nothing from it" {
	bundle_make bundle
	disk size=64k
	cooper_quietly --root state create --bundle bundle one
	head -c 100k /dev/zero 2>/dev/null >state/fill || true
	cooper --root state start one
	cooper --root state exec one true
	cooper --root state pause one
	cooper --root state resume one
	cooper --root state update --pids-limit 30 one
	cooper --root state kill one KILL
	cooper --root state delete --force one
	[[ $(ls -A state) == fill ]]
}

@test "a state directory that is read-only: what changes nothing in it works, the rest is an error" {
	local command
	bundle_make bundle
	disk size=64k
	cooper_quietly --root state create --bundle bundle one
	mount -o remount,ro state
	fails 'create two: mkdir: claim the id two: Read-only file system' --root state create --bundle bundle two
	fails 'start one: unlink: ' --root state start one
	[[ $(cooper --root state state one | jq -r .status) == created ]]
	cooper --root state exec one true
	cooper --root state kill one KILL
	fails 'delete one: unlink: the record of one: Read-only file system' --root state delete --force one
	mount -o remount,rw state
	cooper --root state delete --force one
	[[ -z $(ls -A state) ]]
}

# --- what the caller leaves behind ------------------------------------------------------------

# fds_of PID: what its standard streams lead to.
fds_of() {
	local stream
	for stream in 0 1 2; do
		readlink "/proc/$1/fd/$stream"
	done
}

@test "closed standard streams: no file of cooper's takes their place" {
	local closed
	bundle_make bundle
	# A failed command must not keep the records' numbers for its messages.
	for closed in '<&-' '>&-' '2>&-' '<&- >&-' '>&- 2>&-' '<&- >&- 2>&-'; do
		eval "$COOPER_BIN/cooper run --detach --bundle bundle one <<<x >out 2>err 3>&- $closed"
		fds_of "$(container_pid one)" >fds
		[[ $closed != *'<'* ]] || [[ $(sed -n 1p fds) == /dev/null ]]
		[[ " $closed" != *' >'* ]] || [[ $(sed -n 2p fds) == /dev/null ]]
		[[ $closed != *'2>'* ]] || [[ $(sed -n 3p fds) == /dev/null ]]
		eval "$COOPER_BIN/cooper exec one true $closed"
		jq -e .pid /run/cooper/one/state.json
		eval "! $COOPER_BIN/cooper create --bundle bundle one $closed"
		jq -e .pid /run/cooper/one/state.json
		eval "$COOPER_BIN/cooper delete --force one $closed"
	done
}

@test "what cannot be written to the standard output is an error" {
	local command
	run_detached one
	for command in 'state one' list 'list --quiet' 'list --format json' 'ps one' 'ps --format json one' \
		features 'events --stats one' 'events --interval 10ms one' --help --version 'run --help'; do
		# shellcheck disable=SC2086 # words
		in_time 20 "$COOPER_BIN/cooper" $command >/dev/full 2>err && return 1
		[[ $(grep -c '^cooper: ' err) -eq 1 && $(<err) == *"write: "* ]]
	done
	cooper_quietly exec one true >/dev/full
}

@test "signals that the caller ignores or holds change nothing" {
	bundle_make bundle 'sh("sleep 0; exit 3") | .hooks.createRuntime = [hook("true")]'
	run -3 in_time 20 env --ignore-signal=CHLD,PIPE,TERM,HUP,INT "$COOPER_BIN/cooper" run --bundle bundle one
	run -3 in_time 20 env --block-signal "$COOPER_BIN/cooper" run --bundle bundle one
	[[ -z $(ls -A /run/cooper) ]]
}

@test "--pid-file where none can be is known before anything is made" {
	bundle_make bundle ".hooks.createRuntime = [hook(\"touch $TEST_DIR/made\")]"
	fails 'create one: --pid-file: open: no/pid: No such file or directory' create --bundle bundle --pid-file no/pid one
	[[ ! -e made && ! -e /run/cooper ]]
	run_detached one 'del(.hooks)'
	rm -rf made
	run -255 --separate-stderr cooper exec --pid-file no/pid one touch /made
	is_one_error 'cooper: exec one: --pid-file: open: no/pid: No such file or directory'
	[[ ! -e bundle/rootfs/made ]]
}

# --- limits of the caller's, and the container's -------------------------------------------------

@test "few open files: an error, and what it leaves delete --force removes" {
	local count failed=0
	bundle_make bundle 'command(["true"])'
	for count in 4 5 6 7 8 9 10 12 16 20; do
		if ! in_time 20 prlimit --nofile="$count" "$COOPER_BIN/cooper" run --bundle bundle one \
			</dev/null >out 2>err 3>&- 4>&- 5>&- 6>&- 7>&-; then
			failed=$((failed + 1))
			grep -q '^cooper: .*Too many open files$' err
		fi
		cooper delete --force one
		[[ -z $(ls -A /run/cooper) ]]
		no_cgroup_named "one-"
	done
	[[ $failed -ge 2 && $failed -lt 10 ]]
}

@test "a plain user without a process left: an error" {
	local filter='without("cgroup") | .linux.namespaces += [{type: "user"}] | command(["true"])
		| .linux.uidMappings = [{containerID: 0, hostID: 12345, size: 1}]
		| .linux.gidMappings = .linux.uidMappings'
	skip_unless_user_namespaces
	look_for_no_leaks
	bundle_make bundle "$filter"
	give_to_user bundle
	mkdir state
	give_to_user state
	as_user "$COOPER_BIN/cooper" --root state run --bundle bundle one
	run -1 --separate-stderr as_user prlimit --nproc=0 "$COOPER_BIN/cooper" --root state run --bundle bundle one
	is_one_error 'cooper: run one: clone3: '
	[[ ${stderr_lines[1]} == "  hint: no further process is allowed"* && -z $(ls -A state) ]]
}

@test "limits that let no init, or nothing beside it, run: an error, or as much as there is room for" {
	local memory
	bundle_make bundle
	for memory in 1 4096; do
		bundle_change bundle ".linux.resources.memory.limit = $memory"
		run -1 --separate-stderr in_time 20 "$COOPER_BIN/cooper" run --detach --bundle bundle one 3>&-
		[[ ${stderr_lines[0]} == "cooper: run one: "* && -z $(ls -A /run/cooper) ]]
		[[ $stderr != *"killed by signal"* || ${stderr_lines[1]} == "  hint: the kernel has killed for lack of memory"* ]]
		no_cgroup_named "one-"
	done
	bundle_change bundle '.linux.resources = {pids: {limit: 1}} | .hooks.createContainer = [hook("true")]'
	fails 'run one: hooks.createContainer[0]: fork: ' run --bundle bundle one
	bundle_change bundle 'del(.hooks)'
	cooper_quietly run --detach --bundle bundle one
	run -2 in_time 20 "$COOPER_BIN/cooper" exec one sh -c 'true | true'
}

# --- /proc, /sys, the cgroups -------------------------------------------------------------------

# without COMMAND...: cooper, in a mount namespace where MISSING has been done.
without() {
	unshare --mount sh -c "$MISSING; exec \"\$@\"" sh "$COOPER_BIN/cooper" "$@"
}

# without_fails ERROR COMMAND...
without_fails() {
	run -1 --separate-stderr without "${@:2}"
	is_one_error "cooper: $1"
}

@test "no /proc, or another's: an error, and no container is taken for dead" {
	skip_when_sanitized
	run_detached one
	for MISSING in 'mount -t tmpfs tmpfs /proc' 'mount -t tmpfs tmpfs /proc; ln -s 1 /proc/self'; do
		without_fails 'state one: /proc does not show this process' state one
		without_fails 'kill one: /proc does not show this process' kill one
		without_fails 'delete one: /proc does not show this process' delete --force one
		run -1 without create --bundle bundle two
	done
	has_status one running
	[[ ! -e /run/cooper/two ]]
}

@test "no cgroups to be seen: nothing that would miss them" {
	run_detached one
	MISSING='umount --recursive --lazy /sys'
	without_fails 'delete one: no cgroups are mounted here' delete --force one
	run -255 --separate-stderr without exec one true
	is_one_error 'cooper: exec one: no cgroups are mounted here'
	has_status one running
	without run --bundle bundle two </dev/null >out 2>err 3>&- &
	wait_until has_status two running
	without delete --force two
	[[ ! -e /run/cooper/two ]]
}

@test "cgroups that are read-only: limits are an error; without one the container is made" {
	run_detached one
	MISSING='for tree in /sys/fs/cgroup/*; do mount -o remount,bind,ro $tree 2>/dev/null; done
		mount -o remount,bind,ro /sys/fs/cgroup'
	without_fails 'delete one: rmdir cgroup: ' delete --force one
	bundle_make limited '.linux.resources.pids.limit = 30'
	without_fails 'run two: ' run --bundle limited two
	[[ ! -e /run/cooper/two ]]
	cooper delete --force one
	no_cgroup_named "one-"
}

@test "a process of the host's in the container's cgroup: delete leaves it alone, and names it" {
	local cgroup cgroups
	run_detached one
	cgroups=$(cgroups_named one-)
	sleep 2003 3>&- &
	OTHER=$!
	for cgroup in $cgroups; do
		echo "$OTHER" >"$cgroup/cgroup.procs"
	done
	fails 'delete one: /sys/fs/cgroup/' delete --force one
	[[ $stderr == *": processes of others are in this cgroup: $OTHER"* ]]
	[[ ${stderr_lines[1]} == "  hint: move each away: "* ]]
	[[ -d /proc/$OTHER ]]
	has_status one stopped
	for cgroup in $cgroups; do
		echo "$OTHER" >"${cgroup%/*}/cgroup.procs"
	done
	cooper delete --force one
	[[ -d /proc/$OTHER ]]
	no_cgroup_named "one-"
}

@test "a cgroup that is removed beneath the container: no exec outside of it, and delete works" {
	local pid cgroup
	run_detached one
	pid=$(container_pid one)
	cgroup=$(cgroup_of "$pid" pids)
	echo "$pid" >"${cgroup%/*}/cgroup.procs"
	rmdir "$cgroup"
	run -255 --separate-stderr cooper exec one true
	is_one_error "cooper: exec one: the container's cgroup is gone: $cgroup"
	cooper delete --force one
	wait_until gone "$pid"
	no_cgroup_named "one-"
}
