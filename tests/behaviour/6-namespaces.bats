# Stage 6: the namespaces and the cgroup that the config gives a container, new ones and others'.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

# shellcheck disable=SC2034 # for ../bundle
STAGE=$COOPER_BIN/6-oci

# The janitor of a killed 6-oci takes a moment.
teardown() {
	test_teardown
	no_cgroup_named 6-oci-
}

# --- namespaces -------------------------------------------------------------------------------

# spec: config-linux:namespaces-2 config-linux:namespaces-6 config-linux:namespaces-7
@test "namespaces that are listed are new, the others are the host's" {
	local name
	start_bundle 'namespaces(["pid", "mount", "uts", "cgroup"])'
	for name in pid mnt uts cgroup; do
		[[ $(namespace "$CONTAINER" "$name") != "$(namespace self "$name")" ]]
	done
	for name in ipc net user time; do
		[[ $(namespace "$CONTAINER" "$name") == "$(namespace self "$name")" ]]
	done
}

# spec: config-linux:namespaces-4
@test "namespaces are joined by path" {
	local name
	start_in_namespaces --net --ipc --uts
	start_bundle "join(\"network\"; \"/proc/$OTHER/ns/net\") | join(\"ipc\"; \"/proc/$OTHER/ns/ipc\")
		| join(\"uts\"; \"/proc/$OTHER/ns/uts\") | .hostname = \"joined\""
	for name in net ipc uts; do
		[[ $(namespace "$CONTAINER" "$name") == "$(namespace "$OTHER" "$name")" ]]
	done
	[[ $(namespace "$CONTAINER" pid) != "$(namespace "$OTHER" pid)" ]]
	[[ $(nsenter --uts="/proc/$OTHER/ns/uts" uname -n) == joined ]]
	[[ $(uname -n) != joined ]]
	kill -KILL "$CONTAINER"
	await_exit
	[[ $STATUS -eq 137 ]]
}

# spec: config-linux:namespaces-4
@test "a PID namespace is joined by path" {
	start_in_namespaces --pid --fork
	start_bundle "join(\"pid\"; \"/proc/$OTHER/ns/pid\")"
	[[ $(namespace "$CONTAINER" pid) == "$(namespace "$OTHER" pid)" ]]
	[[ $(namespace "$CONTAINER" mnt) != "$(namespace "$OTHER" mnt)" ]]
	# What is new is new all the same, and its /proc shows the joined one.
	[[ $(ls -d /proc/"$CONTAINER"/root/proc/1) && $(status_of "$CONTAINER" NSpid) != *" 1" ]]
}

# spec: config-linux:namespaces-4
@test "a user namespace is joined by path" {
	start_in_namespaces --user --map-root-user --net
	bundle_make bundle "join(\"user\"; \"/proc/$OTHER/ns/user\") | .mounts = []"
	rm bundle/rootfs/dev/null
	start_made_bundle
	[[ $(namespace "$CONTAINER" user) == "$(namespace "$OTHER" user)" ]]
}

# spec: config-linux:namespaces-5
@test "a namespace that cannot be joined is named" {
	refused 'linux.namespaces[5].path: expected a uts namespace, found a network namespace: "/proc/self/ns/net"' \
		'join("uts"; "/proc/self/ns/net")'
	refused 'linux.namespaces[5].path: open: the namespace /proc/self/no: No such file or directory' \
		'join("uts"; "/proc/self/no")'
	refused 'linux.namespaces[5].path: expected a network namespace, found something else: "/etc/passwd"' \
		'join("network"; "/etc/passwd")'
}

# spec: config-linux:user-namespace-mappings-3
@test "ids are mapped as the config says" {
	bundle_make bundle '.linux.namespaces += [{type: "user"}] | .process.user = {uid: 5, gid: 6}
		| .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10}, {containerID: 50, hostID: 200000, size: 1}]
		| .linux.gidMappings = [{containerID: 0, hostID: 300000, size: 10}]'
	chown -hR 100000:300000 bundle/rootfs
	start_made_bundle
	[[ $(xargs <"/proc/$CONTAINER/uid_map") == "0 100000 10 50 200000 1" ]]
	[[ $(xargs <"/proc/$CONTAINER/gid_map") == "0 300000 10" ]]
	[[ $(status_of "$CONTAINER" Uid) == "100005 "* && $(status_of "$CONTAINER" Gid) == "300006 "* ]]
	[[ $(namespace "$CONTAINER" user) != "$(namespace self user)" ]]
	# Device nodes of the host's stand in for those that a user namespace may not make.
	[[ $(stat -c %t:%T "/proc/$CONTAINER/root/dev/null") == 1:3 ]]
}

# spec: config:hostname-1 config:domainname-1
@test "hostname and domainname, and the host keeps its own" {
	local host
	host=$(uname -n)
	start_bundle '.hostname = "cask" | .domainname = "cellar.test"'
	[[ $(nsenter --uts="/proc/$CONTAINER/ns/uts" uname -n) == cask ]]
	[[ $(nsenter --uts="/proc/$CONTAINER/ns/uts" cat /proc/sys/kernel/domainname) == cellar.test ]]
	[[ $(uname -n) == "$host" && $(</proc/sys/kernel/domainname) != cellar.test ]]
}

# spec: config-linux:sysctl-1
@test "sysctl is set in the container's namespaces, not in the host's" {
	local before
	before=$(sysctl -n net.ipv4.ip_forward kernel.msgmax)
	start_bundle '.linux.sysctl = {"net.ipv4.ip_forward": "1", "kernel.msgmax": "12345",
		"net/ipv4/conf/lo/forwarding": "1"}'
	[[ $(in_network_of "$CONTAINER" cat /proc/sys/net/ipv4/ip_forward) == 1 ]]
	[[ $(nsenter --ipc="/proc/$CONTAINER/ns/ipc" cat /proc/sys/kernel/msgmax) == 12345 ]]
	[[ $(sysctl -n net.ipv4.ip_forward kernel.msgmax) == "$before" ]]
	refused 'linux.sysctl.net.ipv4.no_such: write: 1 > /proc/sys/net/ipv4/no_such: No such file' '.linux.sysctl = {"net.ipv4.no_such": "1"}'
}

# --- resources --------------------------------------------------------------------------------

# The number that became a weight: both scales have the same ends and the same default.
@test "resources: cpu shares are shares on v1 and a weight on v2" {
	local shares weight cpu
	while read -r shares weight; do
		start_bundle ".linux.resources.cpu.shares = $shares"
		cpu=$(cgroup_of "$CONTAINER" cpu)
		if on_v1; then
			[[ $(<"$cpu/cpu.shares") == "$shares" ]]
		else
			[[ $(<"$cpu/cpu.weight") == "$weight" ]]
		fi
		kill -KILL "$CONTAINER"
		await_exit
	done <<-'END'
		2 1
		512 59
		1024 100
		262144 10000
	END
}

@test "resources: memory with swap; no swap; swap without limit" {
	local memory
	skip_unless "this kernel does not count swap" swap_is_counted
	start_bundle '.linux.resources.memory = {limit: 67108864, swap: 100663296}'
	memory=$(cgroup_of "$CONTAINER" memory)
	if on_v1; then
		[[ $(<"$memory/memory.memsw.limit_in_bytes") == 100663296 ]]
	else
		# Version 2 counts swap alone.
		[[ $(<"$memory/memory.swap.max") == 33554432 ]]
	fi
	kill -KILL "$CONTAINER"
	await_exit
	start_bundle '.linux.resources.memory = {limit: 67108864, swap: -1}'
	memory=$(cgroup_of "$CONTAINER" memory)
	if on_v1; then
		[[ $(<"$memory/memory.memsw.limit_in_bytes") -gt 1000000000000 ]]
	else
		[[ $(<"$memory/memory.swap.max") == max ]]
	fi
}

# A v1 host can be started without that.
swap_is_counted() {
	! on_v1 || [[ -e /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes ]]
}

# spec: config-linux:memory-3 config-linux:cpu-3
@test "resources: memory, pids and cpu are in the cgroup's files" {
	local memory cpu pids
	start_bundle '.linux.resources = {memory: {limit: 67108864, reservation: 33554432},
		pids: {limit: 33}, cpu: {quota: 20000, period: 50000, shares: 512}}'
	memory=$(cgroup_of "$CONTAINER" memory) cpu=$(cgroup_of "$CONTAINER" cpu)
	pids=$(cgroup_of "$CONTAINER" pids)
	[[ $(<"$pids/pids.max") == 33 ]]
	if on_v1; then
		[[ $(<"$memory/memory.limit_in_bytes") == 67108864 ]]
		[[ $(<"$memory/memory.soft_limit_in_bytes") == 33554432 ]]
		[[ $(<"$cpu/cpu.cfs_quota_us") == 20000 && $(<"$cpu/cpu.cfs_period_us") == 50000 ]]
		[[ $(<"$cpu/cpu.shares") == 512 ]]
	else
		[[ $(<"$memory/memory.max") == 67108864 && $(<"$memory/memory.low") == 33554432 ]]
		[[ $(<"$cpu/cpu.max") == "20000 50000" ]]
	fi
	kill -KILL "$CONTAINER"
	await_exit
	[[ ! -e $memory && ! -e $cpu && ! -e $pids ]]
}

# spec: config-linux:cgroups-path-2
@test "cgroupsPath: the container is in that cgroup, which is gone afterwards" {
	local name=cooper-test-$$
	start_bundle ".linux.cgroupsPath = \"/$name/inner\""
	[[ $(cgroup_of "$CONTAINER" memory) == */$name/inner ]]
	grep -qx "$CONTAINER" "$(cgroup_of "$CONTAINER" pids)/cgroup.procs"
	refused "linux.cgroupsPath: /$name/inner: there is such a cgroup already" \
		".linux.cgroupsPath = \"/$name/inner\""
	gone "$CONTAINER" && false
	kill -KILL "$CONTAINER"
	await_exit
	[[ -z $(cgroups_named inner) ]]
	cgroups_named "$name" | xargs -r rmdir
}

@test "a limit that cannot be is refused, and leaves no cgroup" {
	refused 'linux.resources: ' '.linux.resources.cpu.cpus = "1000-1001"'
	no_cgroup_named 6-oci-
	refused 'config.json: linux.resources.pids.limit: expected an integer' '.linux.resources.pids.limit = "many"'
}

@test "sysfs of the cgroup namespace shows the container's cgroup as the top" {
	start_bundle
	not grep -q 6-oci <(nsenter --cgroup="/proc/$CONTAINER/ns/cgroup" cat "/proc/$CONTAINER/cgroup")
	grep -q 6-oci "/proc/$CONTAINER/cgroup"
}
