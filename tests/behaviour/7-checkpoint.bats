# Stage 7: cooper checkpoint and restore, a container's life in two parts.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# The tests with the real criu. (Its check is slow, and needs root.)
skip_unless_criu() {
	[[ -e $COOPER_RUN/criu ]] || criu check &>/dev/null && : >"$COOPER_RUN/criu"
	skip_unless "criu cannot work on this kernel" test -e "$COOPER_RUN/criu"
}

# fake_criu SCRIPT: the criu that cooper finds, in place of the real one.
fake_criu() {
	mkdir -p fake
	printf '#!/bin/sh\n%s\n' "$1" >fake/criu
	chmod +x fake/criu
}

# with_path PATH COMMAND [ARG...]: cooper finds programs there. Fails as it should, with one error.
with_path() {
	run -1 --separate-stderr env PATH="$1" "$COOPER_BIN/cooper" "${@:2}"
	[[ -z $output ]]
}

# count ID [FILTER]: a container with a counter in memory, and a word that no other has; both show in
# shared/count. On TERM it ends with the status 7.
count() {
	mkdir -p shared
	mkdir -p bundle
	rootfs_make bundle/rootfs
	cat >bundle/rootfs/bin/counter <<-'END'
		#!/bin/sh
		trap 'exit 7' TERM
		word=$(cat /proc/sys/kernel/random/uuid) n=0
		while true; do
			n=$((n + 1))
			echo "$word $n" >/data/new
			mv /data/new /data/count
			sleep 0.1
		done
	END
	chmod +x bundle/rootfs/bin/counter
	bundle_change bundle "$BUNDLE_PLAIN | command([\"counter\"])
		| mount({destination: \"/data\", type: \"bind\", source: \"\(\$dir)/shared\", options: [\"bind\"]})
		| ${2:-.}"
	cooper_quietly run --detach --bundle bundle "$1"
	wait_until test -e shared/count
}

# stops_counting: nobody writes to the file any more; WORD and NUMBER are what it was last.
stops_counting() {
	read -r WORD NUMBER <shared/count
	rm shared/count
}

# counts_on: the same counter goes on behind where it was.
counts_on() {
	local word number
	wait_until test -e shared/count
	read -r word number <shared/count
	echo "was $WORD $NUMBER, is $word $number"
	[[ $word == "$WORD" && $number -gt $NUMBER ]]
}

restore_quietly() {
	cooper_quietly restore --bundle bundle --image-path images "$@"
}

# --- refusals, which need no criu ---------------------------------------------------------------

@test "without criu, checkpoint and restore say what to install, and do nothing" {
	mkdir images && : >images/inventory.img
	run_detached one
	with_path "$TEST_DIR" checkpoint --image-path new one
	is_one_error 'cooper: checkpoint one: criu is not installed'
	[[ ${stderr_lines[1]} == *"install the package criu"* && ! -e new ]]
	has_status one running
	with_path "$TEST_DIR" restore --bundle bundle --image-path images two
	is_one_error 'cooper: restore two: criu is not installed'
	[[ ! -e /run/cooper/two ]]
}

@test "a criu that cannot work here is found out before anything is done" {
	mkdir images && : >images/inventory.img
	fake_criu '[ "$1" = check ] && echo "Error (criu/vdso.c:1): no such thing" && exit 1'
	run_detached one
	with_path "$TEST_DIR/fake" checkpoint --image-path new one
	is_one_error "cooper: checkpoint one: run: $TEST_DIR/fake/criu check: Error (criu/vdso.c:1): no such"
	[[ ${stderr_lines[1]} == *"criu cannot work here"* && ! -e new ]]
	has_status one running
	with_path "$TEST_DIR/fake" restore --bundle bundle --image-path images two
	[[ $stderr == *"no such thing"* && ! -e /run/cooper/two ]]
}

@test "--criu names another program than that in the PATH" {
	fake_criu 'echo "Error: the other one"; exit 1'
	mv fake/criu fake/other
	run_detached one
	with_path "$TEST_DIR/fake" --criu other checkpoint --image-path new one
	is_one_error "cooper: checkpoint one: run: $TEST_DIR/fake/other check: Error: the other one"
	fails '' --criu "$TEST_DIR/fake/other" checkpoint --image-path new one
	[[ $stderr == *"the other one"* ]]
	fails 'checkpoint one: --criu: there is no program /nosuch' --criu /nosuch checkpoint one
	has_status one running
}

@test "a criu that dies: the container runs on; nothing is left of a restored one" {
	mkdir images && : >images/inventory.img
	echo '["/dev/null", "/dev/null", "/dev/null"]' >images/descriptors.json
	fake_criu '[ "$1" = check ] || kill -9 $$'
	run_detached one
	with_path "$TEST_DIR/fake:$PATH" checkpoint --image-path images one
	is_one_error 'cooper: checkpoint one: criu: killed by signal 9 (Killed)'
	has_status one running
	with_path "$TEST_DIR/fake:$PATH" restore --bundle bundle --image-path images two
	is_one_error 'cooper: restore two: criu: killed by signal 9 (Killed)'
	[[ ! -e /run/cooper/two ]]
	no_cgroup_named two
}

@test "what cannot be checkpointed or restored is refused by its name" {
	fake_criu :
	create one
	with_path "$TEST_DIR/fake" checkpoint --image-path images one
	is_one_error 'cooper: checkpoint one: cannot checkpoint a container in the created state'
	cooper kill one KILL
	wait_until has_status one stopped
	with_path "$TEST_DIR/fake" checkpoint --image-path images one
	is_one_error 'cooper: checkpoint one: cannot checkpoint a container in the stopped state'
	with_path "$TEST_DIR/fake" checkpoint two
	is_one_error 'cooper: checkpoint two: container "two" does not exist'
	with_path "$TEST_DIR/fake" restore --bundle bundle --image-path nowhere two
	is_one_error 'cooper: restore two: --image-path: open: the directory nowhere: No such file or directory'
	mkdir empty
	with_path "$TEST_DIR/fake" restore --bundle bundle --image-path empty two
	is_one_error 'cooper: restore two: --image-path: empty: there is no checkpoint in this directory'
	[[ ! -e images && ! -e /run/cooper/two ]]
}

@test "options that cannot be are refused by their names" {
	fails '--status-fd: expected a whole number from 1 to 2147483647, found "x"' checkpoint --status-fd x one
	fails '--status-fd: 9 is no file descriptor that is open for writing' checkpoint --status-fd 9 one
	fails '--status-fd: 9 is no file descriptor that is open for writing' checkpoint --status-fd 9 one 9</dev/null
	fails '--manage-cgroups-mode: expected soft, full, strict or ignore, found "hard"' \
		restore --manage-cgroups-mode hard one
	fails '--empty-ns: expected network, found "pid"' restore --empty-ns pid one
	fails '--page-server: expected ADDRESS:PORT, found "here"' checkpoint --page-server here one
	fails '--page-server: expected a whole number from 1 to 65535, found "x"' \
		checkpoint --page-server here:x one
	fails '--parent-path: expected a path relative to the images, found "/tmp"' \
		checkpoint --parent-path /tmp one
}

# --- the real one -------------------------------------------------------------------------------

@test "a container goes on where it was, with what it had in memory, with its mounts and limits" {
	local pid hook='.hooks = {
		createRuntime: [hook("cat >>\($dir)/created")], poststop: [hook("cat >\($dir)/stopped")]}'
	skip_unless_criu
	grep cgroup /proc/self/mountinfo >mounts
	count one ".hostname = \"cask\" | .linux.maskedPaths = [\"/proc/kcore\"]
		| .linux.readonlyPaths = [\"/proc/sys\"] | .linux.resources.pids.limit = 55 | $hook"
	pid=$(container_pid one)
	run -0 cooper checkpoint --image-path images --work-path work one </dev/null
	[[ -z $output && -e images/inventory.img && -e work/dump.log && ! -e images/dump.log ]]
	# Nothing is left of it but the files.
	[[ ! -e /proc/$pid && ! -e /run/cooper/one && -s stopped ]]
	no_cgroup_named one
	stops_counting
	rm created

	restore_quietly --work-path work --detach --pid-file pid two
	counts_on
	has_status two running
	pid=$(container_pid two)
	[[ $(<pid) == "$pid" && -e work/restore.log ]]
	wait_until is_orphan "$pid"
	[[ $(jq -r .status created) == creating && $(jq -r .pid created) == "$pid" ]]
	[[ $(nsenter --uts="/proc/$pid/ns/uts" uname -n) == cask ]]
	[[ $(mount_of "$pid" / root) == */bundle/rootfs && $(mount_of "$pid" /data root) == */shared ]]
	[[ $(mount_of "$pid" /proc/kcore root) == /null ]]
	[[ $(mount_of "$pid" /proc/sys options) == ro,* ]]
	[[ $(cgroup_of "$pid" pids) == */two-* && $(<"$(cgroup_of "$pid" pids)/pids.max") == 55 ]]
	run -0 cooper exec two sh -c 'cat /proc/self/cgroup; hostname'
	[[ $output == *:/*cask && $output != *two* ]]
	# The host's mounts of cgroups are what they were; nothing that criu needed shows.
	grep cgroup /proc/self/mountinfo | diff mounts -
	not grep -q "$TEST_DIR\|/run/cooper" /proc/self/mountinfo
	cooper delete --force two
	wait_until gone "$pid"
	no_cgroup_named two
}

@test "restore without --detach stays to the end: the status is the command's" {
	skip_unless_criu
	count one
	run -0 cooper checkpoint --image-path images one </dev/null
	stops_counting
	start "$COOPER_BIN/cooper" restore --bundle bundle --image-path images one
	counts_on
	# A second one under the same name is refused, and does no harm.
	fails 'restore one: container with id "one" already exists' \
		restore --bundle bundle --image-path images --work-path work one
	has_status one running
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 7 && ! -e /run/cooper/one ]]
	no_cgroup_named one
}

@test "checkpoint --leave-running and --pre-dump let the container run" {
	local pid
	skip_unless_criu
	count one
	pid=$(container_pid one)
	run -0 cooper checkpoint --pre-dump --image-path first one </dev/null
	has_status one running
	run -0 cooper checkpoint --leave-running --parent-path ../first --image-path images one </dev/null
	[[ -L images/parent ]]
	has_status one running
	[[ $(container_pid one) == "$pid" ]]
	stops_counting
	counts_on
	cooper delete --force one
	stops_counting
	# From the time of the checkpoint, which is not that of the end.
	NUMBER=0
	restore_quietly --detach one
	counts_on
}

@test "--page-server: the memory goes where that listens" {
	skip_unless_criu
	count one
	mkdir memory
	criu page-server --address 127.0.0.1 --port 4321 --images-dir memory --daemon --pidfile pid
	run -0 cooper checkpoint --page-server 127.0.0.1:4321 --image-path images one </dev/null
	stops_counting
	wait_until gone "$(<memory/pid)"
	[[ $(find memory -name 'pages-*') && ! $(find images -name 'page*') ]]
	cp memory/page* images
	restore_quietly --detach two
	counts_on
}

@test "memory follows when it is used: --lazy-pages, and --status-fd is told when it can" {
	local memory
	skip_unless_criu
	count one
	start "$COOPER_BIN/cooper" checkpoint --lazy-pages --page-server 127.0.0.1:4321 --status-fd 9 \
		--image-path images one 9>told
	wait_until test -s told
	[[ $(od -An -tx1 told) == " 00" ]]
	stops_counting
	criu lazy-pages --page-server --address 127.0.0.1 --port 4321 --images-dir images &>pages 3>&- &
	memory=$!
	wait_until test -S images/lazy-pages.socket
	restore_quietly --lazy-pages --no-pivot --detach two
	counts_on
	wait "$memory"
	await_exit
	[[ $STATUS -eq 0 && ! -e /run/cooper/one ]]
	cooper kill two TERM
	wait_until has_status two stopped
}

@test "a terminal comes back to who listens at --console-socket" {
	skip_unless_criu
	bundle_make bundle '.process.terminal = true
		| sh("trap \"echo once more; tty\" USR1; echo ready; while true; do sleep 0.1; done")'
	start "$COOPER_BIN/console-receiver" socket
	wait_until test -S socket
	cooper run --detach --bundle bundle --console-socket socket one </dev/null >told 2>&1 3>&-
	await_output ready
	run -0 cooper checkpoint --image-path images one </dev/null
	await_exit
	rm socket
	start "$COOPER_BIN/console-receiver" socket
	wait_until test -S socket
	restore_quietly_to told --detach --console-socket socket one
	cooper kill one USR1
	await_output 'once more'
	await_output '^/dev/pts/0'
	[[ ! -s told ]]
}

restore_quietly_to() {
	cooper restore --bundle bundle --image-path images "${@:2}" </dev/null >"$1" 2>&1 3>&-
}

@test "pipes lead to who restores the container" {
	skip_unless_criu
	bundle_make bundle 'sh("read -r first; echo \"first $first\"; read -r second; echo \"second $second\"")'
	mkfifo in out
	exec {in}<>in {out}<>out
	exec {null}</dev/null
	# (Without its own writer's end, or the first cat would never come to an end, nor would bats.)
	{ cat <in | cooper run --detach --bundle bundle one | cat >out; } 3>&- {in}>&- {out}>&- &
	echo one >&"$in"
	read -r -u "$out" line
	[[ $line == "first one" ]]
	run -0 cooper checkpoint --image-path images one </dev/null
	echo two | cooper restore --bundle bundle --image-path images one 2>err | cat >result
	[[ $(<result) == "second two" ]]
	exec {in}>&- {out}>&- {null}>&-
}

@test "images that are damaged: an error with criu's words, and nothing is left" {
	skip_unless_criu
	count one
	run -0 cooper checkpoint --image-path images one </dev/null
	cp images/core-1.img saved
	truncate --size 20 images/core-1.img
	run -1 --separate-stderr cooper restore --bundle bundle --image-path images one
	is_one_error 'cooper: restore one: criu: '
	[[ $stderr == *core-1.img* && ${stderr_lines[1]} == *"images/restore.log" ]]
	[[ ! -e /run/cooper/one ]]
	no_cgroup_named one
	mv saved images/core-1.img
	rm images/descriptors.json
	fails 'restore one: open: descriptors.json: No such file' restore --bundle bundle --image-path images one
	[[ ! -e /run/cooper/one ]]
	no_cgroup_named one
}

@test "a restore that hangs is ended by a signal, and nothing is left" {
	mkdir images && : >images/inventory.img
	echo '["/dev/null", "/dev/null", "/dev/null"]' >images/descriptors.json
	fake_criu "[ \"\$1\" = check ] || { sleep 3000 & : >$TEST_DIR/hangs; wait; }"
	bundle_make bundle
	start env PATH="$TEST_DIR/fake:$PATH" "$COOPER_BIN/cooper" restore --bundle bundle \
		--image-path images one
	wait_until test -e hangs
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 1 && $(<err) == "cooper: restore one: stopped by a signal" && ! -e /run/cooper/one ]]
	no_cgroup_named one
	wait_until not pgrep -x -f 'sleep 3000'
}

@test "a hook that fails at restore: its error, and nothing is left" {
	skip_unless_criu
	count one
	run -0 cooper checkpoint --image-path images one </dev/null
	bundle_change bundle '. | .hooks.createRuntime = [hook("exit 5")]'
	fails 'restore one: hooks.createRuntime[0]: /bin/sh: ended with status 5' \
		restore --bundle bundle --image-path images one
	[[ ! -e /run/cooper/one ]]
	no_cgroup_named one
}

@test "a restore that is killed leaves what delete --force finds" {
	skip_unless_criu
	count one '.hooks.createRuntime = [hook("[ ! -e \($dir)/wanted ] || { : >\($dir)/waits; sleep 3000; }")]'
	run -0 cooper checkpoint --image-path images one </dev/null
	stops_counting
	: >wanted
	start "$COOPER_BIN/cooper" restore --bundle bundle --image-path images one
	wait_until test -e waits
	kill -KILL "$PID"
	pkill -x -f 'sleep 3000'
	cooper delete --force one
	[[ ! -e /run/cooper/one && ! -e shared/count ]]
	no_cgroup_named one
	wait_until not pgrep -x criu
}
