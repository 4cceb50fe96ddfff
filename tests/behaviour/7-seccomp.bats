# Stage 7: linux.seccomp, which system calls a process may make, and who answers them.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

# Words for the filters: an action without its prefix, a rule, a profile.
readonly SECCOMP_WORDS='
	def rule($names; $action): {names: $names, action: ("SCMP_ACT_" + $action)};
	def fails($errno): .errnoRet = $errno;
	def if_($index; $op; $value): .args += [{index: $index, op: ("SCMP_CMP_" + $op), value: $value}];
	def profile($default; $rules):
		.linux.seccomp = {defaultAction: ("SCMP_ACT_" + $default), syscalls: $rules};
	def nnp: .process.noNewPrivileges = true;
	def for_x86: .linux.seccomp.architectures += ["SCMP_ARCH_X86"];
	def for_x32: .linux.seccomp.architectures += ["SCMP_ARCH_X32"];
	def listener: .linux.seccomp.listenerPath = $dir + "/agent";
'

teardown() {
	containers_remove
	test_teardown
}

# filtered FILTER: makes the bundle, with the program syscall in it.
filtered() {
	bundle_make bundle "$SECCOMP_WORDS ${1:-.}"
	cp "$COOPER_BIN/syscall" bundle/rootfs/bin
}

# prints FILTER LINE...: the container's output is these lines.
prints() {
	filtered "$1"
	run --separate-stderr cooper run --bundle bundle one
	diff <(printf '%s\n' "${@:2}") <(echo "$output")
	[[ -z $stderr ]] || { echo "$stderr"; return 1; }
}

# start_agent HOW...: a seccomp agent at the socket $dir/agent.
start_agent() {
	start "$COOPER_BIN/seccomp-agent" agent "$@"
	wait_until test -S agent
}

# told COUNT PROPERTY: what the agent was told at its COUNTth connection.
told() {
	jq -rs ".[$1 - 1] | $2" out
}

# not_run ERROR FILTER: it does not, and leaves nothing.
not_run() {
	filtered "sh(\"echo has run\") | $2"
	run -1 --separate-stderr cooper run --bundle bundle sieve
	is_one_error "cooper: run sieve: $1"
	[[ ! -e /run/cooper/sieve ]]
	no_cgroup_named "sieve-"
}

# --- the filter -------------------------------------------------------------------------------

@test "the filter is on the container's process, and on what exec brings in" {
	filtered 'nnp | profile("ALLOW"; [rule(["munlock"]; "ERRNO")])'
	cooper_quietly create --bundle bundle one
	# Not before there is nothing left to do but the exec.
	[[ $(status_of "$(container_pid one)" Seccomp) == 0 ]]
	cooper_quietly start one
	wait_until is_executed one
	[[ $(status_of "$(container_pid one)" Seccomp) == 2 ]]
	[[ $(status_of "$(container_pid one)" Seccomp_filters) == 1 ]]
	run -0 cooper exec one sh -c 'grep Seccomp: /proc/self/status; syscall munlock'
	[[ ${lines[0]} == *2 && ${lines[1]} == EPERM ]]
	create two
	[[ $(status_of "$(container_pid two)" Seccomp) == 0 ]]
}

@test "without noNewPrivileges: for root and for a user, also one without capabilities" {
	filtered '.process.user.uid = 1000 | profile("ALLOW"; [rule(["munlock"]; "ERRNO")])'
	cooper_quietly run --detach --bundle bundle one
	wait_until is_executed one
	[[ $(status_of "$(container_pid one)" Seccomp) == 2 ]]
	[[ $(status_of "$(container_pid one)" NoNewPrivs) == 0 ]]
	run -0 cooper exec one syscall munlock
	[[ $output == EPERM ]]
	cooper delete --force one
	prints 'sh("grep Seccomp: /proc/self/status; syscall munlock")
		| profile("ALLOW"; [rule(["munlock"]; "ERRNO")])' $'Seccomp:\t2' EPERM
}

@test "with noNewPrivileges what the runtime does on its way needs not be allowed" {
	local names='["setgroups", "setresgid", "setresuid", "capset", "prctl", "chdir", "sendmsg", "recvmsg"]'
	prints "nnp | command([\"syscall\", \"sched_yield\"]) | profile(\"ALLOW\"; [rule($names; \"KILL\")])" 0
	# Otherwise it does, and the error tells what failed.
	not_run 'process.user: setresuid: become user 1000: Operation not permitted' \
		'.process.user.uid = 1000 | profile("ALLOW"; [rule(["setresuid"]; "ERRNO")])'
	not_run '' 'profile("ALLOW"; [rule(["setresuid"]; "KILL")])'
	[[ $stderr == *"SIGSYS"* || $stderr == *"Bad system call"* ]]
}

@test "an exec that the filter refuses is an error that says so" {
	filtered 'nnp | profile("ALLOW"; [rule(["execve"]; "ERRNO") | fails(95)])'
	run -126 --separate-stderr cooper run --bundle bundle one
	[[ $stderr == *"execve: /bin/sleep: operation not supported"* ]]
	[[ ! -e /run/cooper/one ]]
}

# --- actions ----------------------------------------------------------------------------------

@test "every action, and its errno" {
	prints 'nnp | sh("
		for call in acct mlockall munlock munlockall sched_yield swapoff vhangup getuid; do
			syscall $call 2>/dev/null || echo status $?
		done") | profile("ALLOW"; [
			rule(["acct"]; "KILL"), rule(["mlockall"]; "KILL_THREAD"),
			rule(["munlock"]; "KILL_PROCESS"), rule(["munlockall"]; "TRAP"),
			rule(["sched_yield"]; "LOG"), rule(["swapoff"]; "TRACE"),
			(rule(["vhangup"]; "ERRNO") | fails(33))])' \
		'status 159' 'status 159' 'status 159' 'status 159' 0 ENOSYS EDOM 0
	prints 'nnp | sh("syscall acct munlock swapoff") | profile("LOG"; [
			rule(["acct"]; "ERRNO"), (rule(["munlock"]; "ERRNO") | fails(4095)),
			(rule(["swapoff"]; "ERRNO") | fails(0))])' EPERM '?' 0 ||
		[[ ${lines[0]} == EPERM && ${lines[2]} == 0 ]]
}

@test "the default action, its errno, and rules that say the same" {
	# What is allowed is what a static program needs.
	local allowed='["execve", "brk", "arch_prctl", "set_tid_address", "set_robust_list", "rseq",
		"uname", "prlimit64", "readlink", "readlinkat", "getrandom", "mprotect", "mmap", "munmap",
		"newfstatat", "fstat", "write", "exit_group", "exit", "rt_sigreturn", "futex"]'
	prints "nnp | command([\"syscall\", \"acct\", \"munlock\", \"sync\"]) |
		profile(\"ERRNO\"; [rule($allowed; \"ALLOW\"), (rule([\"munlock\"]; \"ERRNO\") | fails(33))])
		| .linux.seccomp.defaultErrnoRet = 38" ENOSYS EDOM ENOSYS
	prints "nnp | command([\"syscall\", \"acct\", \"munlock\", \"sync\"]) |
		profile(\"ERRNO\"; [rule($allowed; \"ALLOW\"), rule([\"munlock\"]; \"ALLOW\"),
			rule([\"acct\", \"munlock\"]; \"ERRNO\")])" EPERM 0 EPERM
	filtered "nnp | command([\"syscall\", \"acct\"]) |
		profile(\"KILL_PROCESS\"; [rule($allowed; \"ALLOW\")])"
	run -159 cooper run --bundle bundle one
}

@test "a call that nobody knows is passed over, with a warning; the rest holds" {
	filtered 'nnp | command(["syscall", "acct", "munlock"]) | profile("ALLOW"; [
		rule(["acct", "call_of_tomorrow", "munlock"]; "ERRNO")])'
	run -0 --separate-stderr cooper run --bundle bundle one
	[[ ${lines[*]} == "EPERM EPERM" ]]
	[[ ${#stderr_lines[@]} -eq 1 ]]
	[[ $stderr == 'cooper: warning: linux.seccomp.syscalls[0].names[1]: '*call_of_tomorrow*'passed over' ]]
	# One of another architecture is known.
	prints 'nnp | command(["syscall", "acct"]) | profile("ALLOW"; [rule(["acct", "riscv_flush_icache"]; "ERRNO")])' EPERM
}

# --- arguments --------------------------------------------------------------------------------

@test "every operator, on all 64 bits" {
	# A rule for each: with the operator's number as whence, the errno is 100 and that.
	local calls='' expected=() i value operators=(NE LT LE EQ GE GT MASKED_EQ)
	local at=0x500000005 below=0x500000004 above=0x500000006 far_below=0x4ffffffff far_above=0x600000004
	local errnos=(ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN)
	# Which of the values, in order, the operator takes.
	local takes=("11011" "11000" "11100" "00100" "00111" "00011" "01110")
	for i in "${!operators[@]}"; do
		local position=0
		for value in "$far_below" "$below" "$at" "$above" "$far_above"; do
			calls+=" lseek,999,$value,$i"
			if [[ ${takes[i]:position++:1} == 1 ]]; then
				expected+=("${errnos[i]}")
			else
				expected+=(EBADF)
			fi
		done
	done
	filtered "nnp | command((\"syscall$calls\" / \" \")) | profile(\"ALLOW\"; [
		[\"NE\", \"LT\", \"LE\", \"EQ\", \"GE\", \"GT\", \"MASKED_EQ\"] | to_entries[] |
		.key as \$i | .value as \$op | rule([\"lseek\"]; \"ERRNO\") | fails(100 + \$i)
		| if_(2; \"EQ\"; \$i) | if_(1; \$op; $((at)))
		# To this mask 4 to 7 are alike in the lower half.
		| if \$op == \"MASKED_EQ\" then .args[1] += {value: $((0xf0000000c)), valueTwo: $((0x500000004))}
		else . end])"
	run -0 --separate-stderr cooper run --bundle bundle one
	diff <(printf '%s\n' "${expected[@]}") <(echo "$output")
}

@test "several rules for one call, and several conditions in one" {
	prints 'nnp | command(["syscall", "lseek,999,1", "lseek,999,2", "lseek,999,3", "lseek,999,3,1",
			"lseek,999,3,2"]) | profile("ALLOW"; [
			(rule(["lseek"]; "ERRNO") | fails(33) | if_(1; "EQ"; 1)),
			(rule(["lseek"]; "ERRNO") | fails(34) | if_(1; "EQ"; 2)),
			(rule(["lseek"]; "ERRNO") | fails(40) | if_(1; "EQ"; 3) | if_(2; "EQ"; 1)),
			(rule(["lseek"]; "ERRNO") | fails(75) | if_(2; "EQ"; 2))])' \
		EDOM ERANGE EBADF ELOOP EOVERFLOW
	# One that asks nothing is for what the others have left.
	prints 'nnp | command(["syscall", "lseek,999,1", "lseek,999,2"]) | profile("ALLOW"; [
			(rule(["lseek"]; "ERRNO") | fails(33)),
			(rule(["lseek"]; "ERRNO") | fails(34) | if_(1; "EQ"; 2))])' EDOM ERANGE
}

# --- architectures ----------------------------------------------------------------------------

runs_x86() {
	[[ $("$COOPER_BIN/syscall" x86:getuid) == 0 ]]
}

@test "calls of an architecture that is not listed are the end" {
	skip_unless "this kernel runs no 32-bit programs" runs_x86
	prints 'nnp | sh("
		syscall x86:getuid 2>/dev/null; echo $?
		syscall x32:getuid 2>/dev/null; echo $?
		syscall getuid") | profile("ALLOW"; [rule(["munlock"]; "ERRNO")])' 159 159 0
}

@test "calls of one that is listed have the numbers of their own" {
	skip_unless "this kernel runs no 32-bit programs" runs_x86
	# 151 is munlock for x86, and mlockall for x86_64.
	prints 'nnp | sh("
		syscall munlock x86:munlock number:151 x86:mlockall
		syscall x32:munlock 2>/dev/null; echo $?") | profile("ALLOW"; [rule(["munlock"]; "ERRNO")]) | for_x86' \
		EPERM EPERM EINVAL EINVAL 159
	# x32 the kernel does not have; but the filter comes first.
	prints 'nnp | command(["syscall", "munlock", "x32:munlock"])
		| profile("ALLOW"; [rule(["munlock"]; "ERRNO") | fails(33)]) | for_x32' EDOM EDOM
}

@test "a call that 32-bit programs make through another one does not get by" {
	skip_unless "this kernel runs no 32-bit programs" runs_x86
	# socketcall: 1 is a socket, 2 a bind.
	prints 'nnp | command(["syscall", "socket,99", "x86:socket,99", "x86:socketcall,1",
			"x86:socketcall,2"]) | profile("ALLOW"; [rule(["socket"]; "ERRNO") | fails(33)]) | for_x86' \
		EDOM EDOM EDOM EFAULT
}

@test "architectures of other machines are taken, and make no difference" {
	prints 'nnp | command(["syscall", "munlock"]) | profile("ALLOW"; [rule(["munlock"]; "ERRNO")])
		| .linux.seccomp.architectures = ["SCMP_ARCH_AARCH64", "SCMP_ARCH_S390X",
			"SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_SHEB"]' EPERM
}

# --- a profile such as engines bring ----------------------------------------------------------

@test "a profile of three hundred names: work goes on, and what it leaves out does not" {
	local allowed
	allowed=$(<"$BATS_TEST_DIRNAME/../data/seccomp/allowed.json")
	# The rules with conditions: no new namespaces, no virtual machine sockets, known personalities.
	filtered "profile(\"ERRNO\"; [rule($allowed; \"ALLOW\"),
		(rule([\"clone\"]; \"ALLOW\") | if_(0; \"MASKED_EQ\"; $((0x7e020000)))),
		(rule([\"clone3\"]; \"ERRNO\") | fails(38)),
		(rule([\"socket\"]; \"ALLOW\") | if_(0; \"NE\"; 40)),
		((0, 8, $((0x20000)), $((0x20008)), $((0xffffffff))) as \$known
			| rule([\"personality\"]; \"ALLOW\") | if_(0; \"EQ\"; \$known))])
		| for_x86 | for_x32 | .process.user.uid = 1000
		| .process.capabilities = ([\"CAP_SYS_ADMIN\"] | {bounding: ., permitted: ., effective: .,
			inheritable: ., ambient: .})
		| sh(\"cd /tmp && echo abc | tr b d; mkdir there && rmdir there && id -u
			for forbidden in \\\"unshare -m true\\\" \\\"mount -t tmpfs x /tmp\\\" \\\"hostname x\\\"; do
				\$forbidden 2>/dev/null || echo refused
			done
			syscall socket,40,1 socket,99,1 number:135,0xffffffff number:135,1 number:1000\")"
	run -0 --separate-stderr cooper run --bundle bundle one
	diff - <(echo "$output") <<-'END'
		adc
		1000
		refused
		refused
		refused
		EPERM
		EAFNOSUPPORT
		0
		EPERM
		ENOSYS
	END
	[[ -z $stderr ]]
}

# --- the listener -----------------------------------------------------------------------------

# spec: config-linux:seccomp-3 config-linux:seccomp-4 config-linux:seccomp-5 config-linux:seccomp-6
# spec: config-linux:seccomp-8 config-linux:the-container-process-state-1
# spec: config-linux:the-container-process-state-2 config-linux:the-container-process-state-3
# spec: config-linux:the-container-process-state-4 config-linux:the-container-process-state-5
# spec: config-linux:the-container-process-state-6
@test "listener: an agent answers in the container's place, and knows for whom" {
	start_agent value 4711
	filtered 'nnp | profile("ALLOW"; [rule(["acct"]; "NOTIFY")]) | listener
		| .linux.seccomp.listenerMetadata = "any \"text\"" | .annotations = {a: "b"}'
	cooper_quietly() {
		cooper "$@" </dev/null >made 2>&1 3>&-
	}
	cooper_quietly create --bundle bundle one
	[[ $(told 1 .ociVersion) == 1.3.0 && $(told 1 '.fds | tojson') == '["seccompFd"]' ]]
	[[ $(told 1 .metadata) == 'any "text"' ]]
	[[ $(told 1 .pid) == "$(container_pid one)" && $(told 1 .state.pid) == "$(container_pid one)" ]]
	[[ $(told 1 .state.id) == one && $(told 1 .state.status) == creating ]]
	[[ $(told 1 .state.bundle) == "$TEST_DIR/bundle" && $(told 1 .state.annotations.a) == b ]]
	cooper_quietly start one
	wait_until is_executed one
	# A process that exec brings in has a filter, and a listener, of its own.
	run -0 cooper exec one syscall acct
	[[ $output == 4711 ]]
	[[ $(told 2 .state.status) == running && $(told 2 .pid) != "$(container_pid one)" ]]
	[[ $(told 2 .state.pid) == "$(container_pid one)" && $(told 3 .pid) == null ]]
	# Nobody but the agent has it.
	[[ -z $(find "/proc/$(container_pid one)/fd" -lname '*seccomp*') ]]
}

@test "listener: an errno, a call that the kernel does, an agent that leaves" {
	local answer expected
	local filter='command(["syscall", "acct,1", "getuid"])
		| profile("ALLOW"; [rule(["acct"]; "NOTIFY")]) | listener'
	for answer in 'errno 123' continue leave; do
		# shellcheck disable=SC2086 # two words
		start_agent $answer
		case $answer in
		errno*) expected=ENOMEDIUM ;;
		continue) expected=EPERM ;;
		leave) expected=ENOSYS ;;
		esac
		# Early, as root, and late.
		prints "$filter" "$expected" 0
		if [[ $answer != leave ]]; then
			prints "nnp | $filter | .linux.seccomp.flags = [\"SECCOMP_FILTER_FLAG_TSYNC\",
				\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]" "$expected" 0
		fi
		kill "$PID"
		await_exit
		rm agent
	done
}

@test "listener: an agent that does not accept keeps nobody waiting for ever" {
	start_agent deaf
	local filter='nnp | profile("ALLOW"; [rule(["acct"]; "NOTIFY")]) | listener'
	# There is one place in its queue.
	prints "$filter | sh(\"echo has run\")" 'has run'
	not_run "linux.seccomp.listenerPath: connect: the socket $TEST_DIR/agent: Resource temporarily unavailable" "$filter"
	[[ $stderr == *"hint: who listens there does not accept"* ]]
}

@test "listener: an agent that accepts and never reads, with a state larger than its socket takes" {
	start "$COOPER_BIN/socket-fault" silent agent
	await_output ready
	filtered 'nnp | profile("ALLOW"; [rule(["acct"]; "NOTIFY")]) | listener | .annotations.large = "x" * 4000000'
	run -1 --separate-stderr in_time 60 "$COOPER_BIN/cooper" create --bundle bundle sieve 3>&-
	is_one_error 'cooper: create sieve: linux.seccomp.listenerPath: sendmsg: '
	[[ $stderr == *"Resource temporarily unavailable"* && ! -e /run/cooper/sieve ]]
	no_cgroup_named "sieve-"
}

@test "listener: the path is ignored without SCMP_ACT_NOTIFY" {
	prints 'nnp | command(["syscall", "acct"]) | profile("ALLOW"; [rule(["acct"]; "ERRNO")]) | listener' EPERM
}

# spec: config-linux:seccomp-7
@test "listener: nobody there, or the path too long: an error, and nothing is left" {
	local filter='profile("ALLOW"; [rule(["acct"]; "NOTIFY")]) | listener'
	not_run "linux.seccomp.listenerPath: connect: the socket $TEST_DIR/agent: No such file or directory" "$filter"
	not_run "linux.seccomp.listenerPath: connect: the socket $TEST_DIR/agent: No such file or directory" "nnp | $filter"
	not_run "linux.seccomp.listenerPath: $TEST_DIR/agent/" \
		"$filter | .linux.seccomp.listenerPath += \"/\" + \"x\" * 100"
	: >agent
	not_run "linux.seccomp.listenerPath: connect: the socket $TEST_DIR/agent: Connection refused" "$filter"
	# A process that cannot hand its listener on does not run.
	not_run '' "nnp | $filter | .linux.seccomp.syscalls += [rule([\"sendmsg\"]; \"KILL\")]"
}

# --- flags, and what cannot be ------------------------------------------------------------------

@test "flags: each is taken, all at once" {
	prints 'nnp | command(["syscall", "acct"]) | profile("ALLOW"; [rule(["acct"]; "ERRNO")])
		| .linux.seccomp.flags = ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG",
			"SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]' EPERM
}

# spec: config-linux:seccomp-2 config-linux:seccomp-9 config-linux:seccomp-11
# spec: config-linux:seccomp-13
@test "bad values are found before anything is made" {
	local rules='profile("ALLOW"; [rule(["munlock"]; "ERRNO"), rule(["acct"]; "ERRNO")])'
	while IFS=$'\t' read -r message filter; do
		not_run "config.json: linux.seccomp.$message" "$rules | .linux.seccomp |= ($filter)"
	done <<-'END'
		defaultAction: missing	del(.defaultAction)
		defaultAction: expected one of SCMP_ACT_KILL, 	.defaultAction = "ALLOW"
		defaultErrnoRet: SCMP_ACT_ALLOW returns no errno	.defaultErrnoRet = 1
		defaultAction: SCMP_ACT_NOTIFY cannot be the default	.defaultAction = "SCMP_ACT_NOTIFY" | .listenerPath = "/a"
		architectures[1]: expected one of SCMP_ARCH_X86, 	.architectures = ["SCMP_ARCH_X86", "x86"]
		flags[0]: expected one of SECCOMP_FILTER_FLAG_TSYNC, 	.flags = ["SECCOMP_FILTER_FLAG_NEW_LISTENER"]
		listenerMetadata: needs a linux.seccomp.listenerPath	.listenerMetadata = "x"
		syscalls[1].names: missing	del(.syscalls[1].names)
		syscalls[1].names: expected a name at least	.syscalls[1].names = []
		syscalls[1].action: expected one of SCMP_ACT_KILL, 	.syscalls[1].action = "SCMP_ACT_DENY"
		syscalls[1].action: SCMP_ACT_NOTIFY needs a linux.seccomp.listenerPath	.syscalls[1].action = "SCMP_ACT_NOTIFY"
		syscalls[1].errnoRet: SCMP_ACT_KILL returns no errno	.syscalls[1] += {action: "SCMP_ACT_KILL", errnoRet: 1}
		syscalls[1].errnoRet: expected a whole number from 0 to 4095, found 4096	.syscalls[1].errnoRet = 4096
		syscalls[1].args[0].index: expected a whole number from 0 to 5, found 6	.syscalls[1].args = [{index: 6, value: 0, op: "SCMP_CMP_EQ"}]
		syscalls[1].args[0].value: missing	.syscalls[1].args = [{index: 0, op: "SCMP_CMP_EQ"}]
		syscalls[1].args[0].op: expected one of SCMP_CMP_NE, 	.syscalls[1].args = [{index: 0, value: 0, op: "=="}]
	END
}

@test "calls that the runtime needs itself cannot be somebody's to answer" {
	local filter='listener | .linux.seccomp.syscalls[0].action = "SCMP_ACT_NOTIFY"'
	not_run 'linux.seccomp.syscalls[0].names[1]: SCMP_ACT_NOTIFY cannot be for sendmsg; ' \
		"nnp | profile(\"ALLOW\"; [rule([\"acct\", \"sendmsg\"]; \"ALLOW\")]) | $filter"
	not_run 'linux.seccomp.syscalls[0].names[0]: SCMP_ACT_NOTIFY cannot be for setresuid; ' \
		"profile(\"ALLOW\"; [rule([\"setresuid\"]; \"ALLOW\")]) | $filter"
	[[ $stderr == *"hint: with process.noNewPrivileges "* ]]
}

@test "a filter that is too long for the kernel is an error before anything is made" {
	not_run 'linux.seccomp: it comes to a filter of ' 'profile("ALLOW"; [range(2000) as $i
		| rule(["lseek"]; "ERRNO") | if_(1; "EQ"; $i)])'
}
