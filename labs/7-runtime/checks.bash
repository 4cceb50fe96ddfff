#!/bin/bash
# Lab 7: a container that outlives the command that made it, and what is taken from its processes.
# shellcheck disable=SC1091 # it is where the guard has it
source /lab/bundle.bash

# --- 7.1 ------------------------------------------------------------------------------------------

check_7_1() {
	local pid kind
	bundle plain
	cooper run --detach --bundle plain one
	[[ $OUTPUT != *"when the init has started"* ]] || wrong \
		"the container is not made: the time when its init has started is read as 0" "that time" "what is read as the time is 0: field 21 always is, count one further" \
		"cat /proc/self/stat; the state is field 3"
	[[ $STATUS -eq 0 ]] || whose_fault
	[[ $(state_of one status) == running ]] || wrong "the container runs, and its state is \"$(state_of one status)\"" \
		"\"running\"" "what is read as the time changes while the process runs: field 23 is its size, 22 the time" \
		"cat /proc/PID/stat, twice; stage state one"
	name_is_told "two words" "%s of scanf ends at the first blank, and the name may have blanks"
	name_is_told "x) Z 1 (" "the name may have brackets, too; only the last bracket of the line is its end"
	pid=$(state_of one pid)
	kind=$(started "$pid")
	kill -KILL "$pid"
	in_the_end gone "$pid"
	take_number "$pid" "$kind"
	[[ $(state_of one status) == stopped ]] ||
		wrong "the container's init has ended, another process has its number, and the state is \"$(state_of one status)\"" \
			"\"stopped\"" "what is read as the time is the same for both: field 20 is the number of threads, 22 the time" \
			"cat /proc/PID/stat of two processes"
}

# All of the tasks are on the way to the command.
whose_fault() {
	case $OUTPUT in
	*/proc/self/exe* | *execveat*)
		blame 7.6
		why_not_sheltered
		;;
	*process.capabilities*"Invalid argument"*)
		blame 7.4
		wrong "the container is not made: $OUTPUT" "what the kernel does not have to be passed over" \
			"numbers above the kernel's last capability are not known to it: is_bound() tells, then it is no error" \
			"cat /proc/sys/kernel/cap_last_cap"
		;;
	*process.capabilities*)
		blame 7.4
		wrong "the container is not made: $OUTPUT" "it to be made" "the error above says what failed" "stage --explain run --bundle b one"
		;;
	esac
	ended_early
}

# name_is_told NAME CAUSE: a container whose program has that name is running.
name_is_told() {
	bundle other "/bin/$1"
	printf '#!/bin/sh\nsleep 1000\ntrue\n' >"other/rootfs/bin/$1"
	chmod 755 "other/rootfs/bin/$1"
	cooper_does run --detach --pid-file pid --bundle other "other${#1}"
	in_the_end named "$(<pid)" "$1"
	[[ $(state_of "other${#1}" status) == running ]] ||
		wrong "a program with the name \"$1\" runs in a container whose state is \"$(state_of "other${#1}" status)\"" \
			"\"running\"" "$2" "cat /proc/PID/stat: field 2 is the name, in brackets"
}

named() {
	[[ $(<"/proc/$1/comm") == "$2" ]]
}

started() {
	sed 's/.*)//' "/proc/$1/stat" | awk '{ print $20 }'
}

gone() {
	[[ ! -e /proc/$1 ]]
}

# take_number PID TIME: a new process with that number, which has not started at that time. The kernel
# gives the next one that is free.
take_number() {
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid
		/bin/sleep 1000 &
		[[ $! -ne $1 || $(started "$1") == "$2" ]] || return 0
		kill -KILL $!
		wait $! 2>/dev/null
	done
	return 1
}

# --- 7.2 ------------------------------------------------------------------------------------------

# runs_command PID: its command, and not the runtime any more.
runs_command() {
	tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -q '^/bin/sleep 1000'
}

# settled PID: it waits at the FIFO, or runs its command, or has ended.
settled() {
	! runs "$1" || runs_command "$1" || grep -q wait_for_partner "/proc/$1/wchan"
}

readonly O_ACCMODE=3

# The flags with which the process is opening a file at this moment.
opening_with() {
	local words
	read -r -a words <"/proc/$1/syscall"
	echo $((${words[3]:-0x1}))
}

# started_or_stuck: "start" has ended, or never will.
started_or_stuck() {
	! runs "$STARTER" || { runs_command "$INIT" && holds_fifo; }
}

holds_fifo() {
	[[ $(find "/proc/$INIT/fd" -lname '*exec.fifo*' 2>/dev/null) ]]
}

why_not_waiting() {
	local trace
	trace=$(strace -f -e trace=openat,open timeout 20 /lab/bin/stage --root state create --bundle b trace </dev/null 2>&1 &
		in_the_end command_runs_in trace
		kill -KILL "$(state_of trace pid)"
		wait)
	grep -q '"fd/[0-9]*", O_RDWR' <<<"$trace" ||
		wrong "the command runs, and nobody has said \"start\"" "the init to wait for that" \
			"nothing is opened: task 7.2 is still to be done" "strace -f -e openat stage create --bundle b one"
	wrong "the command runs, and nobody has said \"start\"" "the init to wait at the FIFO" \
		"a FIFO that is opened for both, O_RDWR, waits for nobody: this process is its own partner" \
		"fifo(7); strace -f -e openat stage create --bundle b one"
}

command_runs_in() {
	runs_command "$(state_of "$1" pid)"
}

why_it_ended() {
	local said
	said=$(<said)
	case $said in
	*"No such device or address"*) wrong "the init ended: $said" "it to wait for start" \
		"O_NONBLOCK: without a reader the open fails (ENXIO) at once, and waiting is what it is for" "fifo(7)" ;;
	*"No such file"* | *"Not a directory"*) wrong "the init ended: $said" "it to find the FIFO" \
		"the FIFO lies outside of the container's root; the magic link in @path leads to it, from @proc on" \
		"ls -l /proc/PID/fd of the init" ;;
	*"not permitted"* | *"Bad file descriptor"* | *"Permission denied"*) wrong "the init ended: $said" "it to wait for start" \
		"@gate is only a name for the FIFO (O_PATH); it has to be opened once more, by @path" "open(2), O_PATH" ;;
	esac
	wrong "the init ended before it was started: ${said:-(it said nothing)}" "it to wait for start" \
		"the error above says what failed" "stage create --bundle b one; stage state one"
}

check_7_2() {
	bundle b
	cooper_does create --bundle b one
	INIT=$(state_of one pid)
	[[ $INIT -gt 0 ]] || why_it_ended
	in_the_end settled "$INIT" || [[ $(<"/proc/$INIT/wchan") == 0 ]] ||
		wrong "the init waits, and not at the FIFO" "it to, in wait_for_partner" \
			"to look for start again and again, or to wait for something else, is not needed: the open itself waits" \
			"cat /proc/PID/wchan; fifo(7)"
	runs "$INIT" || why_it_ended
	! runs_command "$INIT" || why_not_waiting
	[[ $(($(opening_with "$INIT") & O_ACCMODE)) -ne 0 ]] || wrong "the init waits, and has opened the FIFO for reading" \
		"for writing: start reads" "start opens it for reading, too: two readers wait for ever" \
		"cat /proc/PID/syscall: the flags are the third argument"
	[[ $(state_of one status) == created ]] || wrong "the state is \"$(state_of one status)\"" "\"created\"" \
		"is the FIFO gone? start removes it" "ls /run/cooper/ID"
	/lab/bin/stage --root state start one </dev/null >said.start 2>&1 3>&- &
	STARTER=$!
	STARTED+=("$STARTER")
	in_the_end started_or_stuck || wrong "\"cooper start\" does not end, and the command does not run" "the init to be let go by it" \
		"the init waits for something else than the FIFO" "cat /proc/PID/wchan; ls -l /proc/PID/fd of the init"
	! holds_fifo || wrong "the command runs, and has the FIFO open; \"cooper start\" still waits for its end" \
		"nothing of the runtime's to be open in there" "O_CLOEXEC is missing: the exec is to close it" "ls -l /proc/PID/fd"
	STATUS=0
	wait "$STARTER" || STATUS=$?
	OUTPUT=$(<said.start)
	[[ $OUTPUT != *"ended before the command could run"* ]] ||
		wrong "start says: $OUTPUT" "one byte from the init, through the FIFO" \
			"@answer is not what was opened: gate_passed() writes to that" "strace -f -e write,openat stage create --bundle b one"
	[[ $STATUS -eq 0 ]] || wrong "start ended with status $STATUS: $OUTPUT" "0" "the init opens something else, or writes nothing" \
		"strace -f -e openat,write stage create --bundle b one"
	runs_command "$INIT" || wrong "after start, the command does not run" "it to run" "what does the init wait for?" \
		"cat /proc/PID/wchan"
	[[ $(state_of one status) == running ]] || wrong "the state is \"$(state_of one status)\"" "\"running\"" \
		"the FIFO is still there, or the init has ended" "ls /run/cooper/one; stage state one"
}

# --- 7.3 ------------------------------------------------------------------------------------------

check_7_3() {
	local id secret seen pid group session
	id=$(word) secret=$(word)
	mkdir "$secret"
	cat >hook <<-END
		#!/bin/bash
		cd "$PWD"
		cat >state.read 2>&1
		read -r pid name state parent group session rest </proc/self/stat
		echo "\$pid \$group \$session" >ids
		find /proc/\$\$/fd -lname '*$secret' -printf '%f\n' | sort -n | xargs >open
	END
	chmod 755 hook
	MORE='"hooks": {"createRuntime": [{"path": "'"$PWD"'/hook"}]},' bundle b
	cooper create --bundle b "$id" 6<"$secret" 11<"$secret"
	[[ -e ids ]] || {
		[[ $STATUS -ne 0 ]] || wrong "the hook did not run" "it to run" "the child ends before the exec" "strace -f -e execve stage create --bundle b one"
		wrong "the hook did not run: $OUTPUT" "it to run" "a call failed, or its success was taken for a failure" \
			"stage --explain create --bundle b one"
	}
	seen=$(<state.read)
	[[ $seen != *"Bad file descriptor"* ]] || wrong "the hook cannot read its standard input: $seen" "the state" \
		"0, 1 and 2 are to stay open over the exec: the first to close is STDERR_FILENO + 1" "ls -l /proc/self/fd, in a hook"
	[[ $seen == *"$id"* ]] || wrong "the hook read from its standard input: ${seen:-(nothing)}" "the state, with the id $id" \
		"the standard input is still the caller's: dup2(2) takes the old one first, then the new" "\"args\": [\"cat\"] in a hook"
	[[ -z $(<open) ]] || wrong "the hook has open, as $(<open), a directory of the caller's" "nothing but 0, 1 and 2" \
		"what the caller left open is inherited, over the fork and the exec: close_range(2)" "ls -l /proc/self/fd, in a hook"
	read -r pid group session <ids
	[[ $session != "$pid" ]] || return 0
	[[ $group != "$pid" ]] || wrong "the hook has a process group of its own, and its session is the caller's" "a session of its own" \
		"setpgid(2) makes a group in the caller's session, with the caller's terminal; setsid(2) makes both" \
		"ps -o pid,pgid,sid,args"
	wrong "the hook is in the caller's process group and session" "a session of its own" \
		"setsid(2) is missing: what the hook has started could not be killed with it at its timeout" "ps -o pid,pgid,sid,args"
}

# --- 7.4 ------------------------------------------------------------------------------------------

# What the guard itself has, and capabilities(7) calls by these names.
readonly POSSIBLE=(CHOWN:0 DAC_OVERRIDE:1 FOWNER:3 FSETID:4 SETGID:6 SETUID:7 NET_BIND_SERVICE:10 NET_RAW:13 MKNOD:27 SETFCAP:31)

# quote NAME...: as JSON.
quote() {
	local name list=''
	for name; do
		list+=",\"CAP_${name%:*}\""
	done
	echo "[${list:1}]"
}

# mask NAME...: as in /proc/PID/status.
mask() {
	local name value=0
	for name; do
		value=$((value | 1 << ${name#*:}))
	done
	printf '%016x\n' "$value"
}

# is_mapped ID: whether there is such a user here. (Without root there may be one only.)
is_mapped() {
	awk -v id="$1" '$1 <= id && id < $1 + $3 { found = 1 } END { exit !found }' /proc/self/uid_map
}

check_7_4() {
	local chosen wide narrow pid bound ambient all user=1000
	chosen=$(number 1 $((${#POSSIBLE[@]} - 3)))
	wide=("${POSSIBLE[@]:chosen:2}") narrow=("${POSSIBLE[chosen]}")
	is_mapped "$user" || user=0
	PROCESS='"user": {"uid": '"$user"', "gid": '"$user"'}, "capabilities": {"bounding": '"$(quote "${wide[@]}")"',
		"permitted": '"$(quote "${wide[@]}")"', "effective": '"$(quote "${wide[@]}")"',
		"inheritable": '"$(quote "${wide[@]}")"', "ambient": '"$(quote "${narrow[@]}")"'},' bundle b
	cooper_does run --detach --bundle b one
	pid=$(state_of one pid)
	bound=$(status_of "$pid" CapBnd) ambient=$(status_of "$pid" CapAmb)
	all=$(status_of self CapBnd)
	if [[ $bound == "$all" ]]; then
		[[ $ambient == 0000000000000000 ]] || wrong "the command's bounding set is that of the caller, $bound" \
			"$(mask "${wide[@]}"), ${wide[*]%:*}" "nothing is dropped: cap_drop_bound() takes one capability at a time" \
			"grep Cap /proc/PID/status"
		wrong "the command's bounding set is that of the caller, and it can do nothing: CapPrm is 0" \
			"$(mask "${wide[@]}"), ${wide[*]%:*}" "nothing is dropped, nothing kept: task 7.4 is still to be done" \
			"grep Cap /proc/PID/status"
	fi
	[[ $bound != 0000000000000000 ]] || wrong "the command's bounding set is empty" "$(mask "${wide[@]}"), ${wide[*]%:*}" \
		"what is in @kept is dropped, too: is_in() tells" "grep CapBnd /proc/PID/status"
	[[ $((16#$bound & 16#$(mask "${wide[@]}"))) -ne 0 ]] || wrong "the command's bounding set has everything but ${wide[*]%:*}" \
		"only these: $(mask "${wide[@]}")" "the wrong way round: what is in @kept is dropped, and the rest is kept" \
		"grep CapBnd /proc/PID/status"
	[[ $bound == "$(mask "${wide[@]}")" ]] || wrong "the command's bounding set is $bound" "$(mask "${wide[@]}"), ${wide[*]%:*}" \
		"the loop ends too early: at the first that is kept, or cannot be dropped" "grep CapBnd /proc/PID/status"
	[[ $ambient == "$(mask "${narrow[@]}")" && $(status_of "$pid" CapEff) == "$ambient" ]] ||
		[[ $user -eq 0 ]] || wrong "the command is user $user, and CapPrm, CapEff, CapAmb are 0" "$(mask "${narrow[@]}"), ${narrow[*]%:*}, in all three" \
			"root that becomes another user loses what is permitted, unless PR_SET_KEEPCAPS is set before" \
			"grep Cap /proc/PID/status; capabilities(7), \"Effect of user ID changes\""
}

# --- 7.5 ------------------------------------------------------------------------------------------

# rule NAME NUMBER-OF-ARGUMENT OPERATOR VALUE [VALUE-TWO]: ends the call with $error.
rule() {
	printf '{"names": ["%s"], "action": "SCMP_ACT_ERRNO", "errnoRet": %s,
		"args": [{"index": %s, "op": "SCMP_CMP_%s", "value": %s, "valueTwo": %s}]}' "$1" "$error" "$2" "$3" "$4" "${5:-0}"
}

# instructions PROGRAM: how long the filter is.
instructions() {
	/lab/bin/"$1" --explain --root "state.$1" run --bundle b "$1" 2>&1 | sed -n 's/.*a filter of \([0-9]*\) instructions.*/\1/p'
}

check_7_5() {
	local error low high value flag answers by_hand='strace -f -e lseek,ftruncate,fallocate stage run --bundle b one'
	error=$(number 40 80) low=$(number 100000 1900000000) high=$(number 1000 900000)
	value=$((high << 32 | low)) flag=$((1 << 33 | 1 << 3))
	PROCESS='"noNewPrivileges": true,' LINUX='"seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		'"$(rule lseek 1 EQ $value), $(rule ftruncate 1 NE $value)"',
		'"$(rule fallocate 2 MASKED_EQ $((flag | 1 << 40 | 1 << 9)) $flag)"']},' bundle b /bin/call \
		lseek "$value" lseek $((value + (1 << 32))) lseek $((value + 1)) lseek $((low << 32 | high)) lseek 7 \
		ftruncate "$value" ftruncate 7 \
		fallocate "$flag" fallocate $((flag | 1 << 50 | 1 << 5)) fallocate $((flag | 1 << 40)) fallocate $((flag | 1 << 9))
	cp /lab/bin/call b/rootfs/bin/call
	cooper_does run --bundle b one
	mapfile -t answers <<<"$OUTPUT"
	[[ ${#answers[@]} -eq 11 ]] || wrong "a program that makes eleven calls said: $OUTPUT" "eleven errors" \
		"a jump leads to where nothing is, or the filter stops calls that no rule is for" "$by_hand"
	# "=" where the rule held.
	local held='' seen
	for seen in "${answers[@]}"; do
		[[ $seen == "$error" ]] && held+='=' || held+='.'
	done
	local rules="a rule refuses lseek with the offset $value"
	case ${held:0:5} in
	=....) ;;
	.....) [[ $(instructions stage) -ge $(instructions reference) ]] || wrong "$rules, and that is not refused" "the error $error" \
			"nothing is compared: task 7.5 is still to be done" "$by_hand"
		wrong "$rules, and that is not refused" "the error $error" \
			"what is put last is executed first: the comparison is written before the load, and its place is not what is returned" \
			"$by_hand" ;;
	==...) wrong "$rules; with other upper 32 bits it is refused, too" "that one number to be refused, and no other" \
		"only the lower half is compared; the machine takes 32 bits at a time" "$by_hand" ;;
	=.=..) wrong "$rules; with other lower 32 bits it is refused, too" "that one number to be refused, and no other" \
		"only the upper half is compared; where it is equal, go on with the lower" "$by_hand" ;;
	===..) wrong "$rules; with only one of its halves it is refused, too" "both halves to have to be the same" \
		"either is enough: from the first comparison an equal half leads to the second, and not to @yes" "$by_hand" ;;
	...=.) wrong "$rules; refused is the number with its two halves exchanged" "that number to be refused as it is" \
		"the upper half of the value is compared with the lower of the argument; write_load() is told which" "$by_hand" ;;
	.====) wrong "$rules; all others are refused, and that is not" "the other way round" \
		"@yes and @no are exchanged: program_jump() takes the way for \"equal\" first" "$by_hand" ;;
	*) wrong "$rules; of five numbers the rule held for: $held" "=...." "which way does each comparison lead?" "$by_hand" ;;
	esac
	[[ ${held:5:2} == .= ]] || wrong "ftruncate is refused where the length is not $value; it was: ${held:5:2}" ".=" \
		"\"not equal\" comes with @yes and @no exchanged; is each of them used for what it is?" "$by_hand"
	[[ ${held:7:1} == '=' ]] || wrong "fallocate with exactly the bits that the rule wants is not refused" "the error $error" \
		"@value is compared, but its halves need the halves of @mask: upper() for both" "$by_hand"
	[[ ${held:8:1} == '=' ]] || wrong "fallocate is refused where certain bits are set; with others set, too, it is not" \
		"bits that the mask leaves out not to count" "program_mask() is missing, or comes before the load" "$by_hand"
	[[ ${held:9:2} == .. ]] || wrong "fallocate is refused though a bit that the mask names, and that must not be set, is" \
		"it to be allowed" "the mask of one half is applied to the other" "$by_hand"
}

# --- 7.6 ------------------------------------------------------------------------------------------

# Which mounts, and of its own file, the program asks the kernel for when it starts.
mounts_traced() {
	[[ -e true ]] || bundle true /bin/true
	[[ -e cooper ]] || cp /lab/bin/stage cooper
	strace -f -e trace=open_tree,execveat ./cooper --root traced run --bundle true one 2>&1 </dev/null |
		awk '/execveat\(/ { exit } /open_tree\(/'
}

why_not_sheltered() {
	case $OUTPUT in
	*"not the copy that was started"*)
		[[ $(mounts_traced) ]] || wrong "the program started its own file again: $OUTPUT" "a copy of it" \
			"start_again() takes the file to start: @self is the one that is to be protected" "strace -f -e execveat,open_tree stage run --bundle b one"
		wrong "the program started again, and is as open to writing as before: $OUTPUT" "a mount that is read-only" \
			"the copy of the mount is made, and can be written to: mount_change() with MOUNT_ATTR_RDONLY is missing" \
			"strace -f -e open_tree,mount_setattr stage run --bundle b one"
		;;
	*execveat*"Permission denied"*)
		wrong "the kernel will not execute the copy: $OUTPUT" "it to be executed" \
			"MOUNT_ATTR_NOEXEC is for the mounts of others; this one is to be executed from" "strace -f -e mount_setattr,execveat stage run --bundle b one"
		;;
	esac
	wrong "the program ended with status $STATUS: ${OUTPUT:-(it said nothing)}" "the container to run" \
		"the error above says what failed" "strace -f -e open_tree,mount_setattr,execveat stage run --bundle b one"
}

# The program is a copy of its own, on a filesystem that can be written to, as /usr/local/bin is.
check_7_6() {
	local said file
	cp /lab/bin/stage cooper
	bundle b
	./cooper --root state run --bundle b one </dev/null >said 2>&1 3>&- &
	STAGE=$!
	STARTED+=("$STAGE")
	in_the_end under_way one || wrong "the program runs, but its command does not" "the command to run" \
		"the program starts itself again and again, or waits for itself" "strace -f -e execve,execveat stage run --bundle b one"
	OUTPUT=$(<said)
	not_yet
	if ! runs "$STAGE"; then
		STATUS=0
		wait "$STAGE" || STATUS=$?
		why_not_sheltered
	fi
	file=$(readlink "/proc/$STAGE/exe")
	# While a file is being executed nobody can write to it; so hold it, and wait for the end.
	exec 5<"/proc/$STAGE/exe"
	pkill -KILL -P "$STAGE"
	wait "$STAGE"
	said=$({ : >>/proc/self/fd/5; } 2>&1)
	exec 5<&-
	if [[ $file == */memfd:* ]]; then
		[[ $(mounts_traced) ]] || wrong "the program runs from a copy in memory" "a copy of its mount" \
			"copy_file() is for those who may not mount; the whole file for each command is not needed here" \
			"ls -l /proc/PID/exe, of a stage run"
		wrong "the program runs from a copy in memory, though open_tree(2) was tried" "a copy of its mount" \
			"the flag OPEN_TREE_CLONE makes it a copy; without, it is the place in the mount that is there, and no mount of its own" \
			"strace -e open_tree,mount_setattr stage run --bundle b one"
	fi
	[[ $said == *"Read-only file system"* ]] || wrong "a file descriptor of /proc/PID/exe, kept until the program has ended, can be written to${said:+ or not: ${said##*: }}" \
		"the error \"Read-only file system\"" "nothing is copied: task 7.6 is still to be done" "ls -l /proc/PID/exe, of a stage run; proc_pid_exe(5)"
}

# under_way ID: its command runs, or the program has ended.
under_way() {
	! runs "$STAGE" || runs_command "$(state_of "$1" pid)"
}
