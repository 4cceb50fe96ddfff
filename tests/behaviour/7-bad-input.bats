# Stages 6 and 7: bundles that are none. Each is one error that says what and where, in good time,
# and nothing is left.

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# refused_by_all ERROR: by 6-oci and by cooper, in the same words.
refused_by_all() {
	run -1 --separate-stderr in_time 10 "$COOPER_BIN/6-oci" run bundle
	is_one_error "6-oci: run bundle: $1"
	run -1 --separate-stderr in_time 10 "$COOPER_BIN/cooper" create --bundle bundle one
	is_one_error "cooper: create one: $1"
	run -1 --separate-stderr in_time 10 "$COOPER_BIN/cooper" run --bundle bundle one
	is_one_error "cooper: run one: $1"
	[[ ! -e /run/cooper ]]
	no_cgroup_named "one-"
	no_cgroup_named 6-oci-
}

# not_created ERROR: by create, which leaves nothing.
not_created() {
	run -1 --separate-stderr cooper create --bundle bundle one
	is_one_error "cooper: create one: $1"
	[[ -z $(ls -A /run/cooper 2>/dev/null) ]]
	no_cgroup_named "one-"
}

# spec: bundle:container-format-1 bundle:container-format-2 bundle:container-format-3
# spec: runtime:create-1
@test "a config.json that is missing, empty, truncated or no JSON" {
	bundle_make bundle
	cp bundle/config.json good
	rm bundle/config.json
	refused_by_all 'open: config.json: No such file or directory'
	: >bundle/config.json
	refused_by_all 'config.json: '
	head -c 100 good >bundle/config.json
	refused_by_all 'config.json:'
	echo 'this is not JSON' >bundle/config.json
	refused_by_all 'config.json:'
	head -c 5000 /dev/urandom >bundle/config.json
	refused_by_all 'config.json:'
	cat good good >bundle/config.json
	refused_by_all 'config.json:'
}

@test "a config.json of the wrong type: a directory, a FIFO, a device, a socket" {
	bundle_make bundle
	rm bundle/config.json
	mkdir bundle/config.json
	refused_by_all 'config.json: expected a regular file, found a directory'
	rmdir bundle/config.json
	mkfifo bundle/config.json
	refused_by_all 'config.json: expected a regular file, found a FIFO'
	rm bundle/config.json
	ln -s /dev/zero bundle/config.json
	refused_by_all 'config.json: expected a regular file, found a device or socket'
	rm bundle/config.json
	perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("bundle/config.json"))'
	refused_by_all 'open: config.json: No such device or address'
}

# spec: config:root-3 runtime:create-8 config:valid-values-1
@test "a config.json whose top is no object, or whose values are of the wrong type" {
	local text
	bundle_make bundle
	for text in '[]' '"text"' 5 null; do
		echo "$text" >bundle/config.json
		refused_by_all 'config.json: expected an object'
	done
	bundle_make bundle '.process.args = "sh"'
	refused_by_all 'config.json: process.args: expected a list, found a string "sh"'
	bundle_make bundle '.process.user.uid = "root"'
	refused_by_all 'config.json: process.user.uid: expected an integer, found a string "root"'
	bundle_make bundle '.mounts[0] = 5'
	refused_by_all 'config.json: mounts[0]: expected an object, found'
	bundle_make bundle 'del(.ociVersion)'
	refused_by_all 'config.json: ociVersion: missing'
	bundle_make bundle 'del(.root)'
	refused_by_all 'config.json: root: missing'
}

# characters COUNT: so many.
characters() {
	head -c "$1" /dev/zero | tr '\0' a
}

# with_more NAME: config.json with a further property at its end, whose value comes from stdin.
with_more() {
	{ head -c -2 bundle/config.json && printf ',"%s":' "$1" && cat && printf '}'; } >config.new
	mv config.new bundle/config.json
}

# At most so much address space for the container's creator. (AddressSanitizer takes terabytes of it.)
in_memory() {
	if sanitized; then
		"${@:2}"
	else
		(ulimit -v $((1024 * $1)) && "${@:2}")
	fi
}

# bats test_tags=root
@test "ten megabytes of annotations: one, or half a million, work in time and memory to match" {
	bundle_make bundle 'sh("echo has run") | .hooks.prestart = [hook("exit 0")]'
	cp bundle/config.json plain
	{ printf '{"a":"' && characters 10000000 && printf '"}'; } | with_more annotations
	run -0 --separate-stderr in_memory 128 in_time 20 "$COOPER_BIN/cooper" run --bundle bundle one
	[[ $output == "has run" ]]
	cp plain bundle/config.json
	{ printf '{"":0}' | sed 's/""/"a"/; s/0/""/' | head -c -1 && seq 500000 999999 | sed 's/.*/,"k&":"v"/' &&
		printf '}'; } | with_more annotations
	run -0 --separate-stderr in_memory 256 in_time 30 "$COOPER_BIN/cooper" run --bundle bundle one
	[[ $output == "has run" ]]
}

@test "more than a config can be: brackets without end, zeros without end" {
	bundle_make bundle
	head -c 10000000 /dev/zero | tr '\0' '[' >bundle/config.json
	refused_by_all 'config.json: line 1, column 65: more than 64 levels deep'
	head -c 10000000 /dev/zero | tr '\0' '{' >bundle/config.json
	refused_by_all 'config.json: line 1, column 2: not JSON'
	truncate -s 1G bundle/config.json
	refused_by_all 'config.json: larger than 16777216 bytes'
}

# bats test_tags=root
@test "an environment larger than the kernel takes: refused, with its size" {
	bundle_make bundle
	{ printf '{"cwd":"/","args":["sh"],"env":["PATH=/bin"' &&
		seq 100000 199999 | sed "s/.*/,\"V&=$(characters 90)\"/" && printf ']}'; } >process
	jq --slurpfile process process '.process = $process[0]' bundle/config.json >config.new
	mv config.new bundle/config.json
	not_created 'config.json: process.env: 10700029 bytes with args, the kernel takes 6291456 at most'
	rm bundle/config.json
	bundle_make bundle '.process.env = ["A=" + "a" * 100000, "B=" + "b" * 140000]'
	not_created 'config.json: process.env[1]: '
	# What the stack's limit decides, only the exec itself finds out.
	bundle_make bundle '.process.env = [range(30) | "V\(.)=" + "a" * 100000] |
		.process.rlimits = [{type: "RLIMIT_STACK", soft: 8388608, hard: 8388608}] | command(["/bin/true"])'
	cooper_quietly create --bundle bundle one
	run -1 --separate-stderr cooper start one
	[[ ${stderr_lines[0]} == 'cooper: start one: process.args: execve: /bin/true: argument list too long'* ]]
	run -126 --separate-stderr cooper run --bundle bundle two
	[[ $stderr == *'argument list too long'*'  hint: arguments and environment may fill a quarter of '* ]]
}

# A config that is right but for one thing, and the error it gets: the filter, a tab, the error.
# spec: config:valid-values-1
@test "values that cannot be: each is one line that names its property" {
	local filter error
	while IFS=$'\t' read -r filter error; do
		bundle_make bundle "$filter"
		run -1 --separate-stderr "$COOPER_BIN/cooper" create --bundle bundle one
		is_one_error "cooper: create one: config.json: $error"
		[[ ! -e /run/cooper ]]
	done <<-'END'
		.process.cwd = "tmp"	process.cwd: expected an absolute path, found "tmp"
		.process.rlimits = [{type: "RLIMIT_CPU", soft: 1, hard: 1}, {type: "RLIMIT_CPU", soft: 2, hard: 2}]	process.rlimits[1].type: RLIMIT_CPU a second time
		.linux.namespaces += [{type: "uts"}]	linux.namespaces[6].type: uts a second time
		.linux.cgroupsPath = "/a/../../b"	linux.cgroupsPath: expected a path without "..", found "/a/../../b"
		.process.user.uid = -1	process.user.uid: expected a whole number from 0 to 4294967295, found -1
		.process.user.gid = 4294967296	process.user.gid: expected a whole number from 0 to 4294967295, found 4294967296
		.process.oomScoreAdj = 2147483648	process.oomScoreAdj: expected a whole number from -1000 to 1000, found 2147483648
		.process.user.uid = 1.5	process.user.uid: expected an integer, found 1.5
		.linux.namespaces[0].path = "relative"	linux.namespaces[0].path: expected an absolute path, found "relative"
		.process.user.additionalGids = [range(65537)]	process.user.additionalGids: 65537 groups, the kernel takes 65536 at most
	END
	while IFS=$'\t' read -r filter error; do
		rm bundle/config.json
		bundle_make bundle
		sed -i "$filter" bundle/config.json
		run -1 --separate-stderr "$COOPER_BIN/cooper" create --bundle bundle one
		is_one_error "cooper: create one: config.json: "
		[[ $stderr == *"$error" && ! -e /run/cooper ]]
	done <<-'END'
		s/"cwd": "."/"cwd": "\/", "cwd": "\/"/	: process.cwd: the same name a second time in one object
		s/"cwd": "."/"cwd": "\/", "c\\u0077d": "\/"/	the same name a second time in one object
		s/"cwd": "."/"cwd": "\/\\u0000x"/	: process.cwd: a NUL in a string
		s/"cwd": "."/"cwd": "\/\xff"/	: process.cwd: a byte that is no UTF-8
		s/"cwd": "."/"cwd": "\/", "user": {"uid": 1e3}/	process.user.uid: expected an integer, found 1e3
		s/"cwd": "."/"cwd": "\/", "user": {"uid": 18446744073709551616}/	: process.user.uid: a number that does not fit into 64 bits
		s/"cwd": "."/"cwd": "\/", "oomScoreAdj": 9223372036854775808/	process.oomScoreAdj: expected a whole number from -1000 to 1000, found 9223372036854775808
		$s/$/ garbage/	not JSON
		$s/}$/,}/	not JSON
	END
}

@test "ids that are none: by every command" {
	local id verb
	bundle_make bundle
	for id in .. . a/b /a ../a $'a\nb' 'a b' $'\e[2J' "$(characters 1025)" 'é'; do
		run -1 --separate-stderr cooper create --bundle bundle -- "$id"
		is_one_error 'cooper: create '
		[[ $stderr == *'invalid container id "'* ]]
	done
	for verb in run create start state exec ps kill pause resume update events checkpoint delete; do
		run --separate-stderr cooper "$verb" -- ../one
		[[ $status -eq 1 || ($verb == exec && $status -eq 255) ]]
		is_one_error "cooper: $verb ../one: invalid container id \"../one\""
		run --separate-stderr cooper "$verb" ""
		[[ $status -eq 1 || ($verb == exec && $status -eq 255) ]]
		is_one_error "cooper: $verb : invalid container id \"\""
		run -1 --separate-stderr cooper "$verb" -x
		is_one_error 'cooper: -x: no such option'
	done
	[[ ! -e /run/cooper ]]
}

# bats test_tags=root
@test "text from a config steers no terminal, forges no line and no record" {
	local bad='\u001b[2J\ncooper: all is well\u009b2J\u202e'
	bundle_make bundle ".process.capabilities.bounding = [\"CAP_$bad\"] | command([\"/$bad\"])"
	run -1 --separate-stderr cooper --log log --log-format json create --bundle bundle one
	[[ ${#stderr_lines[@]} -eq 2 ]]
	[[ ${stderr_lines[0]} == 'cooper: warning: process.capabilities.bounding[0]: '* ]]
	[[ ${stderr_lines[1]} == 'cooper: create one: process.args: execve: /'* ]]
	[[ $stderr != *$'\e'* && $stderr != *$'\u009b'* && $stderr != *$'\u202e'* ]]
	[[ $(wc -l <log) -eq 2 ]]
	jq -es 'length == 2 and (map(.level) == ["warning", "error"])' log
	run -1 --separate-stderr cooper --explain create --bundle bundle one
	[[ $stderr != *$'\e'* && $stderr != *$'\ncooper: all is well'* ]]
	run -1 --separate-stderr cooper $'de\nstroy\e[2J' one
	is_one_error 'cooper: de?stroy?[2J: no such command'
}

@test "the record in the log has the error and its hint" {
	bundle_make bundle '.process.terminal = true'
	run -1 --separate-stderr cooper --log log --log-format json create --bundle bundle one
	[[ $(jq -r .msg log) == *'nobody is there to take the terminal (give a --console-socket'* ]]
}

# bats test_tags=root
@test "paths given by options: each is one line that names the option" {
	local flag place
	bundle_make bundle
	mkfifo fifo
	for flag in --pid-file --bundle; do
		for place in fifo /dev/null /dev/null/below nowhere/below "$(characters 5000)"; do
			run -1 --separate-stderr in_time 10 "$COOPER_BIN/cooper" create --bundle bundle "$flag" "$place" one
			is_one_error "cooper: create one: $flag: "
			[[ ! -e /run/cooper ]]
		done
	done
	[[ -c /dev/null && -p fifo ]]
	for place in fifo / /dev/null/below "$(characters 5000)"; do
		run -1 --separate-stderr in_time 10 "$COOPER_BIN/cooper" --log "$place" list
		is_one_error "cooper: --log: open: "
	done
	for place in fifo /dev/null/below "$(characters 5000)"; do
		run -1 --separate-stderr in_time 10 "$COOPER_BIN/cooper" --root "$place" state one
		is_one_error 'cooper: state one: '
		[[ $stderr == *'the state directory, --root '* ]]
	done
	run -1 --separate-stderr cooper create --bundle bundle --preserve-fds 40 one
	[[ $stderr == *'--preserve-fds: the file descriptor '*' is not open' ]]
}

# bats test_tags=root
@test "what somebody has put in the way of a pid file is not followed" {
	bundle_make bundle command'(["true"])'
	echo precious >precious
	ln -s precious pid.new
	cooper_quietly run --bundle bundle --pid-file pid one
	[[ $(<precious) == precious && $(<pid) =~ ^[0-9]+$ && ! -e pid.new ]]
	mkfifo pid.new
	in_time 10 "$COOPER_BIN/cooper" run --bundle bundle --pid-file pid one
	[[ -f pid && ! -e pid.new ]]
}

@test "a bundle whose path is no UTF-8 could not be put on record" {
	bundle_make bundle
	mv bundle $'bundle\xff'
	ln -s $'bundle\xff' link
	run -1 --separate-stderr cooper create --bundle link one
	is_one_error 'cooper: create one: --bundle: the path is no UTF-8'
	mkdir bundle
	mv $'bundle\xff/config.json' bundle
	ln -s $'../bundle\xff/rootfs' bundle/rootfs
	run -1 --separate-stderr cooper create --bundle bundle one
	is_one_error 'cooper: create one: root.path: the path is no UTF-8'
	[[ ! -e /run/cooper ]]
}

# bats test_tags=root
@test "a process for exec, limits for update: read by the same rules as a config" {
	local text error
	run_detached one
	mkfifo fifo
	mkdir directory
	for file in fifo directory /dev/zero; do
		run -255 --separate-stderr in_time 10 "$COOPER_BIN/cooper" exec --process "$file" one
		is_one_error "cooper: exec one: --process: $file: expected a regular file, found a "
		run -1 --separate-stderr in_time 10 "$COOPER_BIN/cooper" update --resources "$file" one
		is_one_error "cooper: update one: --resources: $file: expected a regular file, found a "
	done
	while IFS=$'\t' read -r text error; do
		echo "$text" >file
		run -255 --separate-stderr cooper exec --process file one
		is_one_error "cooper: exec one: --process: file: $error"
		run -1 --separate-stderr cooper update --resources file one
		is_one_error "cooper: update one: --resources: file: $error"
		run -1 --separate-stderr cooper update --resources - one <file
		is_one_error "cooper: update one: --resources: standard input: $error"
	done <<-'END'
		{"cwd":"/","cwd":"/"}	line 1, column 12: cwd: the same name a second time in one object
		{"cwd":"/","x":"\u0000"}	line 1, column 17: x: a NUL in a string
		{} {}	line 1, column 4: not JSON
		{"cwd":"/"	line 2, column 1: the file ends too early
	END
	echo '{"cwd":"/","args":["true"],"user":{"uid":1e3}}' >file
	run -255 --separate-stderr cooper exec --process file one
	is_one_error 'cooper: exec one: --process: file: user.uid: expected an integer, found 1e3'
	echo '{"memory":{"limit":9223372036854775808}}' >file
	run -1 --separate-stderr cooper update --resources file one
	is_one_error 'cooper: update one: --resources: file: linux.resources.memory.limit: expected a whole number from '
	run -1 --separate-stderr in_time 10 "$COOPER_BIN/cooper" update --resources - one </dev/zero
	is_one_error 'cooper: update one: --resources: standard input: larger than 16777216 bytes'
	truncate -s 17M file
	run -1 --separate-stderr cooper update --resources file one
	is_one_error 'cooper: update one: --resources: file: larger than 16777216 bytes'
	run -1 --separate-stderr bash -c '"$0" update --resources - one <&-' "$COOPER_BIN/cooper"
	is_one_error 'cooper: update one: --resources: '
	echo '{"pids":{"limit":77},"unknown":[{}]}' >file
	run -0 cooper update --resources - one < <(cat file)
	[[ $(cat "$(cgroup_of "$(container_pid one)" pids)/pids.max") == 77 ]]
}

# spec: config:extensibility-1
# bats test_tags=root
@test "what the specification wants to be passed over is: with warnings, a hundred at most" {
	bundle_make bundle 'sh("echo has run") | .unknown = {a: [1e400]} |
		.process.noNewPrivileges = true |
		.process.capabilities.bounding = [range(1000) | "CAP_OF_TOMORROW_\(.)"] |
		.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [
			{names: [range(1000) | "call_of_tomorrow_\(.)"], action: "SCMP_ACT_ERRNO"}]}'
	run -0 --separate-stderr cooper run --bundle bundle one
	[[ $output == "has run" && ${#stderr_lines[@]} -eq 101 ]]
	[[ ${stderr_lines[0]} == *'bounding[0]: CAP_OF_TOMORROW_0: this kernel does not know it; passed over' ]]
	[[ ${stderr_lines[100]} == 'cooper: warning: there are more warnings; they are not shown' ]]
	bundle_make bundle 'del(.process)'
	cooper_quietly create --bundle bundle two
	has_status two created
	run -1 --separate-stderr cooper start two
	[[ $stderr == 'cooper: start two: '* ]]
}

# In time that is in proportion: lists that would take minutes, each with each.
# bats test_tags=root
@test "long lists: of mount options, of capabilities, of ids" {
	bundle_make bundle 'mount({destination: "/mnt", type: "tmpfs", options: [range(60000) | "option\(.)"]})'
	run -1 --separate-stderr in_time 15 "$COOPER_BIN/cooper" run --bundle bundle one
	[[ $(grep -cv '^  hint: ' <<<"$stderr") -eq 1 && $stderr == 'cooper: run one: mounts[3]'* ]]
	bundle_make bundle '.process.capabilities = {effective: [range(60000) | "CAP_CHOWN"]} | command(["true"])'
	run --separate-stderr in_time 15 "$COOPER_BIN/cooper" run --bundle bundle one
	[[ ${#stderr_lines[@]} -eq 101 ]]
	bundle_make bundle '.linux.namespaces += [{type: "user"}] |
		.linux.uidMappings = [range(40000) | {containerID: ., hostID: ., size: 1}] |
		.linux.gidMappings = .linux.uidMappings | .process.user.additionalGids = [range(40000) | 999999]'
	run -1 --separate-stderr in_time 15 "$COOPER_BIN/cooper" create --bundle bundle one
	is_one_error 'cooper: create one: config.json: linux.uidMappings: 40000 lines, the kernel takes 340 at most'
}

# spec: config:root-7 runtime:lifecycle-2
@test "a bundle that is missing, a file, or without a rootfs" {
	bundle_make bundle
	removal bundle/rootfs
	refused_by_all 'config.json: root.path: "rootfs": No such file or directory'
	echo >bundle/rootfs
	refused_by_all 'config.json: root.path: "rootfs": Not a directory'
	rm bundle/rootfs
	ln -s nowhere bundle/rootfs
	refused_by_all 'config.json: root.path: "rootfs": No such file or directory'
	removal bundle
	run -1 --separate-stderr "$COOPER_BIN/6-oci" run bundle
	is_one_error '6-oci: run bundle: open: the bundle bundle: No such file or directory'
	run -1 --separate-stderr cooper create --bundle bundle one
	is_one_error 'cooper: create one: --bundle: realpath: the bundle bundle: No such file or directory'
	echo >bundle
	run -1 --separate-stderr "$COOPER_BIN/6-oci" run bundle
	is_one_error '6-oci: run bundle: open: the bundle bundle: Not a directory'
	run -1 --separate-stderr cooper create --bundle bundle one
	is_one_error 'cooper: create one: '
	[[ $stderr == *"Not a directory"* ]]
}

# spec: config:process-11
# bats test_tags=root
@test "a command that is missing, not executable, or lacks its interpreter" {
	bundle_make bundle 'command(["no-such-command"])'
	not_created 'process.args: execve: no-such-command: executable file not found in $PATH'
	bundle_make bundle 'command(["/bin/no-such-command"])'
	not_created 'process.args: execve: /bin/no-such-command: no such file or directory'
	bundle_make bundle 'command(["plain-file"])'
	echo text >bundle/rootfs/bin/plain-file
	not_created 'process.args: execve: plain-file: permission denied'
	# This one only the exec itself finds out.
	printf '#!/opt/no/python\n' >bundle/rootfs/bin/plain-file
	chmod +x bundle/rootfs/bin/plain-file
	run -126 --separate-stderr cooper run --bundle bundle one
	is_one_error 'cooper: process.args: execve: /bin/plain-file: no such file or directory' ||
		is_one_error 'cooper: run one: process.args: execve: /bin/plain-file: no such file or directory'
	[[ $stderr == *"/opt/no/python"* && -z $(ls -A /run/cooper) ]]
}

# spec: config:valid-values-1 config-linux:cpu-1 config-linux:cpu-2
# bats test_tags=root
@test "limits that are no numbers, out of range, or more than the host has" {
	local filter
	for filter in '.memory.limit = "64M"' '.memory.limit = 1.5' '.pids.limit = true' '.cpu.period = 1' \
		'.cpu.quota = 5' '.cpu.cpus = "a-b"' '.blockIO.weight = 5000' '.memory.limit = -2'; do
		bundle_make bundle ".linux.resources$filter"
		refused_by_all "config.json: linux.resources${filter%% *}: "
	done
	bundle_make bundle '.linux.resources.cpu.cpus = "1000"'
	not_created 'linux.resources: write: 1000 > '
}

# spec: runtime:errors-1 runtime:create-7 runtime:create-8 runtime:lifecycle-2
# bats test_tags=root
@test "a container that fails half-way leaves nothing" {
	cat /proc/self/mountinfo >before
	bundle_make bundle 'mount({destination: "/mnt", source: "/no/such", options: ["bind"]})'
	not_created 'mounts[3]: open_tree: a copy of the mount at /no/such for /mnt: No such file or directory'
	bundle_make bundle '.process.cwd = "/etc/passwd"'
	not_created 'process.cwd: '
	bundle_make bundle 'join("network"; "/etc/passwd")'
	not_created 'linux.namespaces[5].path: expected a network namespace, found something else: "/etc/passwd"'
	diff before /proc/self/mountinfo
	create one
	has_status one created
}

# spec: config-linux:control-groups-1 config-linux:cgroups-path-4 runtime:delete-5
# bats test_tags=root
@test "a cgroup that others are in is not taken" {
	local name=cooper-test-$$
	run_detached one ".linux.cgroupsPath = \"/$name\""
	run -1 --separate-stderr cooper create --bundle bundle two
	is_one_error "cooper: create two: linux.cgroupsPath: /$name: there are processes in this cgroup already"
	has_status one running
	bundle_make bundle '.linux.cgroupsPath = "/../up"'
	run -1 --separate-stderr cooper create --bundle bundle two
	is_one_error 'cooper: create two: '
	[[ $stderr == *cgroupsPath* ]]
	cooper delete --force one
	no_cgroup_named "$name"
}

@test "a state directory that cannot be one" {
	bundle_make bundle
	echo >file
	run -1 --separate-stderr cooper --root file create --bundle bundle one
	[[ $stderr == "cooper: create one: "*"file"*"Not a directory"* ]]
	run -1 --separate-stderr cooper --root file list
	[[ $stderr == "cooper: list: "*"file"*"Not a directory"* ]]
	run -0 cooper --root missing list --quiet
	[[ ! -e missing ]]
}
