# shellcheck shell=bash disable=SC2034,SC2154 # OTHER, CONTAINER; stderr
# Bundles for the tests of stages 6 and 7: a busybox, and a config made with jq (helpers.bash) from a plain one.

# Words for the filters.
# shellcheck disable=SC2016 # jq's
readonly BUNDLE_WORDS='
	def command($words): .process.args = $words;
	def sh($script): command(["sh", "-c", $script]);
	def idle: command(["sleep", "1000"]);
	def mount($entry): .mounts += [$entry];
	def namespaces($types): .linux.namespaces = [$types[] | {type: .}];
	def without($type): .linux.namespaces |= map(select(.type != $type));
	def join($type; $path): without($type) | .linux.namespaces += [{type: $type, path: $path}];
	def hook($script): {path: "/bin/sh", args: ["sh", "-c", $script], env: ["PATH=/usr/bin:/bin"]};
'

# A container that does nothing.
readonly BUNDLE_PLAIN='{
	ociVersion: "1.3.0",
	process: {cwd: "/", env: ["PATH=/bin"]},
	root: {path: "rootfs"},
	mounts: [
		{destination: "/proc", type: "proc", source: "proc"},
		{destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755"]},
		{destination: "/dev/pts", type: "devpts", source: "devpts",
			options: ["newinstance", "ptmxmode=0666"]}
	]
} | namespaces(["pid", "mount", "uts", "ipc", "network", "cgroup"]) | idle'

# bundle_make DIR [FILTER]: the plain config as the jq filter changes it ($dir is the test's
# directory, $dir/rootfs another's), with a rootfs.
bundle_make() {
	mkdir -p "$1"
	rootfs_make "$1/rootfs"
	bundle_change "$1" "$BUNDLE_PLAIN | ${2:-.}"
}

# bundle_change DIR FILTER: its config, or what FILTER starts with, through the filter.
bundle_change() {
	[[ -e $1/config.json ]] || echo null >"$1/config.json"
	jq --arg dir "$TEST_DIR" "$BUNDLE_WORDS $2" "$1/config.json" >"$1/config.json.new"
	mv "$1/config.json.new" "$1/config.json"
}

# --- looking at a container from outside ------------------------------------------------------

# mount_of PID PLACE FIELD: what the kernel says of the uppermost mount there: its options, root,
# type, super (the filesystem's options) or propagation ("shared:2 master:1").
mount_of() {
	awk -v place="$2" -v field="$3" '$5 == place {
		all["root"] = $4; all["options"] = $6; all["propagation"] = ""
		for (i = 7; $i != "-"; i++)
			all["propagation"] = all["propagation"] $i " "
		all["type"] = $(i + 1); all["super"] = $(i + 3)
		found = 1
	} END { print all[field]; exit !found }' "/proc/$1/mountinfo"
}

# status_of PID NAME: a line of /proc/PID/status, in one blank a gap.
status_of() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" | xargs
}

# has_apparmor: the kernel enforces AppArmor's profiles.
has_apparmor() {
	grep -q Y /sys/module/apparmor/parameters/enabled
}

# profile_of PID: AppArmor's, and its mode.
profile_of() {
	cat "/proc/$1/attr/apparmor/current"
}

# cgroup_of PID CONTROLLER: the directory of the process's cgroup, in v1 or in v2.
cgroup_of() {
	local path
	path=$(awk -F: -v name="$2" '{
		count = split($2, names, ",")
		for (i = 1; i <= count; i++)
			if (names[i] == name)
				print $3
	}' "/proc/$1/cgroup")
	if [[ -n $path ]]; then
		echo "/sys/fs/cgroup/$2$path"
	else
		echo "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$1/cgroup")"
	fi
}

# cgroups_named NAME: the cgroups with this in their names, in all hierarchies, without those that
# were there before the test.
cgroups_named() {
	all_cgroups | grep -e "$1[^/]*$" | grep -vxF -e "$CGROUPS_BEFORE"
}

all_cgroups() {
	find /sys/fs/cgroup -type d 2>/dev/null
}

CGROUPS_BEFORE=$(all_cgroups)

# no_cgroup_named NAME: none is left. (Cgroups are the real host's, where another run of these tests
# may be under way: what is not this test's goes by itself.)
no_cgroup_named() {
	wait_until not cgroups_named "$1"
}

# on_v1: this host has the memory controller in cgroup v1.
on_v1() {
	[[ -d /sys/fs/cgroup/memory ]]
}

# --- what a test mounts or starts beside the container ----------------------------------------

# For teardown: unmounts what the test has mounted in its directory.
mounts_remove() {
	awk -v dir="$TEST_DIR/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | tac |
		while read -r place; do
			umount -l "$place"
		done
}

# start_in_namespaces OPTION...: a process in new namespaces as unshare makes them; its pid in OTHER.
start_in_namespaces() {
	start unshare --kill-child "$@" sh -c 'echo ready; exec sleep 2000'
	await_output ready
	OTHER=$(pgrep -P "$PID")
}

# --- stage 6, its program in STAGE --------------------------------------------------------------

# start_bundle [FILTER]: the bundle in the background; the pid of its process, a sleep, in CONTAINER.
start_bundle() {
	bundle_make bundle "${1:-.}"
	start_made_bundle
}

start_made_bundle() {
	start "$STAGE" run bundle
	wait_until pgrep -P "$PID" -x sleep
	CONTAINER=$(pgrep -P "$PID" -x sleep)
}

# refused ERROR [FILTER]: the bundle does not run; the error is one line that begins so.
refused() {
	bundle_make bundle "${2:-.} | sh(\"echo has run\")"
	run -1 --separate-stderr "$STAGE" run bundle
	is_one_error "6-oci: run bundle: $1"
}

# is_one_error TEXT: the last run said nothing but one error that begins so, and perhaps its hint.
is_one_error() {
	echo "$output$stderr"
	[[ -z $output && ${stderr_lines[0]} == "$1"* ]]
	[[ $(grep -cv '^  hint: ' <<<"$stderr") -eq 1 ]]
}

# --- stage 7 ----------------------------------------------------------------------------------

cooper() {
	"$COOPER_BIN/cooper" "$@"
}

# fails ERROR COMMAND...: with status 1, and one error on stderr.
fails() {
	run -1 --separate-stderr cooper "${@:2}"
	is_one_error "cooper: $1"
}

# create_fails ERROR [FILTER]: the container "one" of the bundle "bundle" is not created; the error
# begins so. (If it is, it would keep a "run" of bats waiting.)
create_fails() {
	bundle_make bundle "${2:-.}"
	if cooper create --bundle bundle one </dev/null >out 2>err 3>&-; then
		echo "it was created"
		return 1
	fi
	output=$(<out)
	stderr=$(<err)
	mapfile -t stderr_lines <err
	is_one_error "cooper: create one: $1"
	[[ ! -e /run/cooper/one ]]
}

# create ID [FILTER]: the container ID of the bundle "bundle".
create() {
	bundle_make bundle "${2:-.}"
	cooper_quietly create --bundle bundle "$1"
}

# A container holds the output of its creator open, and so would keep a "run" of bats waiting.
cooper_quietly() {
	cooper "$@" </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- || {
		cat "$TEST_DIR/err"
		return 1
	}
}

# run_detached ID [FILTER]: the same, and it runs.
run_detached() {
	bundle_make bundle "${2:-.}"
	cooper_quietly run --detach --bundle bundle "$1"
	wait_until is_executed "$1"
}

# is_executed ID: the container's process is a sleep by now.
is_executed() {
	[[ $(status_of "$(container_pid "$1")" Name) == sleep ]]
}

# container_state ID NAME: a property of its state.
container_state() {
	cooper state "$1" | jq -r --arg name "$2" '.[$name]'
}

# (A 0 would be the test's own process group to kill.)
container_pid() {
	container_state "$1" pid | grep -vx 0
}

# has_status ID STATUS
has_status() {
	[[ $(container_state "$1" status) == "$2" ]]
}

# For teardown: removes all containers, of which nothing may be left then.
containers_remove() {
	local id
	for id in $(cooper list --quiet); do
		cooper delete --force "$id"
	done
	rmdir /run/cooper 2>/dev/null || [[ ! -e /run/cooper ]]
}

# is_orphan PID: its parent has gone.
is_orphan() {
	[[ $(status_of "$1" PPid) == 1 ]]
}
