# Stage 6: a container as the config.json of a bundle says: its process, and the whole.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

STAGE=$COOPER_BIN/6-oci

# The janitor of a killed 6-oci takes a moment.
teardown() {
	test_teardown
	no_cgroup_named 6-oci-
}

# run_bundle STATUS [FILTER]: the bundle once, to its end.
run_bundle() {
	bundle_make bundle "${2:-.}"
	run "-$1" "$STAGE" run bundle
}

# --- process ----------------------------------------------------------------------------------

# spec: config:process-10
@test "args and env are what the config lists, and no more" {
	export SECRET_OF_THE_HOST=1
	start_bundle '.process.env = ["A=1", "PATH=/bin", "B=two words", "EMPTY="]'
	[[ $(tr '\0' ' ' <"/proc/$CONTAINER/cmdline") == "sleep 1000 " ]]
	printf 'A=1\0PATH=/bin\0B=two words\0EMPTY=\0' | cmp - "/proc/$CONTAINER/environ"
}

@test "an empty config of env finds the command in the usual directories" {
	start_bundle '.process.env = []'
	[[ $(readlink "/proc/$CONTAINER/exe") == /bin/busybox ]]
	[[ ! -s /proc/$CONTAINER/environ ]]
}

@test "the command is the container's first process" {
	start_bundle
	[[ $(status_of "$CONTAINER" NSpid) == "$CONTAINER 1" ]]
}

@test "cwd is the working directory; a missing one is made" {
	start_bundle '.process.cwd = "/opt/new/dir"'
	[[ $(readlink "/proc/$CONTAINER/cwd") == /opt/new/dir ]]
	[[ -d bundle/rootfs/opt/new/dir ]]
}

# spec: config:posix-platform-user-2
@test "user, group, additional groups and umask" {
	start_bundle '.process.user = {uid: 1000, gid: 2000, additionalGids: [7, 8], umask: 63}'
	[[ $(status_of "$CONTAINER" Uid) == "1000 1000 1000 1000" ]]
	[[ $(status_of "$CONTAINER" Gid) == "2000 2000 2000 2000" ]]
	[[ $(status_of "$CONTAINER" Groups) == "7 8" ]]
	[[ $(status_of "$CONTAINER" Umask) == 0077 ]]
}

@test "without additionalGids there are no groups of the host's" {
	bundle_make bundle
	start setpriv --groups 4321 "$STAGE" run bundle
	wait_until pgrep -P "$PID" -x sleep
	[[ $(status_of "$PID" Groups) == 4321 ]]
	[[ -z $(status_of "$(pgrep -P "$PID" -x sleep)" Groups) ]]
}

# limit NAME: "SOFT HARD" of /proc/PID/limits.
limit() {
	awk -v name="$1" 'index($0, name) == 1 { sub(name " *", ""); print $1, $2 }' "/proc/$CONTAINER/limits"
}

# spec: config:posix-process-5 config:posix-process-7
@test "rlimits, up to the largest number" {
	[[ $(ulimit -H -f) == unlimited ]]
	bundle_make bundle '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200},
		{type: "RLIMIT_FSIZE", soft: 4096, hard: "MOST"}, {type: "RLIMIT_CORE", soft: 0, hard: 0}]'
	# jq cannot hold this number.
	sed -i 's/"MOST"/18446744073709551615/' bundle/config.json
	start_made_bundle
	[[ $(limit "Max open files") == "100 200" ]]
	[[ $(limit "Max file size") == "4096 unlimited" ]]
	[[ $(limit "Max core file size") == "0 0" ]]
}

@test "the exit status is the command's" {
	run_bundle 0 'sh("exit 0")'
	run_bundle 3 'sh("exit 3")'
	run_bundle 255 'sh("exit 255")'
	[[ -z $output ]]
}

@test "the exit status of a command that was killed is 128 + N" {
	start_bundle
	kill -KILL "$CONTAINER"
	await_exit
	[[ $STATUS -eq 137 ]]
	start_bundle 'without("pid")'
	kill -TERM "$CONTAINER"
	await_exit
	[[ $STATUS -eq 143 ]]
}

@test "a command that cannot be executed: 126 and 127, as a shell has them" {
	run_bundle 127 'command(["no-such-command"])'
	[[ ${lines[0]} == *"process.args: execve: no-such-command: executable file not found in \$PATH" ]]
	run_bundle 127 'command(["/bin/no-such-command"])'
	[[ $output == *"execve: /bin/no-such-command: no such file or directory" ]]
	echo text >bundle/rootfs/bin/plain-file
	run_bundle 126 'command(["plain-file"])'
	[[ $output == *"plain-file: permission denied"* ]]
	printf '#!/opt/no/python\n' >bundle/rootfs/bin/plain-file
	chmod +x bundle/rootfs/bin/plain-file
	run_bundle 126 'command(["plain-file"])'
	[[ $output == *'hint: '*'interpreter "/opt/no/python" is not'* ]]
	run_bundle 126 'command(["/etc"])'
}

@test "signals arrive, once" {
	local signal
	bundle_make bundle 'command(["signal-count"])'
	cp "$COOPER_BIN/signal-count" bundle/rootfs/bin
	start "$STAGE" run bundle
	await_output ready
	for signal in USR1 HUP INT QUIT WINCH; do
		kill -"$signal" "$PID"
		await_output "SIG$signal"
	done
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 42 ]]
	printf '%s\n' ready SIGUSR1 SIGHUP SIGINT SIGQUIT SIGWINCH SIGTERM | diff - out
}

@test "what comes in on stdin and goes out on stdout and stderr" {
	bundle_make bundle 'sh("cat; echo error >&2")'
	run -0 --separate-stderr "$STAGE" run bundle <<<"words"
	[[ $output == words && $stderr == error ]]
}

# spec: runtime-linux:file-descriptors-1
@test "no open file of the host's gets inside" {
	exec {held}<"$BATS_TEST_FILENAME"
	start_bundle
	[[ $(cd "/proc/$CONTAINER/fd" && echo *) == "0 1 2" ]]
	exec {held}<&-
}

# --- terminal ---------------------------------------------------------------------------------

sleeper_runs() {
	[[ $(status_of "$(pgrep -x -f 'sleep 1000')" State) == S* ]]
}

@test "terminal: a shell with job control, on a terminal of the container's own" {
	bundle_make bundle '.process.terminal = true | command(["sh"]) | .process.env += ["PS1=inside:"]'
	pty_start "$STAGE run bundle; echo status \$?"
	pty_await 'inside:'
	pty_type 'tty\n'
	pty_await '^/dev/pts/0'
	pty_type 'sleep 1000\n'
	wait_until pgrep -x -f 'sleep 1000'
	[[ $(status_of "$(pgrep -x -f 'sleep 1000')" NSpid) == *" "[2-9] ]]
	pty_type '\032'
	pty_await Stopped
	pty_type 'fg\n'
	wait_until sleeper_runs
	pty_type '\003'
	wait_until not pgrep -x -f 'sleep 1000'
	pty_type 'exit 7\n'
	pty_await 'status 7'
	await_exit
	not grep -q 'job control turned off' screen
}

# spec: config-linux:default-devices-1
@test "terminal: it is /dev/console, too" {
	bundle_make bundle '.process.terminal = true | sh("test -c /dev/console && stat -c %t:%T /dev/console")'
	pty_start "$STAGE run bundle"
	pty_await '^88:0'
	await_exit
}

@test "terminal: refused where the user has none" {
	bundle_make bundle '.process.terminal = true | sh("echo has run")'
	run -1 --separate-stderr "$STAGE" run bundle </dev/null
	is_one_error '6-oci: run bundle: '
	[[ $stderr == *terminal* ]]
}

# --- the whole --------------------------------------------------------------------------------

@test "what this stage does not do is refused by name" {
	local mapping='[{"containerID": 0, "hostID": 1, "size": 1}]'
	while IFS=$'\t' read -r property filter; do
		refused "config.json: $property: " "$filter"
	done <<-END
		process.capabilities	.process.capabilities = {bounding: ["CAP_KILL"]}
		process.noNewPrivileges	.process.noNewPrivileges = true
		process.oomScoreAdj	.process.oomScoreAdj = 100
		process.apparmorProfile	.process.apparmorProfile = "unconfined"
		process.selinuxLabel	.process.selinuxLabel = "label"
		process.scheduler	.process.scheduler = {policy: "SCHED_BATCH"}
		process.ioPriority	.process.ioPriority = {class: "IOPRIO_CLASS_IDLE", priority: 0}
		process.execCPUAffinity	.process.execCPUAffinity = {initial: "0"}
		hooks.createRuntime	.hooks.createRuntime = [{path: "/bin/true"}]
		hooks.poststop	.hooks.poststop = [{path: "/bin/true"}]
		linux.seccomp	.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW"}
		linux.namespaces[6].type	.linux.namespaces += [{type: "time"}]
		linux.timeOffsets	.linux.timeOffsets = {boottime: {secs: 5}}
		linux.netDevices	.linux.netDevices = {eth0: {name: "eth1"}}
		linux.intelRdt	.linux.intelRdt = {closID: "x"}
		linux.personality	.linux.personality = {domain: "LINUX32"}
		linux.memoryPolicy	.linux.memoryPolicy = {mode: "MPOL_LOCAL"}
		linux.mountLabel	.linux.mountLabel = "label"
		linux.resources.devices	.linux.resources.devices = [{allow: false}]
		linux.resources.hugepageLimits	.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 0}]
		mounts[3].uidMappings	mount({destination: "/x", type: "tmpfs", uidMappings: $mapping, gidMappings: $mapping})
	END
}

@test "--explain names the property that asked for a step" {
	bundle_make bundle '.hostname = "cask" | sh("exit 5")'
	run -5 --separate-stderr "$STAGE" --explain run bundle
	[[ $stderr == *"sethostname: cask  [hostname]"* ]]
	[[ $stderr == *"move_mount: attach it to /dev  [mounts[1]]"* ]]
}

@test "a container that fails half-way leaves nothing" {
	cat /proc/self/mountinfo >before
	refused 'mounts[3]: open_tree: a copy of the mount at /no/such for /mnt: No such file' \
		'mount({destination: "/mnt", type: "bind", source: "/no/such", options: ["bind"]})'
	no_cgroup_named 6-oci-
	diff before /proc/self/mountinfo
}

@test "a killed 6-oci leaves no process and no cgroup" {
	start_bundle 'command(["sh", "-c", "setsid sleep 3000 & exec sleep 1000"])'
	wait_until pgrep -x -f 'sleep 3000'
	[[ -n $(cgroups_named 6-oci-) ]]
	kill -KILL "$PID"
	wait_until gone "$CONTAINER"
	wait_until not pgrep -x -f 'sleep 3000'
	no_cgroup_named 6-oci-
}

@test "a killed 6-oci leaves nothing also where nothing dies with its parent" {
	# Without a PID namespace the children of the command live on; only the cgroup knows them.
	start_bundle 'without("pid") | command(["sh", "-c", "setsid sleep 3000 & exec sleep 1000"])'
	wait_until pgrep -x -f 'sleep 3000'
	kill -KILL "$PID"
	wait_until not pgrep -x -f 'sleep 3000'
	no_cgroup_named 6-oci-
}
