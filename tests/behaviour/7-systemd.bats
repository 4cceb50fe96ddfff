# Stage 7: cooper --systemd-cgroup: the container's cgroup is a scope of systemd's.

# bats file_tags=systemd

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

setup() {
	test_setup
	FLAG=(--systemd-cgroup)
}

teardown() {
	[[ $EUID -ne 0 ]] || containers_remove
	systemctl stop coopertest.slice cooper-other.scope 2>/dev/null || true
	test_teardown
}

skip_without_systemd() {
	skip_unless "this host has not been booted with systemd" test -d /run/systemd/system
}

my_cooper() {
	"$COOPER_BIN/cooper" "${FLAG[@]}" "$@"
}

# quietly COMMAND...: see cooper_quietly.
quietly() {
	my_cooper "$@" </dev/null >out 2>err 3>&- || {
		cat err
		return 1
	}
}

# scope_of ID: the process's cgroup as the kernel tells it.
scope_of() {
	sed -n 's/^0:://p' "/proc/$(container_pid "$1")/cgroup"
}

# property SCOPE NAME: what systemd knows.
property() {
	systemctl show --property="$2" --value "$1"
}

no_scope() {
	! systemctl list-units --all --plain --no-legend 'cooper*.scope' 'box*.scope' | grep .
}

# refuses ERROR COMMAND...: with one error, and nothing has been made.
refuses() {
	run -1 --separate-stderr my_cooper "${@:2}"
	is_one_error "cooper: $1"
	[[ ! -e /run/cooper/one ]]
}

# bats test_tags=root
@test "without systemd --systemd-cgroup is refused, and nothing is made" {
	skip_unless "this host runs systemd" test ! -d /run/systemd/system
	bundle_make bundle
	refuses "create one: --systemd-cgroup: this host has not been booted with systemd" \
		create --bundle bundle one
	FLAG=(--systemd-cgroup=true)
	refuses "create one: --systemd-cgroup: " create --bundle bundle one
	FLAG=(--systemd-cgroup=false)
	quietly create --bundle bundle one
}

# bats test_tags=root
@test "cgroup v1 cannot be shared with systemd: refused" {
	skip_unless "the memory controller is not in v1" on_v1
	# A mount of its own, which goes with the host of this file.
	skip_unless "this host runs systemd" test ! -d /run/systemd/system
	mkdir -p /run/systemd/system
	bundle_make bundle
	run -1 --separate-stderr my_cooper create --bundle bundle one
	rmdir /run/systemd/system /run/systemd
	is_one_error "cooper: create one: --systemd-cgroup: this host has cgroup v1; only v2 "
	[[ ! -e /run/cooper/one ]]
}

# annotated NAME VALUE: a filter that adds the annotation for a property.
annotated() {
	echo ".annotations[\"org.systemd.property.$1\"] = $(jq -Rn --arg x "$2" '$x')"
}

# bats test_tags=root
@test "annotations give the scope properties" {
	skip_without_systemd
	bundle_make bundle "$(annotated TimeoutStopSec 'uint64 123') | $(annotated KillSignal 10) | $(annotated SendSIGHUP true)
		| $(annotated CollectMode "'inactive'") | $(annotated Wants "['systemd-journald.service']")
		| $(annotated AllowedCPUs '[byte 1]') | .annotations.other = \"word\""
	quietly run --detach --bundle bundle one
	[[ $(property cooper-one.scope TimeoutStopUSec) == "2min 3s" && $(property cooper-one.scope KillSignal) == 10 ]]
	[[ $(property cooper-one.scope SendSIGHUP) == yes && $(property cooper-one.scope CollectMode) == inactive ]]
	[[ $(property cooper-one.scope Wants) == *systemd-journald.service* ]]
	[[ $(property cooper-one.scope AllowedCPUs) == 0 ]]
	my_cooper delete --force one
	no_scope
}

# bats test_tags=root
@test "an annotation that is no property of the bundle's to set is refused by its name" {
	skip_without_systemd
	bundle_make bundle "$(annotated PIDs '[uint32 1]')"
	refuses 'create one: annotations["org.systemd.property.PIDs"]: this property is the runtime' \
		create --bundle bundle one
	bundle_make bundle "$(annotated TimeoutStopSec soon)"
	refuses 'create one: annotations["org.systemd.property.TimeoutStopSec"]: expected a value' \
		create --bundle bundle one
	bundle_make bundle "$(annotated Description "'$(printf '%4096s' '')'")"
	refuses 'create one: annotations["org.systemd.property.Description"]: longer than 4096 characters' \
		create --bundle bundle one
	bundle_make bundle '.annotations = ([range(65) | [65, 97 + (. / 26 | floor), 97 + . % 26]
		| {key: "org.systemd.property.\(implode)", value: "1"}] | from_entries)'
	refuses 'create one: annotations: more than 64 properties for systemd' create --bundle bundle one
	no_scope
	# One that this systemd does not know: it says so itself, and nothing stays.
	bundle_make bundle "$(annotated Colour "'blue'")"
	run -1 --separate-stderr my_cooper create --bundle bundle one
	[[ $stderr == *Colour* && ! -e /run/cooper/one ]]
	no_scope
	FLAG=()
	quietly create --bundle bundle one
}

# bats test_tags=root
@test "the container is in a scope below system.slice, which knows the limits that systemd can" {
	skip_without_systemd
	bundle_make bundle '.linux.resources = {memory: {limit: 33554432, swap: 50331648}, pids: {limit: 20},
		cpu: {shares: 512, quota: 12500, period: 50000, cpus: "0"}, unified: {"memory.high": "16M"}}
		| sh("cat /proc/self/cgroup; exec sleep 1000")'
	quietly run --detach --bundle bundle one
	wait_until is_executed one
	[[ $(scope_of one) == /system.slice/cooper-one.scope/container && $(<out) == 0::/ ]]
	local cgroup=/sys/fs/cgroup/system.slice/cooper-one.scope
	[[ $(property cooper-one.scope Delegate) == yes && $(property cooper-one.scope TasksMax) == 20 ]]
	[[ $(property cooper-one.scope MemoryMax) == 33554432 ]]
	[[ $(property cooper-one.scope MemorySwapMax) == 16777216 ]]
	[[ $(property cooper-one.scope MemoryHigh) == 16777216 ]]
	[[ $(property cooper-one.scope CPUQuotaPerSecUSec) == 250ms ]]
	[[ $(property cooper-one.scope AllowedCPUs) == 0 ]]
	# The weight counts beside other units, so in the scope; it is the one that stage 4 computes.
	[[ $(<$cgroup/cpu.weight) == "$(<$cgroup/container/cpu.weight)" && $(<$cgroup/cpu.weight) != 100 ]]
	# Systemd writes its own files anew. The container's are not among them.
	systemctl daemon-reload
	[[ $(<$cgroup/container/memory.max) == 33554432 && $(<$cgroup/container/pids.max) == 20 ]]
	[[ $(<$cgroup/container/cpu.max) == "12500 50000" && $(<$cgroup/container/memory.high) == 16777216 ]]
	cooper update --memory 67108864 --cpuset-cpus 0 --pids-limit -1 one
	[[ $(<$cgroup/container/memory.max) == 67108864 && $(<$cgroup/container/pids.max) == max ]]
	[[ $(property cooper-one.scope MemoryMax) == 67108864 && $(<$cgroup/memory.max) == 67108864 ]]
	[[ $(property cooper-one.scope TasksMax) == infinity ]]
	cooper delete --force one
	[[ ! -e $cgroup ]]
	no_scope
}

# bats test_tags=root
@test "cgroupsPath is SLICE:PREFIX:NAME; a dash in the slice is a step down" {
	skip_without_systemd
	local path
	bundle_make bundle '.linux.cgroupsPath = "coopertest-deep.slice:box:name"'
	quietly create --bundle bundle one
	[[ $(scope_of one) == /coopertest.slice/coopertest-deep.slice/box-name.scope/container ]]
	cooper delete --force one
	bundle_change bundle '.linux.cgroupsPath = "::"'
	quietly create --bundle bundle one
	[[ $(scope_of one) == /system.slice/one.scope/container ]]
	cooper delete --force one
	no_scope
	for path in /a/b system.slice:box a:b:c:d; do
		bundle_change bundle ".linux.cgroupsPath = \"$path\""
		refuses "create one: linux.cgroupsPath: expected \"SLICE:PREFIX:NAME\", found \"$path\"" \
			create --bundle bundle one
	done
	for path in system:box:one a--b.slice:box:one -a.slice:box:one :box:a/b :box:in.slice; do
		bundle_change bundle ".linux.cgroupsPath = \"$path\""
		refuses "create one: linux.cgroupsPath: " create --bundle bundle one
	done
}

# bats test_tags=root
@test "create, start, exec, kill, delete; the scope goes with its last process" {
	skip_without_systemd
	bundle_make bundle
	quietly create --bundle bundle one
	# From here on the record knows: the flag is not needed.
	has_status one created
	cooper start one
	wait_until is_executed one
	[[ $(cooper exec one sh -c 'cat /proc/self/cgroup') == 0::/ ]]
	cooper exec --detach one sleep 3000 3>&-
	[[ $(wc -l </sys/fs/cgroup/system.slice/cooper-one.scope/container/cgroup.procs) == 2 ]]
	[[ $(cooper list --quiet) == one ]]
	cooper kill --all one KILL
	wait_until has_status one stopped
	wait_until no_scope
	has_status one stopped
	cooper delete one
	# What outlives the container's process, in no PID namespace of its own, goes with the scope.
	bundle_change bundle 'without("pid") | sh("sleep 3001 & exec sleep 1000")'
	quietly run --detach --bundle bundle one
	wait_until pgrep -x -f 'sleep 3001'
	kill -KILL "$(container_pid one)"
	wait_until has_status one stopped
	pgrep -x -f 'sleep 3001'
	cooper delete one
	wait_until not pgrep -x -f 'sleep 3001'
	# A command's end, and its status, with nobody to delete.
	bundle_change bundle 'sh("exit 7")'
	run -7 my_cooper run --bundle bundle one
	no_scope
	[[ ! -e /run/cooper/one ]]
}

# bats test_tags=root
@test "somebody else's scope of the same name is not touched" {
	skip_without_systemd
	bundle_make bundle '.linux.cgroupsPath = ":cooper:other"'
	quietly create --bundle bundle one
	# Its scope goes by itself. Another one takes the name.
	kill -KILL "$(container_pid one)"
	wait_until no_scope
	quietly create --bundle bundle two
	cooper delete one
	has_status two created
	cooper delete two
	quietly create --bundle bundle one
	kill -KILL "$(container_pid one)"
	wait_until no_scope
	start systemd-run --quiet --scope --unit=cooper-other.scope --description="Other" sleep 2003
	wait_until systemctl is-active cooper-other.scope
	cooper delete one
	systemctl is-active cooper-other.scope
	refuses 'create one: linux.cgroupsPath: ' create --bundle bundle one
	[[ $stderr == *'there is a unit cooper-other.scope already: "Other"'* ]]
	systemctl is-active cooper-other.scope
}

# bats test_tags=root
@test "a create that is killed at any step leaves no scope that delete --force does not stop" {
	skip_without_systemd
	local step steps first
	bundle_make bundle '.linux.resources.pids.limit = 20'
	quietly --explain create --bundle bundle one
	cooper delete one
	steps=$(wc -l <err)
	first=$(grep -n 'run: .*cooper-systemd start' err | cut -d: -f1)
	[[ $steps -gt 50 && $first -gt 10 ]]
	for ((step = first - 3; step < first + 16; step += 2)); do
		env --default-signal=PIPE "$COOPER_BIN/cooper" --explain --systemd-cgroup create --bundle bundle one \
			</dev/null 2>&1 >/dev/null 3>&- | head -n "$step" >/dev/null || true
		cooper delete --force one
		[[ ! -e /run/cooper/one ]]
		wait_until no_scope
	done
	# While a hook runs, too: it is not in the scope, and dies with its cooper, as the init does.
	bundle_change bundle '.hooks.createRuntime = [hook("echo ready >reached; exec sleep 2002")]'
	start "$COOPER_BIN/cooper" --systemd-cgroup create --bundle bundle one
	wait_until pgrep -x -f 'sleep 2002'
	kill -KILL "$PID"
	wait_until not pgrep -x -f 'sleep 2002'
	cooper delete --force one
	no_scope
}

# bats test_tags=root
@test "what fails after the scope is made takes it down; a missing helper is said before" {
	skip_without_systemd
	bundle_make bundle 'command(["/no/such/program"])'
	run -1 --separate-stderr my_cooper run --bundle bundle one
	no_scope
	[[ ! -e /run/cooper/one ]]
	bundle_change bundle '.linux.resources.unified = {"memory.high": "nonsense"}'
	refuses "create one: linux.resources" create --bundle bundle one
	no_scope
	cp "$COOPER_BIN/cooper" alone
	run -1 --separate-stderr ./alone --systemd-cgroup create --bundle bundle one
	[[ $stderr == *'--systemd-cgroup needs the program cooper-systemd, which is not there'* ]]
	[[ ! -e /run/cooper/one ]]
	no_scope
}

@test "without root it is the user's own systemd" {
	[[ $EUID -ne 0 ]] || skip "a test for a plain user"
	skip_without_systemd
	skip_unless_user_namespaces
	skip_unless "this user has no systemd" test -S "$XDG_RUNTIME_DIR/bus"
	local pid cgroup
	mkdir bundle
	rootfs_make bundle/rootfs
	cooper spec --rootless --bundle bundle
	bundle_change bundle '.process.terminal = false | .linux.resources = {pids: {limit: 20}} | idle'
	quietly --root state run --detach --bundle bundle one
	pid=$(cooper --root state state one | jq .pid)
	cgroup=$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
	[[ $cgroup == */user@$EUID.service/user.slice/cooper-one.scope/container ]]
	[[ $(<"/sys/fs/cgroup$cgroup/pids.max") == 20 ]]
	[[ $(systemctl --user show --property=TasksMax --value cooper-one.scope) == 20 ]]
	cooper --root state exec --detach one sleep 3000 3>&-
	[[ $(wc -l <"/sys/fs/cgroup$cgroup/cgroup.procs") == 2 ]]
	cooper --root state delete --force one
	[[ ! -e /sys/fs/cgroup$cgroup ]]
	run ! systemctl --user status cooper-one.scope
	# Podman starts a runtime as root of a user namespace. To systemd that is still the user.
	bundle_change bundle '.linux.uidMappings[0].hostID = 0 | .linux.gidMappings[0].hostID = 0
		| sh("cat /proc/self/cgroup; exit 7")'
	run -7 unshare --user --map-root-user "$COOPER_BIN/cooper" --root state --systemd-cgroup run --bundle bundle one
	[[ $output == 0::/ ]]
}
