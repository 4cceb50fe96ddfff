# Stage 7: cooper exec, a further process in a container; the files that a command hands on; the log.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	mounts_remove
	test_teardown
}

# exec_sleeper ID [OPTION...]: a process in the container, in the background; its pid in ENTERED.
exec_sleeper() {
	cooper_quietly exec --detach --pid-file entered "${@:2}" "$1" sleep 2000
	ENTERED=$(<entered)
	wait_until has_name "$ENTERED" sleep
}

has_name() {
	[[ $(status_of "$1" Name) == "$2" ]]
}

# same_namespaces PID PID NAME...
same_namespaces() {
	local name
	for name in "${@:3}"; do
		[[ $(readlink "/proc/$1/ns/$name") == "$(readlink "/proc/$2/ns/$name")" ]] || return
	done
}

# --- where it is ------------------------------------------------------------------------------

@test "exec: in every namespace, the root and the cgroups of the container" {
	run_detached one
	exec_sleeper one
	same_namespaces "$ENTERED" "$(container_pid one)" mnt pid uts ipc net cgroup user time
	diff "/proc/$ENTERED/cgroup" "/proc/$(container_pid one)/cgroup"
	[[ "/proc/$ENTERED/root" -ef "/proc/$(container_pid one)/root" ]]
	# A child of whoever adopts it by now, like the init, and gone with the container.
	wait_until is_orphan "$ENTERED"
	cooper delete --force one
	wait_until gone "$ENTERED"
}

@test "exec: in a container with a user namespace" {
	run_detached one '.linux.namespaces += [{type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}]
		| .linux.gidMappings = .linux.uidMappings'
	exec_sleeper one
	same_namespaces "$ENTERED" "$(container_pid one)" mnt pid uts ipc net cgroup user
	diff "/proc/$ENTERED/cgroup" "/proc/$(container_pid one)/cgroup"
	[[ $(status_of "$ENTERED" Uid) == "100000 100000 100000 100000" ]]
}

@test "exec: in a container that shares namespaces with the host" {
	run_detached one 'namespaces(["mount"])'
	exec_sleeper one
	same_namespaces "$ENTERED" self pid uts ipc net
	same_namespaces "$ENTERED" "$(container_pid one)" mnt
}

@test "exec: also before start, and not in a container that has stopped" {
	create one
	run -0 cooper exec one echo inside
	[[ $output == inside ]]
	cooper kill one KILL
	wait_until has_status one stopped
	run -255 --separate-stderr cooper exec one true
	is_one_error 'cooper: exec one: cannot exec in a stopped container'
	run -255 --separate-stderr cooper exec two true
	is_one_error 'cooper: exec two: container "two" does not exist'
}

# In v1 a new cgroup has no processors and no memory until somebody gives it some.
cp_cpuset() {
	cat "$1/cpuset.cpus" >"$1/below/cpuset.cpus"
	cat "$1/cpuset.mems" >"$1/below/cpuset.mems"
}

@test "exec --cgroup: in a cgroup below the container's" {
	local hierarchy
	run_detached one
	for hierarchy in $(cgroups_named one-); do
		mkdir "$hierarchy/below"
		[[ $hierarchy != */cpuset/* ]] || cp_cpuset "$hierarchy"
	done
	exec_sleeper one --cgroup below
	[[ $(grep -c '/below$' "/proc/$ENTERED/cgroup") -eq $(grep -c one- "/proc/$(container_pid one)/cgroup") ]]
	run -255 --separate-stderr cooper exec --cgroup nowhere one true
	is_one_error 'cooper: exec one: --cgroup: nowhere: there is no such cgroup'
	run -255 --separate-stderr cooper exec --cgroup .. one true
	is_one_error 'cooper: exec one: the cgroup "/one-'
}

# exec_cgroup CONTROLLER: of the process that was started there, below the container's.
exec_cgroup() {
	local own
	own=$(cgroup_of "$(container_pid one)" "$1")
	echo ".$(cgroup_of "$ENTERED" "$1" | sed "s|^$own||")"
}

@test "exec --cgroup CONTROLLER:PATH: another one in each tree, and else the container's own" {
	local controller
	run_detached one
	for controller in pids freezer memory; do
		mkdir -p "$(cgroup_of "$(container_pid one)" "$controller")"/{below,other}
	done
	exec_sleeper one --cgroup pids,freezer:below
	[[ $(exec_cgroup pids) == ./below && $(exec_cgroup freezer) == ./below ]]
	[[ -e /sys/fs/cgroup/cgroup.controllers || $(exec_cgroup memory) == . ]]
	exec_sleeper one --cgroup pids:below --cgroup memory:other
	[[ $(exec_cgroup memory) == ./other ]]
	[[ -e /sys/fs/cgroup/cgroup.controllers || ($(exec_cgroup pids) == ./below && $(exec_cgroup freezer) == .) ]]
	run -255 --separate-stderr cooper exec --cgroup nosuch:below one true
	is_one_error 'cooper: exec one: --cgroup: there is no controller "nosuch"'
	run -255 --separate-stderr cooper exec --cgroup pids:below --cgroup other one true
	is_one_error 'cooper: exec one: --cgroup: other: more than one, and no controller in front'
	run -255 --separate-stderr cooper exec --cgroup pids:nowhere one true
	is_one_error 'cooper: exec one: --cgroup: pids:nowhere: there is no such cgroup'
}

# --- what it is -------------------------------------------------------------------------------

@test "exec: the process is the container's own, with another command" {
	run_detached one '.process.user = {uid: 7, gid: 8, additionalGids: [9], umask: 63}
		| .process.cwd = "/tmp" | .process.env += ["ONE=1"] | .process.noNewPrivileges = true
		| .process.rlimits = [{type: "RLIMIT_NOFILE", soft: 77, hard: 88}]'
	run -0 cooper exec one sh -c 'id; pwd; umask; env; ulimit -n'
	[[ $output == "uid=7 gid=8 groups=9"* && ${lines[1]} == /tmp && ${lines[2]} == 0077 ]]
	[[ $output == *ONE=1* && ${lines[-1]} == 77 ]]
	exec_sleeper one
	[[ $(status_of "$ENTERED" NoNewPrivs) == 1 && $(status_of "$ENTERED" CapEff) == 0000000000000000 ]]
}

@test "exec: flags change it" {
	run_detached one
	run -0 cooper exec --user 7:8 --additional-gids 9 --cwd /tmp --env ONE=1 -e TWO=2 one \
		sh -c 'id; pwd; echo $ONE$TWO'
	[[ ${lines[0]} == "uid=7 gid=8 groups=9"* && ${lines[1]} == /tmp && ${lines[2]} == 12 ]]
	exec_sleeper one --cap CAP_KILL --no-new-privs
	[[ $(status_of "$ENTERED" NoNewPrivs) == 1 && $(status_of "$ENTERED" CapEff) == 0000000000000020 ]]
	[[ $(status_of "$ENTERED" CapBnd) == 0000000000000020 ]]
}

@test "exec --process: the whole process from a file" {
	run_detached one
	echo '{"cwd": "/tmp", "env": ["PATH=/bin", "ONE=1"], "user": {"uid": 7, "gid": 8},
		"args": ["sh", "-c", "id -u; pwd; echo $ONE; exit 3"]}' >process.json
	run -3 cooper exec --process process.json one
	[[ ${lines[0]} == 7 && ${lines[1]} == /tmp && ${lines[2]} == 1 ]]
	local file error
	while read -r file error; do
		echo "$file" >process.json
		run -255 --separate-stderr cooper exec --process process.json one
		is_one_error "cooper: exec one: --process: $error"
	done <<-'END'
		{"args":["sh"]} process.json: cwd: missing
		{"cwd":"/","args":[]} process.json: args: expected a command, found nothing
		{"cwd":"here","args":["sh"]} process.json: cwd: expected an absolute path, found "here"
		{"cwd":"/","args":"sh"} process.json: args: expected a list, found a string "sh"
		[] process.json: expected an object
		{ process.json:
	END
	run -255 --separate-stderr cooper exec --process nowhere.json one
	is_one_error 'cooper: exec one: --process: open: nowhere.json: No such file or directory'
}

@test "exec: flags that cannot be" {
	run_detached one
	run -255 --separate-stderr cooper exec one
	is_one_error 'cooper: exec one: expected a command'
	run -255 --separate-stderr cooper exec --user root one true
	is_one_error 'cooper: --user: expected a whole number'
	run -255 --separate-stderr cooper exec --additional-gids -1 one true
	is_one_error 'cooper: --additional-gids: expected a whole number'
	run -255 --separate-stderr cooper exec --cwd here one true
	is_one_error 'cooper: --cwd: expected an absolute path'
	run -255 --separate-stderr cooper exec --detach --tty one true
	is_one_error 'cooper: exec one: --tty: nobody is there to take the terminal'
	run -255 --separate-stderr cooper exec --console-socket socket one true
	is_one_error 'cooper: exec one: --console-socket: the process has no terminal'
}

# --- its end ----------------------------------------------------------------------------------

@test "exec: the exit status is the command's" {
	run_detached one
	run -7 cooper exec one sh -c 'exit 7'
	run -137 cooper exec one sh -c 'kill -KILL $$'
	run -255 --separate-stderr cooper exec one no-such-command
	is_one_error 'cooper: exec one: process.args: execve: no-such-command: executable file not found in $PATH'
	run -255 --separate-stderr cooper exec one /etc/passwd
	is_one_error 'cooper: exec one: process.args: execve: /etc/passwd: permission denied'
}

@test "exec: signals are passed on; killed, it takes nobody with it" {
	run_detached one
	start "$COOPER_BIN/cooper" exec one sh -c 'trap "echo got it; exit 5" TERM; echo ready; while :; do sleep 0.1; done'
	await_output ready
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 5 && $(<out) == *"got it" ]]
	start "$COOPER_BIN/cooper" exec one sleep 3000
	wait_until pgrep -x -f 'sleep 3000'
	kill -KILL "$PID"
	has_status one running
}

@test "exec: input, output and errors are the caller's" {
	run_detached one
	run -0 --separate-stderr cooper exec one sh -c 'cat; echo err >&2' <<<"some input"
	[[ $output == "some input" && $stderr == err ]]
}

@test "exec --tty: a terminal of its own, with job control" {
	run_detached one
	pty_start "stty rows 33 cols 77; $COOPER_BIN/cooper exec --tty --env PS1=inside: one sh; echo status \$?"
	pty_await 'inside:'
	pty_type 'tty; stty size\n'
	pty_await '^/dev/pts/0'
	pty_await '^33 77'
	pty_type 'sleep 3000\n'
	wait_until pgrep -x -f 'sleep 3000'
	pty_type '\003'
	wait_until not pgrep -x -f 'sleep 3000'
	pty_type 'exit 7\n'
	pty_await 'status 7'
	await_exit
	not grep -q 'job control turned off' screen
}

@test "exec --tty --console-socket: the terminal goes to who listens there" {
	run_detached one
	start "$COOPER_BIN/console-receiver" socket
	wait_until test -S socket
	cooper exec --tty --detach --pid-file entered --console-socket socket one \
		sh -c 'tty; exec sleep 2000' </dev/null >told 2>&1 3>&-
	await_output '^/dev/pts/0'
	[[ ! -s told && $(readlink "/proc/$(<entered)/fd/0") == /dev/pts/0 ]]
}

# --- files ------------------------------------------------------------------------------------

@test "--preserve-fds: these files stay open, and no others" {
	echo three >three
	echo four >four
	run_detached one
	run -0 cooper exec --preserve-fds 1 one sh -c 'cat <&3; ls /proc/self/fd' 3<three 4<four
	# (ls has the directory open.)
	[[ ${lines[*]} == "three 0 1 2 3 4" ]]
	run -0 cooper exec one sh -c 'ls /proc/self/fd' 3<three 4<four
	[[ ${lines[*]} == "0 1 2 3" ]]
	bundle_make bundle 'sh("cat <&4; ls /proc/self/fd")'
	run -0 cooper --log log run --preserve-fds 2 --bundle bundle two 3<three 4<four
	[[ ${lines[*]} == "four 0 1 2 3 4 5" ]]
	run -255 --separate-stderr cooper exec --preserve-fds 9 one true 3<three
	is_one_error 'cooper: exec one: --preserve-fds: the file descriptor '
}

@test "--pidfd-socket: the process itself goes to who listens there" {
	bundle_make bundle
	start "$COOPER_BIN/console-receiver" socket
	wait_until test -S socket
	cooper_quietly_to created create --bundle bundle --pidfd-socket socket one
	await_output "^Pid:[[:space:]]*$(container_pid one)$"
}

cooper_quietly_to() {
	cooper "${@:2}" </dev/null >"$1" 2>&1 3>&-
}

# --- the log ----------------------------------------------------------------------------------

@test "--log: errors and warnings, also the init's, as an engine reads them" {
	bundle_make bundle '.process.capabilities.bounding = ["CAP_OF_TOMORROW"] | command(["nowhere"])'
	run -1 --separate-stderr cooper --log log.json --log-format json run --bundle bundle one
	[[ $stderr == *'executable file not found in $PATH'* ]]
	jq -es 'length == 2 and (.[0] | .level == "warning" and (.msg | test("CAP_OF_TOMORROW")))
		and (.[1] | .level == "error" and (.msg | test("executable file not found in \\$PATH")))
		and all(.time | test("^20[0-9-]*T[0-9:]*Z$"))' log.json
	run -1 --separate-stderr cooper --log log.text state 'two'
	grep -qx 'time="20[0-9T:Z-]*" level=error msg="state two: container \\"two\\" does not exist"' log.text
	run -1 --separate-stderr cooper --log nowhere/log list
	is_one_error 'cooper: --log: open: nowhere/log: No such file or directory'
	run -1 --separate-stderr cooper --log-format xml list
	is_one_error 'cooper: --log-format: expected text or json, found "xml"'
}

@test "--debug: every step, in the log or on stderr" {
	run -0 --separate-stderr cooper --debug --log log list
	[[ -z $stderr ]]
	grep -q 'level=debug msg="scandir: the state directory' log
	run -0 --separate-stderr cooper --debug list
	[[ $stderr == *'level=debug msg="scandir: the state directory'* ]]
}
