# Stage 7: what the specification says, where no other file shows it. tests/spec/clauses has all of
# it; docs/spec-coverage.md says which test shows what.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	mounts_remove
	test_teardown
}

# --- operations -------------------------------------------------------------------------------

# spec: runtime:query-state-1 runtime:create-1 runtime:start-1 runtime:kill-1 runtime:delete-1
@test "a command without an id is an error" {
	local verb
	create one
	cp /run/cooper/one/state.json before
	for verb in state create start kill delete; do
		run -1 --separate-stderr cooper "$verb"
		[[ -z $output && $stderr == *"$verb"* ]]
	done
	[[ $(cooper list --quiet) == one ]]
	cmp before /run/cooper/one/state.json
}

# spec: runtime:errors-1 runtime:start-2 runtime:kill-2 runtime:kill-3
@test "what cannot be done leaves all as it was: start, kill, delete in the wrong state" {
	local pid
	run_detached one
	cp /run/cooper/one/state.json before
	pid=$(container_pid one)
	fails 'start one: cannot start' start one
	fails 'delete one: cannot delete' delete one
	fails 'kill one: unknown signal' kill one NOSUCH
	cmp before /run/cooper/one/state.json
	[[ $(container_pid one) == "$pid" && $(status_of "$pid" Name) == sleep ]]
	cooper kill one KILL
	wait_until has_status one stopped
	cooper state one >stopped
	fails 'start one: cannot start' start one
	fails 'kill one: container not running' kill one TERM
	cooper state one | diff stopped -
	[[ -e /run/cooper/one ]]
}

# spec: runtime:delete-5
@test "delete leaves what others made: a joined namespace, a bundle, a directory that is mounted" {
	mkdir source
	echo words >source/file
	start_in_namespaces --net
	run_detached one "join(\"network\"; \"/proc/$OTHER/ns/net\")
		| mount({destination: \"/mnt\", source: (\$dir + \"/source\"), options: [\"bind\"]})"
	[[ $(namespace "$(container_pid one)" net) == "$(namespace "$OTHER" net)" ]]
	cooper delete --force one
	in_network_of "$OTHER" ip link show lo
	[[ -d /proc/$OTHER && $(<source/file) == words && -s bundle/config.json && -e bundle/rootfs/bin/sh ]]
}

# The source tree: bats starts in tests/behaviour of it.
readonly TREE=$BATS_TEST_DIRNAME/../..

# valid SCHEMA FILE...
valid() {
	"$TREE/tests/spec/validate" "$SCHEMAS/$1" "${@:2}"
}

# spec: runtime:state-9
@test "states and configs are what the schemas of the specification describe" {
	local kind SCHEMAS=${COOPER_SCHEMAS:-$TREE/../shared/oci/schema}
	skip_unless "the schemas of the specification are not beside the project" test -d "$SCHEMAS"
	create one ".annotations.key = \"value\" | .hooks = {createRuntime: [hook(\"cat >$TEST_DIR/creating.json\")],
		startContainer: [hook(\"cat >/inside.json\")], poststop: [hook(\"cat >$TEST_DIR/after.json\")]}"
	for kind in created running stopped; do
		[[ $kind != running ]] || cooper start one
		[[ $kind != stopped ]] || cooper kill one KILL
		wait_until has_status one "$kind"
		cooper state one >"$kind.json"
	done
	cooper delete one
	valid state-schema.json creating.json bundle/rootfs/inside.json created.json running.json stopped.json after.json
	mkdir spec rootless
	cooper spec --bundle spec
	cooper spec --rootless --bundle rootless
	valid config-schema.json {bundle,spec,rootless}/config.json "$TREE/$B"/bundles/*/config.json
	# It can say no.
	echo '{"ociVersion": 1}' >wrong.json
	run -1 valid state-schema.json wrong.json
	[[ $output == *"1 is not of type 'string'"* ]]
}

# --- hooks ------------------------------------------------------------------------------------

# host_hook NAME COMMAND: the path of a new program on the host.
host_hook() {
	printf '#!/bin/sh\n%s\n' "$2" >"$TEST_DIR/$1"
	chmod +x "$TEST_DIR/$1"
	echo "$TEST_DIR/$1"
}

# spec: config:posix-platform-hooks-4 config:posix-platform-hooks-6 config:posix-platform-hooks-8
# spec: config:posix-platform-hooks-10 config:posix-platform-hooks-12 config:posix-platform-hooks-14
# spec: config:prestart-3 config:createruntime-hooks-2 config:createcontainer-hooks-3
# spec: config:startcontainer-hooks-2 config:poststart-2 config:poststop-2
@test "hooks: the path is the host's, but the container's for startContainer" {
	local kind filter='.hooks.startContainer = [{path: "/hook"}]'
	for kind in prestart createRuntime createContainer poststart poststop; do
		filter+=" | .hooks.$kind = [{path: \"$(host_hook "$kind-hook" "echo $kind >>$TEST_DIR/log")\"}]"
	done
	bundle_make bundle "$filter"
	printf '#!/bin/sh\necho startContainer >/log\n' >bundle/rootfs/hook
	chmod +x bundle/rootfs/hook
	cooper_quietly run --detach --bundle bundle one
	cooper delete --force one
	[[ $(xargs <log) == "prestart createRuntime createContainer poststart poststop" ]]
	[[ $(<bundle/rootfs/log) == startContainer ]]
	# Neither has the other's.
	bundle_change bundle '.hooks = {startContainer: [{path: ($dir + "/poststop-hook")}]}'
	run -1 --separate-stderr cooper run --bundle bundle one
	[[ $stderr == *"hooks.startContainer[0]"*"No such file or directory"* ]]
	bundle_change bundle '.hooks = {createContainer: [{path: "/hook"}]}'
	run -1 --separate-stderr cooper run --bundle bundle one
	[[ $stderr == *"hooks.createContainer[0]"*"No such file or directory"* ]]
}

# spec: config:prestart-1 config:createruntime-hooks-1 config:createcontainer-hooks-1
# spec: runtime:lifecycle-1
@test "hooks of create: the namespaces, the cgroup and the limits are there, the root is the old one" {
	local kind hook
	# The first of the three tells where the init is; the third is where the init is.
	hook=$(host_hook look 'pid=$(gojq .pid)
		[ "$pid" != 1 ] || pid=self
		kind=$1
		readlink /proc/$pid/ns/mnt /proc/$pid/ns/net /proc/$pid/ns/uts >'"$TEST_DIR"'/ns.$kind
		cat /proc/$pid/cgroup >'"$TEST_DIR"'/cgroup.$kind
		ls -d /proc/$pid/root'"$TEST_DIR"'/bundle/config.json >'"$TEST_DIR"'/root.$kind')
	bundle_make bundle '.linux.resources.pids.limit = 77'
	for kind in prestart createRuntime createContainer; do
		bundle_change bundle ".hooks.$kind = [{path: \"$hook\", args: [\"look\", \"$kind\"], env: [\"PATH=$PATH\"]}]"
	done
	cooper_quietly create --bundle bundle one
	readlink "/proc/$(container_pid one)/ns"/{mnt,net,uts} >ns
	for kind in prestart createRuntime createContainer; do
		diff ns "ns.$kind"
		[[ -s root.$kind ]]
	done
	diff "/proc/$(container_pid one)/cgroup" cgroup.createRuntime
	[[ $(<"$(cgroup_of "$(container_pid one)" pids)/pids.max") == 77 ]]
}

# spec: config:poststop-1 runtime:lifecycle-17 runtime:lifecycle-18
@test "poststop hooks run when the container is gone, and before delete is done" {
	local pid cgroup
	create one ".hooks.poststop = [{path: \"$(host_hook after ". $TEST_DIR/facts
		[ ! -e /proc/\$pid ] && [ ! -e \$cgroup ] && [ ! -e /run/cooper/one ] && echo gone >$TEST_DIR/log")\"}]"
	pid=$(container_pid one)
	cgroup=$(cgroup_of "$pid" pids)
	echo "pid=$pid cgroup=$cgroup" >facts
	cooper kill one KILL
	wait_until has_status one stopped
	[[ -d $cgroup && ! -e log ]]
	cooper delete one
	[[ $(<log) == gone ]]
}

# spec: config:poststart-1 config:startcontainer-hooks-1
@test "poststart hooks run when the program has been executed, and before start is done" {
	# (The time makes sure that a wrong order shows; a right one needs none.)
	create one ".hooks = {startContainer: [hook(\"sleep 0.2; echo startContainer >/log\")],
		poststart: [{path: \"$(host_hook after "readlink /proc/\$(gojq .pid)/exe >$TEST_DIR/log
			cat $TEST_DIR/bundle/rootfs/log >>$TEST_DIR/log")\", env: [\"PATH=$PATH\"]}]}"
	cooper start one
	[[ $(xargs <log) == "/bin/busybox startContainer" ]]
}

# spec: runtime:lifecycle-13
@test "a failing startContainer hook: start fails, the container is gone, poststop hooks have run" {
	create one ".hooks = {startContainer: [hook(\"exit 5\")], poststop: [hook(\"echo gone >$TEST_DIR/log\")]}
		| sh(\"echo has run >/made\")"
	run -1 --separate-stderr cooper start one
	[[ $stderr == *"hooks.startContainer[0]: /bin/sh: ended with status 5"* ]]
	[[ ! -e /run/cooper/one && $(<log) == gone && ! -e bundle/rootfs/made ]]
	no_cgroup_named "one-"
}

# --- the process ------------------------------------------------------------------------------

# spec: config:linux-process-4 config:posix-platform-user-3
@test "oomScoreAdj and umask: left alone when the config says nothing" {
	bundle_make bundle 'sh("cat /proc/self/oom_score_adj; umask")'
	run -0 sh -c "echo 250 >/proc/self/oom_score_adj; umask 027; exec '$COOPER_BIN/cooper' run --bundle bundle one"
	[[ $output == $'250\n0027' ]]
}

# spec: config:linux-process-8
@test "execCPUAffinity: nobody touches the affinity after the move when there is no final one" {
	run_detached one '.process.execCPUAffinity = {initial: "0"}'
	run -0 --separate-stderr cooper --explain exec one true
	[[ $(grep -c sched_setaffinity <<<"$stderr") -eq 1 ]]
}

# spec: config:posix-process-3 config:posix-process-5 config:posix-process-7
@test "rlimits: every kind that the kernel has" {
	local name hard soft
	echo '[]' >limits
	while read -r name hard; do
		[[ $hard != unlimited ]] || hard=1000000000000
		soft=$((hard < 900 ? hard : hard / 2))
		jq ". + [{type: \"RLIMIT_$name\", soft: $soft, hard: $hard}]" limits >longer
		mv longer limits
		echo "$name $soft $hard" >>expected
	done < <(prlimit --noheadings --raw --output RESOURCE,HARD)
	[[ $(wc -l <expected) -eq 16 ]]
	run_detached one ".process.rlimits = $(<limits)"
	prlimit --pid "$(container_pid one)" --noheadings --raw --output RESOURCE,SOFT,HARD | diff expected -
}

# --- what is in the container -----------------------------------------------------------------

# spec: runtime-linux:dev-symbolic-links-1 config-linux:default-filesystems-1
@test "the filesystems that programs expect, and the links of /dev" {
	local name type
	mkdir bundle
	rootfs_make bundle/rootfs
	cooper spec --bundle bundle
	bundle_change bundle '.process.terminal = false | idle'
	cooper_quietly create --bundle bundle one
	while read -r name type; do
		[[ $(mount_of "$(container_pid one)" "$name" type) == "$type" ]]
	done <<-'END'
		/proc proc
		/sys sysfs
		/dev/pts devpts
		/dev/shm tmpfs
	END
	while read -r name type; do
		[[ $(readlink "/proc/$(container_pid one)/root/dev/$name") == "/proc/self/$type" ]]
	done <<-'END'
		fd fd
		stdin fd/0
		stdout fd/1
		stderr fd/2
	END
}

# propagates PLACE HOW: the container's mount there; "-" for not at all.
propagates() {
	local how
	how=$(mount_of "$(container_pid one)" "$1" propagation)
	echo "$1: $how, expected: $2"
	if [[ $2 == - ]]; then
		[[ -z $how ]]
	else
		[[ $how == *"$2"* ]]
	fi
}

# spec: config:linux-mount-options-4
@test "mount options: propagation, of the mount alone or of all below, too" {
	local word top below
	mkdir -p source
	mount -t tmpfs tmpfs source
	mkdir source/inner
	mount -t tmpfs tmpfs source/inner
	mount --make-rshared source
	cat >table <<-'END'
		private - -
		rprivate - -
		shared shared -
		rshared shared shared
		slave master -
		rslave master master
		unbindable unbindable -
		runbindable unbindable unbindable
	END
	bundle_make bundle
	jq --raw-input --null-input --arg source "$TEST_DIR/source" '[inputs | split(" ")[0]]
		| map({destination: "/\(.)",
		source: $source, options: ["rbind", .]})' table >mounts
	bundle_change bundle ".mounts += $(<mounts)"
	cooper_quietly create --bundle bundle one
	while read -r word top below; do
		propagates "/$word" "$top"
		[[ $word != r* ]] || propagates "/$word/inner" "$below"
	done <table
}

# --- linux ------------------------------------------------------------------------------------

# spec: config-linux:user-namespace-mappings-2
@test "a user namespace changes the owner of no file" {
	bundle_make bundle '.linux.namespaces += [{type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}]
		| .linux.gidMappings = .linux.uidMappings'
	find bundle -printf '%p %U:%G %m %y\n' | sort >before
	cooper_quietly create --bundle bundle one
	cooper delete one
	find bundle -printf '%p %U:%G %m %y\n' | sort | diff before -
}

# spec: config-linux:cgroups-path-3
@test "one cgroupsPath is one cgroup, each time" {
	local name=cooper-test-$$ first
	create one ".linux.cgroupsPath = \"/$name\""
	first=$(</proc/"$(container_pid one)"/cgroup)
	cooper delete one
	no_cgroup_named "$name"
	create two ".linux.cgroupsPath = \"/$name\""
	[[ $(</proc/"$(container_pid two)"/cgroup) == "$first" ]]
}
