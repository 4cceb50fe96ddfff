# Stage 7: what the specification leaves open and runc and crun do alike, so that bundles and engines
# count on it.

# bats file_tags=root

# shellcheck disable=SC2016,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# limit CONTROLLER FILE: what stands in the file of the container's cgroup.
limit() {
	cat "$(cgroup_of "$(container_pid one)" "$1")/$2"
}

# spec: config-linux:pids-1
@test "a limit of no process at all: the command runs, and can make none" {
	run_detached one '.linux.resources.pids.limit = 0 | without("cgroup")'
	[[ $(limit pids pids.max) == 0 && $(limit pids pids.current) == 1 ]]
	run -2 --separate-stderr cooper exec one sh -c 'echo inside; true | true'
	[[ $output == inside && $stderr == *fork* ]]
	[[ $(limit pids pids.max) == 0 ]]
	# The same by way of a namespace that is there already.
	start_in_namespaces --uts
	bundle_make bundle ".linux.resources.pids.limit = 0 | join(\"uts\"; \"/proc/$OTHER/ns/uts\")
		| command([\"echo\", \"runs\"])"
	run -0 --separate-stderr cooper run --bundle bundle two
	[[ $output == runs && -z $stderr ]]
}

@test "a new network namespace has its loopback up" {
	run_detached one
	[[ $(in_network_of "$(container_pid one)" cat /sys/class/net/lo/operstate) != down ]]
	in_network_of "$(container_pid one)" ip -br link show lo | grep -w UP
}

@test "the standard streams belong to the user, so that /dev/stdout can be opened" {
	bundle_make bundle '.process.user = {uid: 5, gid: 5} | sh("echo out >/dev/stdout; echo err >/dev/stderr")'
	cooper run --bundle bundle one 2>&1 | cat >log
	[[ $(xargs <log) == "out err" ]]
	# What lies on the host stays its owner's.
	echo before >file
	bundle_change bundle '. | sh("true")'
	cooper run --bundle bundle one <file
	[[ $(stat -c %u file) -eq 0 ]]
	bundle_change bundle '.process.terminal = true | sh("stat -c %u /dev/pts/0")'
	pty_start "$COOPER_BIN/cooper run --bundle bundle one"
	pty_await '^5'
}

@test "exec: a process group that has a number inside" {
	run_detached one
	run -0 cooper exec one sh -c 'ps -o pid,pgid,sid,comm | grep " ps$"'
	[[ $(awk '{ print ($2 > 0 && $3 > 0) }' <<<"$output") == 1 ]]
}

@test "the files of LISTEN_FDS are the command's, and those of --preserve-fds come behind them" {
	echo three >three
	echo four >four
	bundle_make bundle '.process.env += ["LISTEN_FDS=9"]
		| sh("echo $LISTEN_FDS $LISTEN_PID $$; cat <&3; { cat <&4; } 2>/dev/null || echo none")'
	# (The variables are for the process with that pid; exec keeps it.)
	listen() {
		sh -c 'exec env LISTEN_FDS=1 LISTEN_PID='"$1"' "$@"' sh "$COOPER_BIN/cooper" run --bundle bundle "${@:2}" one 3<three 4<four
	}
	run -0 listen '$$'
	[[ $(xargs <<<"$output") == "1 1 1 three none" ]]
	run -0 listen '$$' --preserve-fds 1
	[[ $(xargs <<<"$output") == "1 1 1 three four" ]]
	run listen 1
	[[ ${lines[0]} == "9 1" ]]
}

@test "of a variable that is there twice the last one counts" {
	run_detached one '.process.env += ["A=1", "AB=2", "A=", "A=3=4"]'
	run -0 cooper exec one env
	[[ $(xargs <<<"$output") == "PATH=/bin A=3=4 AB=2 HOME=/root" ]]
	run -0 cooper exec --env A=5 --env PATH=/usr/bin:/bin -e AB= one env
	[[ $(xargs <<<"$output") == "PATH=/usr/bin:/bin A=5 AB= HOME=/root" ]]
	bundle_change bundle 'command(["env"])'
	run -0 --separate-stderr cooper run --bundle bundle two
	[[ $(xargs <<<"$output") == "PATH=/bin A=3=4 AB=2 HOME=/root" ]]
}

@test "a hook without env has the runtime's variables, one with an empty env has none" {
	local look='tr "\\\\0" "\\\\n" </proc/$$/environ | grep -cx COLOUR=blue >>'"$TEST_DIR/log || true"
	run_detached one ".hooks.createRuntime = [{path: \"/bin/sh\", args: [\"sh\", \"-c\", $(jq -Rn --arg x "$look" '$x')]}]
		| .hooks.createRuntime += [.hooks.createRuntime[0] + {env: []}]"
	: >log
	cooper delete --force one
	COLOUR=blue cooper_quietly run --detach --bundle bundle one
	[[ $(xargs <log) == "1 0" ]]
}

@test "what a bind mount cannot be told is passed over, with a warning" {
	bundle_make bundle 'mount({destination: "/tmp", source: "tmp", options: ["rbind", "nosuid", "sync", "mode=755", "readonly"]})
		| sh("grep -c \" /tmp .*nosuid\" /proc/self/mountinfo")'
	mkdir bundle/tmp
	run -0 --separate-stderr cooper run --bundle bundle one
	[[ $output == 1 ]]
	[[ $stderr == 'cooper: warning: /tmp: options: a bind mount does not know "sync,mode=755,readonly"; passed over' ]]
}

@test "a user namespace with all of the host's ids has the usual devices" {
	bundle_make bundle '.linux.namespaces += [{type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: 0, size: 4294967295}] | .linux.gidMappings = .linux.uidMappings
		| .linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 5}]
		| sh("echo x >/dev/null && head -c 3 /dev/mine | wc -c")'
	run -0 --separate-stderr cooper run --bundle bundle one
	[[ $output == 3 && -z $stderr ]]
}

@test "a name may be said twice if it is the same" {
	bundle_make bundle '.hostname = "web" | .domainname = "net"
		| .linux.sysctl = {"kernel.hostname": "web", "kernel.domainname": "net"}
		| sh("cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname")'
	run -0 cooper run --bundle bundle one
	[[ $(xargs <<<"$output") == "web net" ]]
	fails 'create one: config.json: linux.sysctl["kernel.domainname"]: domainname says something else' \
		create --bundle "$(bundle_change bundle '.domainname = "org"'; echo bundle)" one
	for value in null 7; do
		bundle_change bundle ".linux.sysctl.\"kernel.domainname\" = $value"
		fails "create one: config.json: linux.sysctl[\"kernel.domainname\"]: expected a string, found $value" \
			create --bundle bundle one
	done
}
