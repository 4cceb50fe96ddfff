# Stage 7: cooper features tells the truth.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

setup() {
	test_setup
	FEATURES=$(cooper features)
}

teardown() {
	containers_remove
	test_teardown
}

# with_features FILTER: a filter for bundles, with the document in $features.
with_features() {
	echo "($FEATURES) as \$features | $1"
}

# spec: features:features-structure-1 features:specification-version-1 features:specification-version-3
# spec: features:specification-version-5 features:annotations-1
@test "features: the same document on every host, with nothing left out" {
	jq -e '.ociVersionMin == "1.0.0" and .ociVersionMax == "1.3.0"
		and .hooks == ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"]
		and (["ro", "rro", "bind", "rshared", "idmap", "tmpcopyup"] - .mountOptions) == []
		and (.linux.namespaces | sort) == ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"]
		and (.linux.capabilities | length) == 41
		and .linux.cgroup == {v1: true, v2: true, systemd: true, systemdUser: true, rdma: true}
		and .linux.seccomp.enabled and (.linux.seccomp.actions | length) == 9
		and (.linux.seccomp.operators | length) == 7 and (.linux.memoryPolicy.modes | length) == 7
		and ([.linux.apparmor, .linux.selinux, .linux.intelRdt, .linux.netDevices,
			.linux.mountExtensions.idmap] | all(.enabled))
		and (.linux.intelRdt | .schemata and .monitoring)
		and .annotations["org.opencontainers.runc.checkpoint.enabled"] == "true"
		and (.annotations["io.github.seccomp.libseccomp.version"] | test("^2.[0-9]+.[0-9]+$"))
		and .potentiallyUnsafeConfigAnnotations == ["org.systemd.property."]
		and (.annotations | all(type == "string"))' <<<"$FEATURES"
	# Another host: one that shows a process nothing.
	[[ $(unshare --mount sh -c "mount -t tmpfs none /proc && mount -t tmpfs none /sys && $COOPER_BIN/cooper features") == "$FEATURES" ]]
}

# spec: features:specification-version-2 features:specification-version-4 features:hooks-1
# spec: features-linux:namespaces-1 features-linux:capabilities-1 features:specification-version-6
@test "features: a container of every version, hook, namespace and capability that is listed" {
	local version
	for version in $(jq -r '.ociVersionMin, .ociVersionMax' <<<"$FEATURES"); do
		bundle_make bundle "$(with_features ".ociVersion = \"$version\" | sh(\"true\")
			| namespaces(\$features.linux.namespaces)
			| .linux.uidMappings = [{containerID: 0, hostID: 0, size: 1}] | .linux.gidMappings = .linux.uidMappings
			| .process.capabilities.bounding = \$features.linux.capabilities
			| .hooks = ([\$features.hooks[] | {(.): [hook(\"echo \" + . + \" >>$TEST_DIR/hooks; true\")]}] | add)")"
		run --separate-stderr cooper run --bundle bundle one
		echo "$stderr"
		[[ $status -eq 0 ]]
		rm -r bundle
	done
	# (One of the six kinds runs inside, where there is no such file to write to.)
	[[ $(sort -u hooks | xargs) == "createContainer createRuntime poststart poststop prestart" ]]
	not grep -q 'expected one of' <<<"$stderr"
}

# spec: features:mount-options-1 features:mount-options-2
@test "features: every mount option that is listed is known, and none is a filesystem's own" {
	# A tmpfs refuses what it does not know. (These are for bind mounts, or for what is mounted.)
	bundle_make bundle "$(with_features 'sh("grep -c /m- /proc/self/mountinfo")
		| .mounts += [$features.mountOptions - ["bind", "rbind", "idmap", "ridmap", "remount"] | .[]
			| {destination: ("/m-" + .), type: "tmpfs", source: "tmpfs", options: [.]}]')"
	run -0 --separate-stderr cooper run --bundle bundle one
	[[ $output -eq $(jq '.mountOptions | length - 5' <<<"$FEATURES") && -z $stderr ]]
	not grep -qxE 'size|mode|uid|newinstance' < <(jq -r '.mountOptions[]' <<<"$FEATURES")
}

# spec: features-linux:seccomp-1 features-linux:seccomp-2 features-linux:seccomp-3 features-linux:seccomp-4
# spec: features-linux:seccomp-5 features-linux:memorypolicy-1 features-linux:memorypolicy-2
# spec: features-linux:mountextensions-1
@test "features: every word for seccomp, memory policies and idmap is known" {
	bundle_make bundle "$(with_features 'sh("true") | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
			flags: ($features.linux.seccomp.supportedFlags - ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]),
			architectures: $features.linux.seccomp.archs,
			syscalls: [$features.linux.seccomp.operators[] | {names: ["personality"], action: "SCMP_ACT_ERRNO",
				args: [{index: 0, value: 77, valueTwo: 77, op: .}]}]}')"
	run -0 --separate-stderr cooper run --bundle bundle one
	# What a host may lack, or what needs an agent: the words are known, whatever else is said.
	bundle_change bundle "$(with_features '.linux.seccomp.syscalls += [$features.linux.seccomp.actions[]
			| {names: ["personality"], action: .}]
		| .linux.seccomp.flags = $features.linux.seccomp.knownFlags
		| .linux.memoryPolicy = {mode: $features.linux.memoryPolicy.modes[], nodes: "0",
			flags: $features.linux.memoryPolicy.flags}
		| .mounts += [{destination: "/m", type: "bind", source: "/", options: ["rbind", "idmap"]}]' |
		sed 's/modes\[\]/modes[0]/')"
	run "$COOPER_BIN/6-oci" check bundle
	not grep -e 'expected one of' -e 'expected a word' <<<"$output"
	grep -q 'linux.seccomp: this stage does not do it yet' <<<"$output"
}
