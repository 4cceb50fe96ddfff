# Stage 7: bundles and containers that want out, or want to keep the runtime busy. What has broken
# runtimes before, with the numbers under which it is known; docs/security.md has the list.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

setup() {
	test_setup
	mkdir host
	echo precious >host/file
}

teardown() {
	containers_remove
	mounts_remove
	test_teardown
}

# The host's directory that hostile links lead to is as it was.
host_is_untouched() {
	[[ $(ls -A host) == file && $(<host/file) == precious ]]
	not grep -q " $TEST_DIR/host" /proc/self/mountinfo
}

# A way from the rootfs to the host's directory, by more ".." than there are directories.
up_to_host() {
	printf '../%.0s' {1..20}
	echo "${TEST_DIR#/}/host"
}

# --- the runtime's own file -------------------------------------------------------------------

# A program that is the runtime itself. With the full FIFO for its errors, it hangs at the first until
# somebody reads.
put_snare() {
	printf '#!/proc/self/exe --snare\n' >"$1/bin/snare"
	chmod +x "$1/bin/snare"
	FIFO=$1/tmp/fifo
	mkfifo -m 666 "$FIFO"
	exec 8<>"$FIFO"
	fill_fifo
}

fill_fifo() {
	dd if=/dev/zero of="$FIFO" bs=4096 oflag=nonblock 2>/dev/null || true
}

# In a container: waits for a process that is one, opens its file, lets it end, and writes to that.
readonly OVERWRITE='
	until victim=$(grep -l "/bin/[s]nare" /proc/[0-9]*/cmdline); do sleep 0.1; done
	exec 5<"${victim%cmdline}exe"
	head -c 4 <&5 >/tmp/read
	timeout 5 cat /tmp/fifo >/dev/null
	chmod 777 /proc/self/fd/5 2>/dev/null
	until { echo overwritten >/proc/self/fd/5; } 2>/tmp/error || ! grep -q busy /tmp/error; do sleep 0.1; done
	cat /tmp/error
	echo done'

@test "the runtime's file is not overwritten by a command that is /proc/self/exe (CVE-2019-5736)" {
	skip_when_sanitized
	cp "$COOPER_BIN/cooper" cooper
	bundle_make bundle
	put_snare bundle/rootfs
	# By the init of a container. (Without a PID namespace, which would end with it.)
	bundle_change bundle 'without("pid") | command(["snare"])'
	"$COOPER_BIN/cooper" create --bundle bundle one </dev/null >/dev/null 2<>"$FIFO" 3>&- 8>&-
	start "$COOPER_BIN/cooper" exec one sh -c "$OVERWRITE"
	./cooper start one
	await_exit
	cat out err
	[[ $(<out) == *"Read-only file system"*done ]]
	# (It could be read: there was something to write to.)
	[[ $(head -c 4 bundle/rootfs/tmp/read) == $'\x7fELF' ]]
	cooper delete --force one
	# And by exec.
	rm bundle/rootfs/tmp/{read,error}
	run_detached two
	fill_fifo
	start "$COOPER_BIN/cooper" exec two sh -c "$OVERWRITE"
	in_time 20 ./cooper exec two snare 2<>"$FIFO" || true
	await_exit
	cat out err
	[[ $(<out) == *"Read-only file system"*done ]]
	[[ $(head -c 4 bundle/rootfs/tmp/read) == $'\x7fELF' ]]
	cmp cooper "$COOPER_BIN/cooper"
}

@test "without root, the runtime's file is a sealed copy, where its user could write to it" {
	skip_when_sanitized
	skip_unless_user_namespaces
	mkdir mine
	install -m 755 "$COOPER_BIN/cooper" mine/cooper
	bundle_make bundle '.linux.namespaces += [{type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: '"$USER_ID"', size: 1}]
		| .linux.gidMappings = .linux.uidMappings | without("cgroup")'
	put_snare bundle/rootfs
	give_to_user mine
	give_to_user bundle
	as_user mine/cooper --root mine/state run --detach --bundle bundle one </dev/null >out 2>&1 3>&-
	start "${AS_USER[@]}" mine/cooper --root mine/state exec one sh -c "$OVERWRITE"
	in_time 20 "${AS_USER[@]}" mine/cooper --root mine/state exec one snare 2<>"$FIFO" || true
	await_exit
	cat out err
	[[ $(<out) == *"Operation not permitted"*done ]]
	[[ $(head -c 4 bundle/rootfs/tmp/read) == $'\x7fELF' ]]
	as_user mine/cooper --root mine/state delete --force one
	cmp mine/cooper "$COOPER_BIN/cooper"
}

# --- a process on its way in ------------------------------------------------------------------

@test "the waiting init of a created container is not to be looked at, and holds nothing of the host (CVE-2016-9962)" {
	create one
	run cooper exec one sh -c 'cat /proc/1/fd/0; ls -d /proc/1/root/bin /proc/1/cwd/bin; head -c 4 /proc/1/exe; cat /proc/1/environ'
	echo "$output"
	[[ $(grep -c "Permission denied" <<<"$output") -eq 5 && ${#lines[@]} -eq 5 ]]
	# Who may look at all has no way to the host's /proc from there.
	run -0 cooper exec --cap CAP_SYS_PTRACE one sh -c 'for file in /proc/1/fd/*; do
			ls -d $file/sys $file/../sys $file/../../sys $file/1/root
		done 2>/dev/null; ls /proc/1/fd; cat /proc/1/fd/*/comm'
	echo "$output"
	[[ $output != *sys* && $output != *root* && $output == *3* && ${lines[-1]} == cooper ]]
}

@test "an exec without a terminal cannot type on its caller's" {
	run_detached one
	pty_start "$COOPER_BIN/cooper exec one cat /proc/self/stat; echo status \$?"
	pty_await 'status 0'
	# After the name: state, parent, process group, session, terminal.
	[[ $(sed -n 's/.*(cat) . [0-9]* [0-9]* [0-9]* \(-\?[0-9]*\) .*/\1/p' screen) == 0 ]]
}

# --- links ------------------------------------------------------------------------------------

@test "a proc or sysfs behind a link of the rootfs is refused (CVE-2019-19921, CVE-2023-27561)" {
	local link
	bundle_make bundle
	rmdir bundle/rootfs/proc bundle/rootfs/sys
	mkdir bundle/rootfs/elsewhere
	for link in /elsewhere elsewhere "$TEST_DIR/host" "$(up_to_host)" /proc; do
		ln -sfn "$link" bundle/rootfs/proc
		create_fails 'mounts[0]: '
	done
	ln -sfn elsewhere bundle/rootfs/proc
	create_fails 'mounts[0]: destination: /proc: there is a link in this path of the rootfs'
	rm bundle/rootfs/proc
	ln -s elsewhere bundle/rootfs/sys
	create_fails 'mounts[3]: destination: /sys: there is a link' 'mount({destination: "/sys", type: "sysfs"})'
	create_fails 'mounts[3]: destination: /sys/fs: there is a link' 'mount({destination: "/sys/fs", type: "proc"})'
	host_is_untouched
}

@test "/dev and what is in it as links, to wherever: all stays inside" {
	local link
	for link in "$TEST_DIR/host" "$(up_to_host)" chain /proc/self/fd /proc/1/root; do
		bundle_make bundle '.mounts |= map(select(.destination | startswith("/dev") | not)) | command(["true"])
			| mount({destination: "/dev/pts", type: "devpts"}) | mount({destination: "/dev/shm", type: "tmpfs"})'
		rm -rf bundle/rootfs/dev
		ln -sn "$link" bundle/rootfs/dev
		ln -sfn "$TEST_DIR/host" bundle/rootfs/chain
		in_time 10 "$COOPER_BIN/cooper" run --bundle bundle one || true
		# With a /dev of its own in a directory: what is in that.
		rm bundle/rootfs/dev
		mkdir bundle/rootfs/dev
		ln -sn "$link" bundle/rootfs/dev/pts
		ln -sn "$link/file" bundle/rootfs/dev/shm
		ln -sn "$link/null" bundle/rootfs/dev/null
		in_time 10 "$COOPER_BIN/cooper" run --bundle bundle one || true
		removal bundle
	done
	host_is_untouched
}

@test "a node of /dev that is something else is refused, a FIFO or a device keeps nobody waiting" {
	local node
	bundle_make bundle '.mounts |= map(select(.destination == "/proc"))'
	rm bundle/rootfs/dev/null
	for node in "ln -s $TEST_DIR/host/file" "ln -s /proc/1/root/file" mkfifo "mknod-b"; do
		case $node in
		mknod-b) mknod bundle/rootfs/dev/null b 7 0 ;;
		ln*) $node bundle/rootfs/dev/null ;;
		*) "$node" bundle/rootfs/dev/null ;;
		esac
		create_fails '/dev/null: something else is there already' '.mounts |= map(select(.destination == "/proc"))'
		rm bundle/rootfs/dev/null
	done
	host_is_untouched
}

@test "/dev/console and /dev/ptmx as links of the rootfs: the terminal is the container's (CVE-2025-52565)" {
	local link
	for link in "$TEST_DIR/host/file" "$(up_to_host)/file" /proc/self/environ; do
		bundle_make bundle '.mounts |= map(select(.destination != "/dev")) | .process.terminal = true
			| sh("tty; stat -c %t:%T /dev/console")'
		rm -f bundle/rootfs/dev/*
		ln -s "$link" bundle/rootfs/dev/console
		ln -s "$link" bundle/rootfs/dev/ptmx
		run timeout 20 script -qec "$COOPER_BIN/cooper run --bundle bundle one" /dev/null </dev/null
		echo "$output"
		removal bundle
	done
	host_is_untouched
	[[ $(stat -c %F host/file) == "regular file" ]]
	# Inhabitants exchange the one that exec opens.
	run_detached one
	rm -f bundle/rootfs/dev/pts
	nsenter --mount="/proc/$(container_pid one)/ns/mnt" --root="/proc/$(container_pid one)/root" \
		/bin/sh -c 'umount /dev/pts; mkfifo /dev/pts/ptmx'
	run timeout 20 script -qec "$COOPER_BIN/cooper exec --tty one true" /dev/null </dev/null
	[[ $output == *"/dev/pts/ptmx, for a new terminal"* ||  $output == *"TIOCGPTPEER"* ]]
	nsenter --mount="/proc/$(container_pid one)/ns/mnt" --root="/proc/$(container_pid one)/root" \
		/bin/sh -c 'rm /dev/pts/ptmx; ln -s /proc/self/fd/0 /dev/pts/ptmx'
	run timeout 20 script -qec "$COOPER_BIN/cooper exec --tty one true" /dev/null </dev/null
	[[ $output == *"Too many levels of symbolic links"* ]]
}

# swaps ONE OTHER: exchanges them until the test ends.
swaps() {
	"$COOPER_BIN/swap" "$1" "$2" 3>&- &
	STARTED+=($!)
}

@test "destinations that are swapped for links while the mounts are made stay inside (CVE-2021-30465)" {
	local run
	bundle_make bundle 'mount({destination: "/swapped/one/new", type: "tmpfs"}) | mount({destination: "/swapped/two", source: "/etc", options: ["rbind"]})
		| mount({destination: "/swapped/three", type: "tmpfs", options: ["tmpcopyup"]})
		| .linux.maskedPaths = ["/swapped/file"] | .linux.readonlyPaths = ["/swapped"] | .process.cwd = "/swapped/four/five"
		| .linux.devices = [{path: "/swapped/node", type: "c", major: 1, minor: 3}] | command(["true"])'
	mkdir bundle/rootfs/swapped
	ln -s "$(up_to_host)" bundle/rootfs/other
	swaps bundle/rootfs/swapped bundle/rootfs/other
	for ((run = 0; run < 15; run++)); do
		in_time 20 "$COOPER_BIN/cooper" run --bundle bundle one || [[ $? -ne 124 ]]
	done
	host_is_untouched
}

@test "a proc that is swapped away while the mounts are made is masked where it is" {
	local run
	bundle_make bundle '.linux.maskedPaths = ["/proc/version", "/proc/fs"] | .linux.readonlyPaths = ["/proc/sys"]
		| sh("for at in proc other; do
			[ ! -e /$at/1/stat ] || { cat /$at/version; ls /$at/fs; echo 1 2>/dev/null >/$at/sys/net/ipv4/ip_forward && echo written; echo seen; }
		done")'
	mkdir bundle/rootfs/other
	swaps bundle/rootfs/proc bundle/rootfs/other
	for ((run = 0; run < 15; run++)); do
		in_time 20 "$COOPER_BIN/cooper" run --bundle bundle one >>told 2>&1 || true
	done
	cat told
	grep -q '^seen$' told
	not grep -qi 'linux version\|ext4\|written' told
}

@test "a null device that is none masks nothing (CVE-2025-31133)" {
	bundle_make bundle '.linux.maskedPaths = ["/proc/version"] | command(["true"])'
	run -1 unshare --mount sh -c "mount --bind host/file /dev/null; exec '$COOPER_BIN/cooper' run --bundle bundle one 2>&1"
	[[ $output == "cooper: run one: linux.maskedPaths[0]: /proc/version: the host's /dev/null is not the null device" ]]
	# Nor is it the rootfs's.
	rm bundle/rootfs/dev/null
	run_detached one '.linux.maskedPaths = ["/proc/version"] | .mounts |= map(select(.destination == "/proc"))'
	[[ $(stat -L -c %t:%T "/proc/$(container_pid one)/root/proc/version") == 1:3 ]]
	host_is_untouched
}

@test "a host whose /proc is no proc is refused: no label and no parameter is written to it (CVE-2019-16884)" {
	skip_when_sanitized
	run_detached one
	bundle_make other '.linux.sysctl = {"kernel.msgmax": "9000"}'
	mkdir -p fake/self/attr fake/self/fd fake/sys/kernel
	: >fake/self/attr/exec
	: >fake/sys/kernel/msgmax
	cp "$COOPER_BIN/cooper" fake/self/exe
	run -1 unshare --mount sh -c "mount --bind fake /proc; exec '$COOPER_BIN/cooper' run --bundle other two 2>&1"
	echo "$output"
	[[ $output == "cooper: "*"/proc"* && ! -s fake/self/attr/exec && ! -s fake/sys/kernel/msgmax ]]
	run -1 unshare --mount sh -c "mount --bind fake /proc; exec '$COOPER_BIN/cooper' exec one true 2>&1"
	[[ $output == "cooper: "*"/proc"* ]]
}

@test "the tmpfs for the cgroups of v1 does not cover a proc" {
	skip_unless "the memory controller is not in v1" on_v1
	create_fails 'mounts[3]: destination: /proc: only a proc can cover a proc' 'mount({destination: "/proc", type: "cgroup"})'
}

# --- open files -------------------------------------------------------------------------------

@test "no open file of the host's is a working directory (CVE-2024-21626)" {
	local fd
	bundle_make bundle
	cooper_quietly run --detach --bundle bundle one
	for fd in {0..12}; do
		bundle_change bundle "command([\"ls\"]) | .process.cwd = \"/proc/self/fd/$fd\""
		run "$COOPER_BIN/cooper" run --bundle bundle two 5</ 7<host 9</proc
		echo "$output"
		[[ $status -ne 0 && ${lines[0]} == "cooper: run two: process.cwd: "* && ${#lines[@]} -le 2 ]]
		run "$COOPER_BIN/cooper" exec --cwd "/proc/self/fd/$fd" one ls 5</ 7<host 9</proc
		echo "$output"
		[[ $status -ne 0 && ${lines[0]} == "cooper: exec one: process.cwd: "* && ${#lines[@]} -le 2 ]]
	done
	# Nor is one that was handed on: it is no place in the container.
	run "$COOPER_BIN/cooper" exec --preserve-fds 3 --cwd /proc/self/fd/5 one ls 3</dev/null 4</dev/null 5</
	[[ $status -ne 0 && $output == "cooper: exec one: process.cwd: /proc/self/fd/5: leads out of the container" ]]
}

@test "hooks get no open file of the caller's, not even one that is handed on" {
	bundle_make bundle '.hooks = ({createRuntime: "runtime", createContainer: "container", poststop: "stop"}
		| map_values([hook("ls /proc/self/fd >>'"$TEST_DIR"'/fds")])) | command(["true"])'
	: >fds
	"$COOPER_BIN/cooper" run --bundle bundle --preserve-fds 1 one 3<host/file 7</
	cat fds
	# (ls has the directory open.)
	[[ $(xargs <fds) == "0 1 2 3 0 1 2 3 0 1 2 3" ]]
}

# --- powers -----------------------------------------------------------------------------------

@test "capabilities and groups of the caller are not the container's (CVE-2022-29162)" {
	local -a generous=(setpriv --inh-caps "+chown,+kill" --ambient-caps "+chown,+kill" --groups "4,27")
	"${generous[@]}" grep -q '^CapAmb:.*[1-9a-f]' /proc/self/status
	bundle_make bundle '.process.capabilities = {bounding: ["CAP_KILL"], permitted: ["CAP_KILL"], effective: ["CAP_KILL"]}'
	"${generous[@]}" "$COOPER_BIN/cooper" run --detach --bundle bundle one </dev/null >out 2>&1 3>&-
	wait_until is_executed one
	local pid none=0000000000000000 name
	pid=$(container_pid one)
	run -0 "${generous[@]}" "$COOPER_BIN/cooper" exec one cat /proc/self/status
	for name in CapInh CapAmb; do
		[[ $(status_of "$pid" "$name") == "$none" && $output == *"$name:"$'\t'"$none"* ]]
	done
	[[ $(status_of "$pid" CapBnd) == 0000000000000020 && $output == *"CapBnd:"$'\t'"0000000000000020"* ]]
	[[ -z $(status_of "$pid" Groups) ]] && grep -qE $'^Groups:\t *$' <<<"$output"
	run -0 "${generous[@]}" "$COOPER_BIN/cooper" exec --user 7:8 one cat /proc/self/status
	grep -qE $'^Groups:\t *$' <<<"$output"
	[[ $output == *"CapEff:"$'\t'"$none"* ]]
}

# confinement: of the process that reads this, what it may do and where it is.
export CONFINEMENT='grep -E "^(Cap|NoNewPrivs|Seccomp:|Groups|Uid|Gid)" /proc/self/status
	for space in /proc/self/ns/*; do readlink $space; done; cat /proc/self/cgroup'

@test "exec into a container that its inhabitants have changed: the same confinement, and no hang" {
	run_detached one '.process.noNewPrivileges = true | .process.user = {uid: 0, gid: 0, additionalGids: [5]}
		| .process.capabilities = {bounding: ["CAP_KILL"], permitted: ["CAP_KILL"], effective: ["CAP_KILL"]}
		| .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["unshare"], action: "SCMP_ACT_ERRNO"}]}
		| sh("(" + $ENV.CONFINEMENT + ") >/confined; exec sleep 1000")'
	local root=bundle/rootfs
	# A name without a file, one that never ends, libraries to preload, PATH by links.
	rm $root/etc/passwd
	mkfifo $root/etc/passwd
	echo /evil.so >$root/etc/ld.so.preload
	mkdir $root/links
	ln -s /links/self $root/links/self
	ln -s ../bin $root/links/bin
	nsenter --mount="/proc/$(container_pid one)/ns/mnt" --root="/proc/$(container_pid one)/root" \
		/bin/sh -c 'rm /dev/null; mkfifo /dev/null; rm /dev/tty'
	run -0 in_time 10 "$COOPER_BIN/cooper" exec --env PATH=/links/self:/links/bin --env LD_PRELOAD=/evil.so one sh -c "$CONFINEMENT"
	diff <(echo "$output") $root/confined
	rm $root/etc/passwd
	truncate -s 3G $root/etc/passwd
	run -0 in_time 10 "$COOPER_BIN/cooper" exec one sh -c 'echo $HOME'
	[[ $output == / ]]
	# /proc covered by a fake one, and gone.
	nsenter --mount="/proc/$(container_pid one)/ns/mnt" --root="/proc/$(container_pid one)/root" \
		/bin/sh -c 'mkdir -p /fake/self/attr /fake/self/fd; touch /fake/self/attr/exec; mount --bind /fake /proc'
	run -0 in_time 10 "$COOPER_BIN/cooper" exec one echo inside
	[[ $output == inside && ! -s $root/fake/self/attr/exec ]]
	nsenter --mount="/proc/$(container_pid one)/ns/mnt" --root="/proc/$(container_pid one)/root" \
		/bin/sh -c 'umount /proc; umount /proc'
	run -0 in_time 10 "$COOPER_BIN/cooper" exec one echo inside
	# Another program under the shell's name is just that.
	rm $root/bin/sh
	printf '#!/bin/echo\n' >$root/bin/sh
	chmod +x $root/bin/sh
	run -0 in_time 10 "$COOPER_BIN/cooper" exec one sh replaced
	[[ $output == "/bin/sh replaced" ]]
}

# --- what a container leaves on disk and screen -----------------------------------------------

@test "a pid file replaces a link that waits for it, and follows none" {
	bundle_make bundle 'command(["true"])'
	ln -s "$TEST_DIR/host/file" pid
	ln -s "$TEST_DIR/host/file" pid.new
	"$COOPER_BIN/cooper" run --bundle bundle --pid-file pid one
	host_is_untouched
	[[ ! -L pid && $(<pid) =~ ^[0-9]+$ && ! -e pid.new ]]
}

@test "what moves the cursor is not printed: names of files, a script's interpreter, annotations" {
	local escape=$'\e]0;evil\a'
	bundle_make "bundle$escape" '.annotations = {"a\u001bb": "c\u001b[2Jd\n"} | command(["script"])'
	printf '#!/not/%s\n' "$escape" >"bundle$escape/rootfs/bin/script"
	chmod +x "bundle$escape/rootfs/bin/script"
	cooper_quietly create --bundle "bundle$escape" one
	cooper start one >files 2>&1 || true
	cooper list >>files
	cooper --explain run --bundle "bundle$escape" two >>files 2>&1 || true
	cooper state one >json
	grep -q 'bundle?]0;evil?' files
	grep -q 'interpreter "/not/?]0;evil?"' files
	jq -e '.annotations == {"a\u001bb": "c\u001b[2Jd\n"}' json
	cat json >>files
	not grep -q "[$(printf '\e\a\r')]" files
}

# --- its end ----------------------------------------------------------------------------------

@test "delete --force: of a container with cgroups of its own, deeper than a path is long, and frozen ones" {
	local top
	run_detached one
	top=$(cgroup_of "$(container_pid one)" freezer)
	(
		cd "$top"
		name=$(printf '%0250d' 7)
		for ((depth = 0; depth < 20; depth++)); do
			mkdir "$name" && cd -P "$name" 2>/dev/null || break
		done
	)
	mkdir "$top/frozen"
	cooper_quietly exec --detach one sleep 1000
	pgrep --ns "$(container_pid one)" --nslist pid -x sleep | tail -n 1 >"$top/frozen/cgroup.procs"
	if [[ -e $top/frozen/freezer.state ]]; then
		echo FROZEN >"$top/frozen/freezer.state"
	else
		echo 1 >"$top/frozen/cgroup.freeze"
	fi
	in_time 30 "$COOPER_BIN/cooper" delete --force one
	no_cgroup_named "one-"
}

@test "delete --force: of a container that is stopped, or paused, or has its memory full" {
	run_detached one '.linux.resources.memory.limit = 8388608 | mount({destination: "/full", type: "tmpfs"})'
	cooper exec one dd if=/dev/zero of=/full/file bs=1M count=20 2>/dev/null || true
	kill -STOP "$(container_pid one)"
	in_time 30 "$COOPER_BIN/cooper" delete --force one
	run_detached two
	cooper pause two
	kill -STOP "$(container_pid two)"
	in_time 30 "$COOPER_BIN/cooper" delete --force two
	no_cgroup_named "one-"
	no_cgroup_named "two-"
}

# --- namespaces of others ---------------------------------------------------------------------

@test "a namespace of another type, or what is none, is refused" {
	create_fails 'linux.namespaces[5].path: expected a network namespace, found a uts namespace: ' \
		'join("network"; "/proc/self/ns/uts")'
	mkfifo fifo
	create_fails 'linux.namespaces[5].path: expected a network namespace, found something else: ' \
		'join("network"; $dir + "/fifo")'
	create_fails 'linux.namespaces[5].path: expected a network namespace, found something else: ' \
		'join("network"; "/dev/zero")'
}
