# Stage 7: hooks, the programs that a config wants to run at moments of a container's life.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

setup() {
	test_setup
	mkdir bundle
	rootfs_make bundle/rootfs
	LOG=$TEST_DIR/bundle/rootfs/log
}

teardown() {
	containers_remove
	test_teardown
}

# all_hooks COMMAND: the filter for a hook of each kind, that runs it. In the command, @ is the name
# of the kind, and $log the file that is /log inside.
all_hooks() {
	local filter='.hooks = {' kind
	for kind in prestart createRuntime createContainer startContainer poststart poststop; do
		local log=$LOG
		[[ $kind != startContainer ]] || log=/log
		filter+="$kind: [hook(\"log=$log; ${1//@/$kind}\")],"
	done
	echo "${filter%,}}"
}

# one_hook KIND COMMAND: the filter for one.
one_hook() {
	echo ".hooks.$1 = [hook(\"$2\")]"
}

# logged KIND: its line in the log, behind the name.
logged() {
	sed -n "s/^$1 //p" "$LOG"
}

# fails_for KIND VERB...: status 1, and an error that names the hook.
fails_for() {
	run -1 --separate-stderr cooper "${@:2}"
	is_one_error "cooper: $2 one: hooks.$1[0]: /bin/sh: ended with status 5"
}

# spec: runtime:lifecycle-6 runtime:lifecycle-8 runtime:lifecycle-10 runtime:lifecycle-12
# spec: runtime:lifecycle-15 runtime:lifecycle-18 config:prestart-2 config:createcontainer-hooks-2
# spec: config:startcontainer-hooks-1
@test "hooks run in the order of the specification, each at its command" {
	create one "$(all_hooks 'echo @ >>$log') | sh(\"echo command >>/log; exec sleep 1000\")"
	[[ $(xargs <"$LOG") == "prestart createRuntime createContainer" ]]
	cooper start one
	wait_until is_executed one
	[[ $(grep -v command "$LOG" | xargs) == *"createContainer startContainer poststart" ||
		$(grep -v command "$LOG" | xargs) == *"createContainer poststart startContainer" ]]
	[[ $(grep -A 9 startContainer "$LOG") == *command* ]]
	cooper kill one KILL
	wait_until has_status one stopped
	not grep -q poststop "$LOG"
	cooper delete one
	[[ $(tail -n 1 "$LOG") == poststop ]]
}

# spec: config:posix-platform-hooks-16
@test "run has all the hooks, too, and several of a kind run one after the other" {
	bundle_make bundle "$(all_hooks 'echo @ >>$log') | sh(\"echo command >>/log\")
		| .hooks.createRuntime += [hook(\"echo second >>$LOG\"), hook(\"echo third >>$LOG\")]"
	run -0 cooper run --bundle bundle one
	[[ $(xargs <"$LOG") == "prestart createRuntime second third createContainer "* ]]
	[[ $(tail -n 1 "$LOG") == poststop && $(wc -l <"$LOG") -eq 9 ]]
}

# spec: config:posix-platform-hooks-17 runtime:state-4 runtime:state-10
@test "hooks get the state on stdin, with the status and the pid of that moment" {
	local pid
	create one "$(all_hooks 'cat >$log.@') | .annotations.key = \"value\""
	pid=$(container_pid one)
	cooper start one
	wait_until is_executed one
	cooper delete --force one
	for kind in prestart createRuntime createContainer startContainer poststart poststop; do
		# (Of nothing at all, jq has nothing to say.)
		[[ -s $LOG.$kind ]]
		jq -e --arg bundle "$TEST_DIR/bundle" '.ociVersion == "1.3.0" and .id == "one"
			and .bundle == $bundle and .annotations.key == "value"' "$LOG.$kind"
	done
	for kind in prestart createRuntime; do
		jq -e --argjson pid "$pid" '.status == "creating" and .pid == $pid' "$LOG.$kind"
	done
	# Those in the container have its own view.
	jq -e '.status == "creating" and .pid == 1' "$LOG.createContainer"
	jq -e '.status == "created" and .pid == 1' "$LOG.startContainer"
	jq -e --argjson pid "$pid" '.status == "running" and .pid == $pid' "$LOG.poststart"
	jq -e '.status == "stopped"' "$LOG.poststop"
}

# spec: config:posix-platform-hooks-5 config:posix-platform-hooks-7 config:posix-platform-hooks-9
# spec: config:posix-platform-hooks-11 config:posix-platform-hooks-13 config:posix-platform-hooks-15
# spec: config:prestart-4 config:createruntime-hooks-3 config:createcontainer-hooks-4
# spec: config:startcontainer-hooks-3 config:poststart-3 config:poststop-3
@test "hooks run in the runtime's namespaces, or in the container's" {
	local pid name host inside
	create one "$(all_hooks 'echo @ $(for name in mnt net uts; do readlink /proc/self/ns/$name; done) >>$log')"
	pid=$(container_pid one)
	host="$(namespace self mnt) $(namespace self net) $(namespace self uts)"
	inside="$(namespace "$pid" mnt) $(namespace "$pid" net) $(namespace "$pid" uts)"
	cooper start one
	wait_until is_executed one
	cooper delete --force one
	for name in prestart createRuntime poststart poststop; do
		[[ $(logged "$name") == "$host" ]]
	done
	for name in createContainer startContainer; do
		[[ $(logged "$name") == "$inside" ]]
	done
}

@test "hooks find the root as it is at that moment" {
	# createContainer still has the host's paths, startContainer has the container's.
	create one "$(one_hook createContainer "test -e $TEST_DIR/bundle/config.json && test -e $TEST_DIR/bundle/rootfs/proc/self && echo outside >$LOG")
		| $(one_hook startContainer 'test -e /bin/busybox && test ! -e /usr/bin/bats && echo inside >>/log')"
	cooper start one
	wait_until is_executed one
	[[ $(xargs <"$LOG") == "outside inside" ]]
}

# spec: config:posix-platform-hooks-18
@test "hooks: args, env, and an empty environment" {
	run_detached one ".hooks.createRuntime = [
		{path: \"/bin/sh\", args: [\"name\", \"-c\", \"echo \$0 \$1 >$LOG; tr '\\\\\\\\0' '\\\\\\\\n' </proc/self/environ >>$LOG\", \"a\", \"b c\"],
			env: [\"A=1\"]}]"
	[[ $(head -n 1 "$LOG") == "a b c" ]]
	grep -qx A=1 "$LOG"
	not grep -q -e ^HOME= -e ^COOPER "$LOG"
}

@test "a createRuntime hook can make the network of the container" {
	create one "$(one_hook createRuntime "gojq .pid | xargs -I PID nsenter --net=/proc/PID/ns/net ip link add web type veth peer web2")"
	in_network_of "$(container_pid one)" ip link show web
}

# spec: runtime:lifecycle-7 runtime:lifecycle-9 runtime:lifecycle-11 runtime:errors-1
@test "a failing hook of create: an error that names it, and nothing is left" {
	local kind
	for kind in prestart createRuntime createContainer; do
		bundle_make bundle "$(one_hook "$kind" 'exit 5')"
		fails_for "$kind" create --bundle bundle one
		[[ -z $(ls -A /run/cooper) ]]
		fails_for "$kind" run --bundle bundle one
		[[ -z $(ls -A /run/cooper) ]]
		no_cgroup_named "one-"
	done
}

@test "a failing hook of create: those behind it do not run, poststop does" {
	bundle_make bundle "$(all_hooks 'echo @ >>$log') | $(one_hook createRuntime 'exit 5')"
	fails_for createRuntime create --bundle bundle one
	[[ $(xargs <"$LOG") == "prestart poststop" ]]
}

@test "a failing startContainer hook: an error, the command never runs, the container is gone" {
	create one "$(one_hook startContainer 'exit 5') | $(one_hook poststop "echo poststop >$LOG")
		| sh(\"echo has run >/ran\")"
	fails_for startContainer start one
	[[ -z $(ls -A /run/cooper) && $(<"$LOG") == poststop && ! -e bundle/rootfs/ran ]]
	no_cgroup_named "one-"
}

# spec: runtime:lifecycle-16
@test "a failing poststart hook: an error, and the container is gone" {
	create one "$(one_hook poststart 'exit 5') | $(one_hook poststop "echo poststop >$LOG")"
	fails_for poststart start one
	[[ -z $(ls -A /run/cooper) && $(<"$LOG") == poststop ]]
	no_cgroup_named "one-"
	bundle_make bundle "$(one_hook poststart 'exit 5')"
	fails_for poststart run --bundle bundle one
	[[ -z $(ls -A /run/cooper) ]]
}

# spec: runtime:lifecycle-19 runtime:warnings-1
@test "a failing poststop hook is a warning, and the next one runs" {
	create one "$(one_hook poststop 'exit 5') | .hooks.poststop += [hook(\"echo second >$LOG\")]"
	run -0 --separate-stderr cooper delete one
	is_one_error 'cooper: warning: '
	[[ $stderr == *"hooks.poststop[0]: /bin/sh: ended with status 5" ]]
	[[ $(<"$LOG") == second && -z $(ls -A /run/cooper) ]]
}

@test "a hook that does not exist, or was killed, is named" {
	bundle_make bundle '.hooks.createRuntime = [{path: "/no/such/hook"}]'
	run -1 --separate-stderr cooper create --bundle bundle one
	[[ $stderr == *"hooks.createRuntime[0]"*"/no/such/hook"*"No such file or directory"* ]]
	# shellcheck disable=SC2016 # for the hook
	bundle_make bundle "$(one_hook createRuntime 'kill -KILL $$')"
	run -1 --separate-stderr cooper create --bundle bundle one
	is_one_error 'cooper: create one: hooks.createRuntime[0]: /bin/sh: killed by signal 9'
	[[ -z $(ls -A /run/cooper) ]]
}

# spec: config:posix-platform-hooks-19
@test "a hook that is not done in its time is killed, with all that it has started" {
	bundle_make bundle '.hooks.createRuntime = [hook("exec >/dev/null 2>&1 3>&-; sleep 2001 & sleep 2001") + {timeout: 1}]'
	run -1 --separate-stderr cooper create --bundle bundle one
	is_one_error 'cooper: create one: hooks.createRuntime[0]: /bin/sh: not done after 1 s; killed'
	wait_until not pgrep -x -f 'sleep 2001'
	[[ -z $(ls -A /run/cooper) ]]
}

@test "a hook can ask cooper for the state of its container" {
	run_detached one "$(one_hook createRuntime "$COOPER_BIN/cooper state one >$LOG")"
	[[ $(jq -r .status "$LOG") == creating ]]
}
