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

@test "a config.json of 10 MB: whether it is taken or refused, quickly and without harm" {
	bundle_make bundle 'sh("echo has run")'
	{ head -c -2 bundle/config.json; printf ',"annotations":{"a":"'; head -c 10000000 /dev/zero | tr '\0' a; printf '"}}'; } >big
	mv big bundle/config.json
	run --separate-stderr in_time 20 "$COOPER_BIN/cooper" run --bundle bundle one
	[[ $status -eq 0 && $output == "has run" ]] ||
		[[ $status -eq 1 && $stderr == "cooper: run one: config.json: larger than "* ]]
	head -c 10000000 /dev/zero | tr '\0' '[' >bundle/config.json
	refused_by_all 'config.json'
	head -c 100000000 /dev/zero >bundle/config.json
	refused_by_all 'config.json: larger than '
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
	is_one_error 'cooper: create one: realpath: the bundle bundle: No such file or directory'
	echo >bundle
	run -1 --separate-stderr "$COOPER_BIN/6-oci" run bundle
	is_one_error '6-oci: run bundle: open: the bundle bundle: Not a directory'
	run -1 --separate-stderr cooper create --bundle bundle one
	is_one_error 'cooper: create one: '
	[[ $stderr == *"Not a directory"* ]]
}

# not_created ERROR: by create, which leaves nothing.
not_created() {
	run -1 --separate-stderr cooper create --bundle bundle one
	is_one_error "cooper: create one: $1"
	[[ -z $(ls -A /run/cooper) ]]
	no_cgroup_named "one-"
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
	not_created 'linux.namespaces[5]: setns: enter the net namespace: Invalid argument'
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
