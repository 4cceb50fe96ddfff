# Stage 7: what a process finds around it: its home, its keys, its label, the size of its terminal.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	[[ ! -e $TEST_DIR/profiles ]] || apparmor_parser --remove "$TEST_DIR/profiles"
	test_teardown
}

# --- HOME -------------------------------------------------------------------------------------

# home_in UID [ENV...]: what a process of the bundle has for HOME.
home_in() {
	bundle_change bundle ".process.user.uid = $1 | sh(\"echo \$HOME\")
		| .process.env = [\"PATH=/bin\"$(printf ', "%s"' "${@:2}")]"
	cooper run --bundle bundle one
}

@test "HOME: as the config has it, or else as the container's /etc/passwd" {
	bundle_make bundle
	mkdir -p bundle/rootfs/etc
	printf '%s\n' root:x:0:0:root:/of-root:/bin/sh broken ten:x:10:10::/of-ten:/bin/sh \
		empty:x:11:11::: last:x:12:12::/of-twelve >bundle/rootfs/etc/passwd
	[[ $(home_in 0 A=b) == /of-root ]]
	[[ $(home_in 10 A=b) == /of-ten ]]
	[[ $(home_in 12 HOME=) == /of-twelve ]]
	[[ $(home_in 11 A=b) == / ]]
	[[ $(home_in 1 A=b) == / ]]
	[[ $(home_in 10 HOME=/given) == /given ]]
	run_detached two '.process.env = ["PATH=/bin"]'
	printf 'ten:x:10:10::/of-ten:/bin/sh\n' >bundle/rootfs/etc/passwd
	[[ $(cooper exec --user 10 two sh -c 'echo $HOME') == /of-ten ]]
}

@test "HOME: a passwd that is none is not read, and does no harm" {
	local rootfs=bundle/rootfs
	bundle_make bundle
	mkdir -p $rootfs/etc
	rm -f $rootfs/etc/passwd
	# A FIFO would hold it up for ever, a link would lead out.
	mkfifo $rootfs/etc/passwd
	[[ $(home_in 0 A=b) == / ]]
	rm $rootfs/etc/passwd
	printf 'root:x:0:0::/from-outside:/bin/sh\n' >secret
	ln -s "$TEST_DIR/secret" $rootfs/etc/passwd
	[[ $(home_in 0 A=b) == / ]]
	ln -sfn ../../../../../../../../"$TEST_DIR/secret" $rootfs/etc/passwd
	[[ $(home_in 0 A=b) == / ]]
	rm $rootfs/etc/passwd
	truncate -s 1T $rootfs/etc/passwd
	[[ $(home_in 0 A=b) == / ]]
	rm $rootfs/etc/passwd
	mknod $rootfs/etc/passwd c 1 5
	[[ $(home_in 0 A=b) == / ]]
}

# --- the environment and the command ------------------------------------------------------------

@test "process.env without a name or a \"=\", and process.args without a command, are errors" {
	bundle_make bundle '.process.env = ["NAME"]'
	fails 'create one: config.json: process.env[0]: expected NAME=VALUE' create --bundle bundle one
	bundle_make bundle '.process.env = ["=value"]'
	fails 'create one: config.json: process.env[0]: expected NAME=VALUE' create --bundle bundle one
	bundle_make bundle '.process.args = []'
	fails 'create one: config.json: process.args: expected a command' create --bundle bundle one
}

# --- keys -------------------------------------------------------------------------------------

# (Keyrings are the whole host's: the ids here must be nobody else's.)
readonly KEYS_ID=keys-$RANDOM-$RANDOM

# session_of ID: the session keyring of a process of exec, with its serial number.
session_of() {
	cooper exec "$1" /bin/session-keyring
}

@test "a session keyring of the container's own, which exec shares; --no-new-keyring: none" {
	bundle_make bundle 'sh("session-keyring; exec sleep 1000")'
	cp "$COOPER_BIN/session-keyring" bundle/rootfs/bin
	cooper_quietly run --detach --bundle bundle "$KEYS_ID"
	wait_until is_executed "$KEYS_ID"
	[[ $(<out) == *";_ses.$KEYS_ID" ]]
	[[ $(session_of "$KEYS_ID") == "$(<out)" ]]
	cooper_quietly run --detach --no-new-keyring --bundle bundle "$KEYS_ID-not"
	wait_until is_executed "$KEYS_ID-not"
	[[ $(<out) != *"$KEYS_ID"* ]]
	[[ $(session_of "$KEYS_ID-not") != *"$KEYS_ID"* ]]
}

# --- labels -----------------------------------------------------------------------------------

has_no_selinux() {
	[[ ! -e /sys/fs/selinux/enforce ]]
}

@test "labels: a kernel that does not enforce one refuses it by its name; none asked for, no matter" {
	bundle_make bundle '.process.apparmorProfile = "no-such-profile"'
	fails 'create one: process.apparmorProfile: ' create --bundle bundle one
	skip_unless "SELinux is switched on" has_no_selinux
	bundle_make bundle '.process.selinuxLabel = "system_u:system_r:container_t:s0:c1,c2"'
	fails 'create one: process.selinuxLabel: ' create --bundle bundle one
	bundle_make bundle '.linux.mountLabel = "system_u:object_r:container_file_t:s0:c1,c2"'
	fails 'create one: linux.mountLabel: ' create --bundle bundle one
	[[ ! -e /run/cooper ]]
	run_detached one '.process.apparmorProfile = "" | .process.selinuxLabel = "" | .linux.mountLabel = ""'
	cooper exec one true
	run -255 --separate-stderr cooper exec --apparmor no-such-profile one true
	is_one_error 'cooper: exec one: process.apparmorProfile: '
}

# --- shares of the cache ----------------------------------------------------------------------

has_no_resctrl() {
	[[ $(stat -f -c %t /sys/fs/resctrl 2>/dev/null) != 7655821 ]]
}

# spec: config-linux:intelrdt-2 config-linux:intelrdt-7 config-linux:intelrdt-9
@test "intelRdt: where there is no resctrl, an error before anything is made" {
	skip_unless "resctrl is mounted" has_no_resctrl
	bundle_make bundle '.linux.intelRdt = {}'
	fails 'create one: linux.intelRdt: there is no resctrl filesystem' create --bundle bundle one
	[[ ! -e /run/cooper ]]
	bundle_make bundle '.linux.intelRdt = {memBwSchema: "L3:0=f"}'
	fails 'create one: config.json: linux.intelRdt.memBwSchema: ' create --bundle bundle one
	bundle_make bundle '.linux.intelRdt = {closID: "../up"}'
	fails 'create one: config.json: linux.intelRdt.closID: ' create --bundle bundle one
	bundle_make bundle '.linux.intelRdt = {schemata: ["L3:0=f\nMB:0=10"]}'
	fails 'create one: config.json: linux.intelRdt.schemata[0]: ' create --bundle bundle one
}

# --- the size of the terminal -----------------------------------------------------------------

# spec: config:process-2 config:process-9
@test "consoleSize: for a terminal that goes elsewhere; a window has its own" {
	bundle_make bundle '.process.terminal = true | .process.consoleSize = {height: 31, width: 91}
		| sh("stty size; exec sleep 1000")'
	start "$COOPER_BIN/console-receiver" socket
	wait_until test -S socket
	cooper run --detach --bundle bundle --console-socket socket one </dev/null >created 2>&1 3>&-
	await_output '^31 91'
	cooper delete --force one
	await_exit
	# Without a terminal it means nothing.
	bundle_make bundle '.process.consoleSize = {height: 31, width: 91} | command(["true"])'
	cooper run --bundle bundle one
	bundle_make bundle '.process.terminal = true | .process.consoleSize = {height: 31, width: 91}
		| .process.env += ["PS1=inside:"] | command(["sh"])'
	pty_start "stty rows 33 cols 77; $COOPER_BIN/cooper run --bundle bundle one"
	pty_await 'inside:'
	pty_type 'stty size\n'
	pty_await '^33 77'
	pty_type 'exit\n'
	await_exit
}

# --- AppArmor -----------------------------------------------------------------------------------

# profile NAME FILE: allows everything, but not to read FILE.
profile() {
	printf 'profile %s flags=(attach_disconnected) {
		file, capability, network, mount, umount, pivot_root, ptrace, signal, unix,
		deny %s r,
	}\n' "$1" "$2"
}

@test "apparmorProfile is the process's label, and in force; a profile that is unknown is refused" {
	local name=cooper-test-$$
	skip_unless "AppArmor is switched off" has_apparmor
	skip_unless_installed apparmor_parser
	create_fails 'process.apparmorProfile: there is no profile no-such-profile in the kernel' \
		'.process.apparmorProfile = "no-such-profile"'
	[[ ${stderr_lines[1]} == *apparmor_parser* ]]
	no_cgroup_named one

	{ profile "$name" /one && profile "$name-exec" /two; } >profiles
	apparmor_parser --add --skip-cache --quiet profiles
	bundle_change bundle ".process.apparmorProfile = \"$name\" | .process.noNewPrivileges = true
		| sh(\"cat /one; cat /two; exec sleep 1000\")"
	echo "the first" >bundle/rootfs/one
	echo "the second" >bundle/rootfs/two
	cooper_quietly run --detach --bundle bundle one
	wait_until is_executed one
	[[ $(profile_of "$(container_pid one)") == "$name (enforce)" ]]
	[[ $(<out) == "the second" && $(<err) == *"/one"*"Permission denied"* ]]

	# A further process has the container's profile, if it is given none.
	run -0 cooper exec one cat /proc/self/attr/current
	[[ $output == "$name (enforce)" ]]
	run -1 cooper exec --apparmor "$name-exec" one sh -c 'cat /proc/self/attr/current /one /two'
	[[ ${lines[0]} == "$name-exec (enforce)" && ${lines[1]} == "the first" && ${lines[2]} == *denied ]]
	run -255 --separate-stderr cooper exec --apparmor no-such-profile one true
	is_one_error 'cooper: exec one: process.apparmorProfile: there is no profile no-such-profile in the kernel'
}
