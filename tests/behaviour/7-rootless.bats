# Stage 7 without root: the same runtime, in a user namespace.

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

setup() {
	test_setup
	skip_unless_user_namespaces
	export XDG_RUNTIME_DIR=$TEST_DIR/runtime
	as_user mkdir -m 700 "$XDG_RUNTIME_DIR"
}

teardown() {
	local id
	for id in $(my_cooper list --quiet); do
		my_cooper delete --force "$id"
	done
	[[ -z $(ls -A runtime/cooper 2>/dev/null) ]]
	test_teardown
}

# As the plain user, with a runtime directory of their own, as a session has one.
my_cooper() {
	as_user env XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" "$COOPER_BIN/cooper" "$@"
}

# my_bundle [FILTER]: what spec --rootless writes for the user, changed by the filter.
my_bundle() {
	mkdir bundle
	rootfs_make bundle/rootfs
	[[ $EUID -ne 0 ]] || chown -hR "$USER_ID" bundle/rootfs
	chmod 777 bundle
	rm -f bundle/config.json
	my_cooper spec --rootless --bundle bundle
	bundle_change bundle ".process.terminal = false | ${1:-.}"
}

my_cooper_quietly() {
	my_cooper "$@" </dev/null >out 2>err 3>&- || {
		cat err
		return 1
	}
}

my_state() {
	my_cooper state one | jq -r --arg name "$1" '.[$name]'
}

# my_cgroups: whether there is a part of the v2 tree that the user may change.
my_cgroups() {
	local path
	path=$(findmnt -rnfo TARGET -t cgroup2)$(sed -n 's/^0:://p' /proc/self/cgroup)
	[[ -w ${path%/*}/cgroup.procs ]]
}

has_my_status() {
	[[ $(my_state status) == "$1" ]]
}

@test "spec --rootless: a bundle that its user can run" {
	my_bundle 'sh("id -u; hostname; ls -A /sys | head -n 1; echo $$")'
	run -0 --separate-stderr my_cooper run --bundle bundle one
	echo "$stderr"
	[[ ${lines[0]} == 0 && ${lines[1]} == cooper && ${lines[3]} == 1 && -z $stderr ]]
	[[ -z $(ls -A runtime/cooper) ]]
}

@test "without root: root inside is the user outside, in namespaces of its own" {
	local pid name
	my_bundle 'command(["sleep", "1000"])'
	my_cooper_quietly run --detach --bundle bundle one
	wait_until has_my_status running
	pid=$(my_state pid)
	[[ $(status_of "$pid" Uid) == "$USER_ID $USER_ID $USER_ID $USER_ID" ]]
	for name in user pid mnt uts ipc; do
		[[ $(namespace "$pid" "$name") != "$(namespace self "$name")" ]]
	done
	[[ $(stat -c %u runtime/cooper/one) == "$USER_ID" && $(my_state bundle) == "$TEST_DIR/bundle" ]]
}

@test "without root: create, start, exec, kill, delete" {
	my_bundle 'command(["sleep", "1000"])'
	my_cooper_quietly create --bundle bundle --pid-file pid one
	has_my_status created
	my_cooper start one
	wait_until has_my_status running
	run -7 my_cooper exec one sh -c 'id -u; ps | grep -c "[s]leep 1000"; exit 7'
	[[ ${lines[*]} == "0 1" ]]
	run -1 my_cooper delete one
	my_cooper kill one KILL
	wait_until has_my_status stopped
	my_cooper delete one
	run -1 my_cooper state one
	wait_until gone "$(<pid)"
}

@test "without root: a hook, a terminal, volumes, a read-only root" {
	mkdir shared
	chmod 777 shared
	my_bundle '.mounts += [{destination: "/shared", type: "bind", source: ($dir + "/shared"), options: ["rbind"]}]
		| .hooks.createRuntime = [hook("cat >" + $dir + "/shared/state")]
		| sh("touch /shared/mine /x; tty")
		| .process.terminal = true'
	pty_start "${AS_USER[*]} XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR $COOPER_BIN/cooper run --bundle bundle one; echo status \$?"
	pty_await 'status 0'
	await_exit
	grep -q 'Read-only file system' screen
	grep -q '^/dev/pts/0' screen
	[[ $(stat -c %u shared/mine) == "$USER_ID" && $(jq -r .status shared/state) == creating ]]
}

# Podman starts a runtime like that, in mounts of that namespace; "unshare --user" leaves those to the host.
@test "root of a user namespace: a bundle whose user namespace maps that root" {
	local option
	my_bundle '.linux.uidMappings[0].hostID = 0 | .linux.gidMappings[0].hostID = 0
		| .mounts += [{destination: "/data", type: "bind", source: $dir, options: ["bind"]}]
		| sh("id -u; ls /data; exit 7")'
	for option in --user --mount; do
		run -7 --separate-stderr as_user unshare --user "$option" --map-root-user \
			"$COOPER_BIN/cooper" --root "$TEST_DIR/runtime/cooper" run --bundle bundle one
		echo "$stderr"
		[[ -z $stderr && ${lines[0]} == 0 && " ${lines[*]} " == *" bundle "* ]]
	done
	[[ -z $(ls -A runtime/cooper) ]]
}

@test "without root: a limit that is nobody's to give is refused; without one, no cgroup is needed" {
	[[ $EUID -eq 0 ]] || skip_unless "this user has cgroups" not my_cgroups
	my_bundle '.linux.resources.pids.limit = 10'
	run -1 --separate-stderr my_cooper run --bundle bundle one
	[[ $stderr == 'cooper: run one: linux.resources: '* && $stderr == *'  hint: '* ]]
	[[ -z $(ls -A runtime/cooper) ]]
}
