# Stage 7: containers that fight back. What those inside do with what the kernel lets them: hold
# each other, crowd, make devices and cgroups. cooper goes on, and the host is as it was.

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	local directory
	containers_remove
	for directory in "${DELEGATED[@]}"; do
		rmdir "$directory"
	done
	test_teardown
}

# with_program NAME: the bundle's rootfs has the test program.
with_program() {
	bundle_make bundle
	cp "$COOPER_BIN/$1" bundle/rootfs/bin
}

# --- debuggers --------------------------------------------------------------------------------

# bats test_tags=root
@test "a process of cooper's that is on its way in gets no debugger" {
	with_program tracer
	create one
	# It has the same user and no more rights by now; only that it is cooper keeps others away.
	run -1 in_time 20 "$COOPER_BIN/cooper" exec one tracer 1
	[[ $output == "Operation not permitted" ]]
	cooper start one
	wait_until is_executed one
	start "$COOPER_BIN/cooper" exec one tracer 1
	await_output 'holds 1'
}

# bats test_tags=root
@test "an init that its own container holds by a debugger: every command works, and it ends" {
	local pid
	with_program tracer
	run_detached one
	pid=$(container_pid one)
	start "$COOPER_BIN/cooper" exec one tracer 1
	await_output 'holds 1'
	has_status one running
	run -0 cooper exec one echo inside
	[[ $output == inside ]]
	in_time 20 "$COOPER_BIN/cooper" pause one
	has_status one paused
	in_time 20 "$COOPER_BIN/cooper" resume one
	in_time 20 "$COOPER_BIN/cooper" update --pids-limit 30 one
	in_time 20 "$COOPER_BIN/cooper" delete --force one
	wait_until gone "$pid"
	await_exit
	[[ $STATUS -eq 137 ]]
	no_cgroup_named "one-"
}

# --- crowds -----------------------------------------------------------------------------------

# has_processes ID COUNT: so many at least.
has_processes() {
	[[ $(cat "$(cgroup_of "$(container_pid "$1")" pids)/pids.current") -ge $2 ]]
}

# bats test_tags=root
@test "delete --force: of a container that forks without end, ignores signals, and hides in no PID namespace" {
	with_program crowd
	bundle_change bundle 'without("pid") | .linux.resources.pids.limit = 60 | command(["crowd"])'
	cooper_quietly run --detach --bundle bundle one
	wait_until has_processes one 60
	in_time 30 "$COOPER_BIN/cooper" delete --force one
	no_cgroup_named "one-"
	wait_until not pgrep -x crowd
}

# bats test_tags=root
@test "delete --force: of a container with thousands of processes, in a PID namespace or in none" {
	local filter pid
	with_program crowd
	for filter in . 'without("pid")'; do
		bundle_change bundle ". | $filter | .linux.resources.pids.limit = 3100 | command([\"crowd\", \"3000\"])"
		cooper_quietly run --detach --bundle bundle one
		await_output ready
		pid=$(container_pid one)
		[[ $(cooper ps --format json one | jq length) -eq 3001 ]]
		in_time 60 "$COOPER_BIN/cooper" delete --force one
		wait_until gone "$pid"
		no_cgroup_named "one-"
		not pgrep -x crowd
	done
}

# --- devices ----------------------------------------------------------------------------------

# bats test_tags=root
@test "in a user namespace nobody makes a device, and one that is in the rootfs opens nothing" {
	local place
	bundle_make bundle '.linux.namespaces += [{type: "user"}] | .process.capabilities = (["CAP_MKNOD", "CAP_DAC_OVERRIDE"] as $all
			| {bounding: $all, permitted: $all, effective: $all})
		| .linux.uidMappings = [{containerID: 0, hostID: 200000, size: 1000}] | .linux.gidMappings = .linux.uidMappings
		| mount({destination: "/own", type: "tmpfs"})'
	# A serial line and a disk, for everybody.
	mknod -m 666 bundle/rootfs/serial c 4 64
	mknod -m 666 bundle/rootfs/disk b 7 0
	chmod 777 bundle/rootfs bundle/rootfs/tmp
	cooper_quietly run --detach --bundle bundle one
	for place in /tmp /own /dev; do
		for node in 'c 4 64' 'b 7 0'; do
			run -1 cooper exec one sh -c "mknod $place/node $node"
			[[ $output == *"Operation not permitted"* ]]
		done
	done
	for node in /serial /disk; do
		run -1 in_time 20 "$COOPER_BIN/cooper" exec one sh -c "head -c 1 <$node"
		[[ $output == *"can't open $node: Operation not permitted"* ]]
	done
}

# --- cgroups ----------------------------------------------------------------------------------

# delegate: the user has a cgroup of v2 to make others in, and is in one of them.
delegate() {
	local top
	top=$(findmnt -rnfo TARGET -t cgroup2)/cooper-test-$$
	mkdir "$top" "$top/mine" "$top/other"
	DELEGATED=("$top/mine" "$top/other" "$top")
	chown -R "$USER_ID" "$top"
	TOP=$top
}

# Where a user may change a part of the tree, a container of that user's that sees all of it could, too.
# bats test_tags=root
@test "without root, and cgroups mounted to be written: those inside see no more than their own (CVE-2023-25809)" {
	local change
	skip_unless_user_namespaces
	delegate
	for change in 'without("cgroup")' .; do
		bundle_make bundle ".linux.namespaces += [{type: \"user\"}] | without(\"network\") | $change
			| .linux.uidMappings = [{containerID: 0, hostID: $USER_ID, size: 1}] | .linux.gidMappings = .linux.uidMappings
			| mount({destination: \"/cgroup\", type: \"cgroup2\", options: [\"rw\"]})
			| mount({destination: \"/all\", type: \"cgroup\", options: [\"rw\"]})
			| sh(\"mkdir /cgroup/made && find /cgroup /all -name 'cooper-test*' -o -name other -o -name mine -o -name made;
				for tree in /all /all/*; do mkdir \$tree/evil 2>/dev/null; echo 1 >\$tree/cgroup.procs; done 2>/dev/null; echo done\")"
		give_to_user bundle
		as_user mkdir -p state
		run -0 --separate-stderr sh -c 'echo $$ >"$0/cgroup.procs"; exec "$@"' "$TOP/mine" \
			"${AS_USER[@]}" "$COOPER_BIN/cooper" --root state run --bundle bundle one
		echo "$output$stderr"
		[[ ${lines[-1]} == "done" && $output == */cgroup/made* && $output != *other* && $output != *cooper-test* ]]
		not cgroups_named evil
		[[ -z $(ls -A state) && $(find "$TOP" -type d | wc -l) -eq 3 ]]
		removal bundle
	done
}

# bats test_tags=root
@test "without root, a bind of the host's cgroups to be written: nothing of the host's is changed by it" {
	skip_unless_user_namespaces
	bundle_make bundle ".linux.namespaces += [{type: \"user\"}] | without(\"network\") | without(\"cgroup\")
		| .linux.uidMappings = [{containerID: 0, hostID: $USER_ID, size: 1}] | .linux.gidMappings = .linux.uidMappings
		| mount({destination: \"/all\", type: \"bind\", source: \"/sys/fs/cgroup\", options: [\"rbind\", \"rw\"]})
		| sh(\"for tree in /all /all/*; do mkdir \$tree/evil; echo 1 >\$tree/cgroup.procs; echo 5 >\$tree/cgroup.max.depth; done; mount -t cgroup2 x /tmp\")"
	give_to_user bundle
	as_user mkdir -p state
	run --separate-stderr as_user "$COOPER_BIN/cooper" --root state run --bundle bundle one
	echo "$output$stderr"
	[[ $status -ne 0 && $stderr == *"can't create directory '/all/"*"evil': Permission denied"* ]]
	not cgroups_named evil
}
