#!/bin/bash
# Lab 4: what the kernel shows of a cgroup and of those who are in it.
# shellcheck disable=SC2034 # AS is for run_stage

# shellcheck source=cgroups.bash
source /lab/cgroups.bash

# As what a program runs that finds all cgroups mounted read-only.
# shellcheck disable=SC2016 # for the shell that it starts
READ_ONLY=(unshare --mount bash -c 'awk "/ - cgroup2? /{ print \$5 }" /proc/self/mountinfo |
	while read -r tree; do mount -o remount,bind,ro "$tree"; done
	exec "$@"' read-only)

# --- 4.1 ------------------------------------------------------------------------------------------

# made_late WHAT: whether the program did WHAT, a pattern, after it had let the child go, by the trace. Only its own
# system calls count: their order is certain.
made_late() {
	awk -v what="$1" '/sendmsg.*iov_base="g"/ { gone = $1 }
		gone == $1 && /4-cgroups-/ && $0 ~ what { found = 1 } END { exit !found }' trace
}

# Before it is looked who is in which cgroup: what is done late may be done by then, or not.
check_order() {
	strace -f -o trace -e trace=mkdir,mkdirat,openat,sendmsg /lab/bin/stage root /bin/true >/dev/null 2>&1
	! made_late '^[0-9]+ +mkdir' ||
		wrong "the command runs in the cgroup of its parent; its own is made when it has been let go" \
			"the cgroup first, then the child in it" \
			"what the command has forked or taken by then is outside for ever; cgroup_create() comes first" \
			"strace -f -e mkdir,clone3,sendmsg stage ROOTFS true"
	! made_late 'cgroup[.]procs.*O_WRONLY' ||
		wrong "the child is moved into its cgroup after it has been let go" "it to be moved before" \
			"it may have run, and forked, by then; spawn_release() comes last of all" \
			"strace -f -e openat,sendmsg stage ROOTFS true"
}

why_in_the_wrong_cgroup() {
	local shared
	shared=$(same_trees "$$" "$COMMAND")
	if [[ $shared != "$(trees_of "$COMMAND")" && $shared != *0::* ]]; then
		wrong "in the v2 tree the command is in its own cgroup, in the v1 trees in that of its parent" \
			"in its own everywhere" "nobody is born in a v1 cgroup: cgroup_join() is missing" "cat /proc/PID/cgroup"
	fi
	grep -q 'mkdir.*4-cgroups-' trace ||
		wrong "the command is in the cgroup of its parent" "in one of its own" \
			"no cgroup is made: cgroup_create() is missing" "cat /proc/PID/cgroup"
	wrong "the cgroup is made, and the command is in that of its parent" "in its own" \
		"a cgroup takes nobody in by itself: spawn() is to get options->cgroup.unified, and cgroup_join() the child" \
		"cat /proc/PID/cgroup"
}

# A mistake in 4.4 ends the program in every task.
why_it_ended() {
	if [[ $(strace -f -e trace=unshare /lab/bin/stage root /bin/true 2>&1) == *unshare*CLONE_NEWUSER* ]]; then
		blame 4.4
		wrong "the child makes a user namespace, too, and may not mount any more" "a cgroup namespace only" \
			"it has the privilege already; as root of another user namespace it is a stranger to the mounts made before" \
			"strace -f -e unshare stage ROOTFS true"
	fi
	ended_early
}

check_4_1() {
	make_rootfs root
	start_stage root /bin/sleep 1000 || why_it_ended
	check_order
	[[ -z $(same_trees "$$" "$COMMAND") ]] || why_in_the_wrong_cgroup
	[[ -z $(same_trees "$STAGE" "$COMMAND") ]] ||
		wrong "the program itself is in the command's cgroup" "the child only" \
			"the pid for cgroup_join() is child.pid; the program would be limited, and killed in the end, by itself" \
			"cat /proc/PID/cgroup, of both"
	stop_all
	AS=("${READ_ONLY[@]}")
	run_stage --cpuset 0 root /bin/echo it-runs
	[[ $OUTPUT != *it-runs* ]] ||
		wrong "the cgroup could not be made (they are mounted read-only), and the command runs" "an error, and no command" \
			"the result of cgroup_create() is not looked at: it would run without a limit" \
			"strace -f -e inject=mkdir:error=EROFS stage --cpuset 0 ROOTFS true"
	AS=()
	run_stage --user root /bin/busybox id -u
	[[ $OUTPUT != *"become root"* ]] ||
		wrong "with --user the child cannot become root: it has no ids yet" "it to be root inside" \
			"userns_map_caller() comes before the child is let go, as in task 2.4" "stage --user ROOTFS id -u"
}

# --- 4.2 and 4.3: limits --------------------------------------------------------------------------

why_not_written() {
	[[ $OUTPUT != *"No such file"* ]] ||
		wrong "one of the limits has no such file in the cgroup" "the command to run, with its limits" \
			"a name is not right, or the row says another controller than that of the file" \
			"stage --explain --memory 64M --pids 20 ROOTFS true"
	[[ $OUTPUT != *"Invalid argument"* ]] ||
		wrong "the kernel takes no limit there: invalid argument" "it to be written" \
			"that file only tells (how much is used, say); the limit is another one" \
			"stage --explain --memory 64M --pids 20 ROOTFS true"
	ended_early
}

check_4_2() {
	local memory swap pids seen directory
	memory=$(number 40 90) swap=$(number 10 30) pids=$(number 20 60)
	make_rootfs root
	start_stage --memory "${memory}M" root /bin/sleep 1000 || why_not_written
	directory=$(cgroup_of "$COMMAND" memory)
	if [[ $(memory_limit "$directory") == none ]]; then
		[[ $(soft_limit "$directory") != $((memory << 20)) ]] ||
			wrong "with --memory ${memory}M the memory is not limited; the file of the soft limit has that number" \
				"the file of the hard limit" "the soft one only counts when the whole machine is short of memory" \
				"stage --explain --memory ${memory}M ROOTFS true"
		run_stage --explain --pids "$pids" root /bin/true
		[[ $OUTPUT == *pids.max* ]] || wrong "no limit is written" "memory, swap and pids" \
			"there are no rows: task 4.2 is still to be done" "stage --explain --memory ${memory}M ROOTFS true"
		wrong "with --memory ${memory}M the memory is not limited" "a limit of ${memory} MiB" \
			"the row of OF(memory) is missing" "stage --explain --memory ${memory}M ROOTFS true"
	fi
	[[ $(memory_limit "$directory") == $((memory << 20)) ]] ||
		wrong "with --memory ${memory}M the limit is $(memory_limit "$directory") bytes" "$((memory << 20))" \
			"is it OF(memory) that the row has?" "stage --explain --memory ${memory}M ROOTFS true"
	stop_all
	start_stage --memory "${memory}M" --swap "${swap}M" --pids "$pids" root /bin/sleep 1000 || why_not_written
	directory=$(cgroup_of "$COMMAND" memory)
	case $(swap_limit "$directory") in
	$((swap << 20))) ;;
	0) wrong "with --swap ${swap}M no swap is allowed at all" "${swap} MiB" \
		"the row has the same number as that of memory: OF(memory_swap) is both together" \
		"stage --explain --memory 64M --swap ${swap}M ROOTFS true" ;;
	none) wrong "with --swap ${swap}M the swap is not limited" "${swap} MiB" "the row of OF(memory_swap) is missing" \
		"stage --explain --memory 64M --swap ${swap}M ROOTFS true" ;;
	*) wrong "with --swap ${swap}M the swap allowed is $(swap_limit "$directory") bytes" "$((swap << 20))" \
		"version 2 counts swap alone (swap_alone), version 1 both together (number)" \
		"stage --explain --memory 64M --swap ${swap}M ROOTFS true" ;;
	esac
	seen=$(limit "$(cgroup_of "$COMMAND" pids)" pids.max pids.max)
	[[ $seen == "$pids" ]] || wrong "with --pids $pids the limit on processes is: $seen" "$pids" \
		"the row of OF(pids) is missing, or has another's number" "stage --explain --pids $pids ROOTFS true"
	stop_all
	run_stage --memory 20M --swap 0 root /bin/dd if=/dev/zero of=/dev/null bs=100M count=1
	[[ $STATUS -eq 137 ]] || wrong "a command that takes 100 MiB of 20 ended with $STATUS" "the kernel to kill it: 137" \
		"the limit is not that of the cgroup which the command is in" \
		"stage --memory 20M --swap 0 ROOTFS dd if=/dev/zero of=/dev/null bs=100M"
}

check_4_3() {
	local thousandths seen quota period text
	thousandths=1$(number 101 899)
	text=${thousandths:0:1}.${thousandths:1}
	make_rootfs root
	start_stage --cpus "$text" root /bin/sleep 1000 || {
		[[ $OUTPUT != *cpu.* ]] || wrong "the kernel does not take the quota or the period for --cpus $text" "both to be taken" \
			"a quota is at least 1000 microseconds, a period at most a second" "stage --explain --cpus $text ROOTFS true"
		ended_early
	}
	seen=$(cpu_limit "$(cgroup_of "$COMMAND" cpu)")
	quota=${seen% *} period=${seen#* }
	[[ $quota != none ]] || wrong "with --cpus $text the quota is none" "$((thousandths * 100)) of 100000 microseconds" \
		"a limit has two members: its value, and whether it is set" "stage --explain --cpus $text ROOTFS true"
	[[ $((quota * 1000)) -ne $((thousandths * period)) ]] || return 0
	case $quota-$period in
	"$thousandths-100000") wrong "with --cpus $text the quota is $quota microseconds of $period" "$((thousandths * 100))" \
		"@cpus is in thousandths of a processor, the quota in microseconds of a period" \
		"stage --explain --cpus $text ROOTFS true" ;;
	100000-100000) wrong "with --cpus $text the quota is one processor" "$((thousandths * 100)) microseconds of $period" \
		"the decimals are cut off: divide after the multiplication, these are whole numbers" \
		"stage --explain --cpus $text ROOTFS true" ;;
	100000-*) wrong "with --cpus $text it is $quota microseconds in each $period" "$((thousandths * 100)) in each 100000" \
		"the quota is what may be used, the period is how long that has to last; they are exchanged" \
		"stage --explain --cpus $text ROOTFS true" ;;
	esac
	wrong "with --cpus $text it is $quota microseconds in each $period" "$((thousandths * 100)) in each 100000" \
		"@cpus / 1000 of the period" "stage --explain --cpus $text ROOTFS true"
}

# --- 4.4 ------------------------------------------------------------------------------------------

check_4_4() {
	local calls most=/proc/sys/user/max_cgroup_namespaces usual
	make_rootfs root
	start_stage root /bin/sleep 1000 || ended_early
	if [[ $(readlink "/proc/$COMMAND/ns/cgroup") == "$(readlink /proc/self/ns/cgroup)" ]]; then
		calls=$(strace -f -e trace=unshare,setns /lab/bin/stage root /bin/true 2>&1)
		[[ $calls != *unshare*CLONE_NEWNS* ]] ||
			wrong "the command is in the host's cgroup namespace; the child has made another mount namespace" \
				"a cgroup namespace of its own" "CLONE_NEWNS is that of the mounts; clone(2) lists the flags" \
				"ls -l /proc/PID/ns/cgroup"
		[[ $calls != *setns* ]] || wrong "the command is in the host's cgroup namespace; the child has called setns(2)" \
			"a new one" "setns(2) enters one that exists; unshare(2) makes one" "ls -l /proc/PID/ns/cgroup"
		wrong "inside, /proc/self/cgroup tells where in the host's trees the container is" "/, the top, and nothing above" \
			"no cgroup namespace is made: task 4.4 is still to be done" "stage ROOTFS cat /proc/self/cgroup"
	fi
	stop_all
	run_stage root /bin/cat /proc/self/cgroup
	[[ $OUTPUT != *4-cgroups* ]] || wrong "inside, /proc/self/cgroup tells: $OUTPUT" "/, the top" \
		"the namespace begins where the process is that makes it: it comes after the move into the cgroup" \
		"stage ROOTFS cat /proc/self/cgroup"
	usual=$(<"$most")
	echo 0 >"$most"
	run_stage root /bin/echo it-runs
	echo "$usual" >"$most"
	[[ $OUTPUT != *it-runs* ]] ||
		wrong "the namespace could not be made (user.max_cgroup_namespaces is 0), and the command runs" \
		"an error, and no command" "the result of unshare(2) is not looked at" "strace -f -e unshare stage ROOTFS true"
}

# --- 4.5 ------------------------------------------------------------------------------------------

# In each tree: a process in the command's cgroup, and one that minds no SIGTERM in another cgroup below it.
settle_in() {
	local tree directory file
	sleep 2000 &
	MILD=$!
	bash -c 'trap "" TERM; exec sleep 2001' &
	STUBBORN=$!
	in_the_end grep -q sleep "/proc/$STUBBORN/comm"
	for tree in $(trees_of "$COMMAND"); do
		tree=${tree#*:} tree=${tree%%:*}
		directory=$(cgroup_of "$COMMAND" "${tree:-unified}")
		mkdir "$directory/below"
		# A new v1 cpuset takes nobody in before it has processors.
		for file in cpuset.cpus cpuset.mems; do
			[[ $tree != *cpuset* ]] || cat "$directory/$file" >"$directory/below/$file"
		done
		echo "$MILD" >"$directory/cgroup.procs"
		echo "$STUBBORN" >"$directory/below/cgroup.procs"
	done
}

all_gone() {
	! runs "$STAGE" && [[ $(cgroups_left) -eq 0 ]]
}

# The program tries for ten seconds, and one that goes wrong is to be known before that.
check_4_5() {
	local soon
	make_rootfs root
	start_stage root /bin/sleep 1000 || ended_early
	settle_in
	kill -KILL "$COMMAND"
	soon=$((SECONDS + 4))
	while [[ $SECONDS -lt $soon ]] && kill -0 "$STAGE" && kill -0 "$STUBBORN"; do
		sleep 0.05
	done
	OUTPUT=$(cat said)
	not_yet
	! runs "$STUBBORN" || why_it_lives
	in_the_end all_gone || {
		[[ -z $(find /sys/fs/cgroup -path '*/4-cgroups-*/below') ]] ||
			wrong "all processes are dead, and the cgroup that was made below the container's is still there" \
				"both to be removed" "with a cgroup below it a cgroup is busy, too; each_below() goes through them" \
				"find /sys/fs/cgroup -path '*4-cgroups-*' -type d"
		wrong "all processes are dead, and the cgroup is still there" "it to be removed" \
			"the dead need a moment to go: wait a little, and try again" "find /sys/fs/cgroup -name '4-cgroups-*'"
	}
}

why_it_lives() {
	runs "$MILD" || wrong "of two processes in the cgroup, one that ignores SIGTERM lives on" "both to be killed" \
		"only SIGKILL cannot be refused" "strace -f -e kill stage ROOTFS true"
	! runs "$STAGE" || wrong "a process in the cgroup lives on; the program tries and tries to remove the cgroup" \
		"all in it to be killed" "waiting alone does not help: rmdir(2) does not kill, signal_in() does" \
		"strace -f -e unlinkat,kill stage ROOTFS true"
	[[ $OUTPUT ]] || wrong "the program has ended and says nothing; its cgroup is still there, with a process in it" \
		"it to be removed, or an error" "rmdir(2) has failed with EBUSY, and its result is not looked at" \
		"find /sys/fs/cgroup -name '4-cgroups-*'"
	wrong "the program gives up with an error; its cgroup is still there, with a process in it" "it to be removed" \
		"EBUSY is no reason to give up yet: task 4.5 is still to be done" "find /sys/fs/cgroup -name '4-cgroups-*'"
}

# --- 4.6 ------------------------------------------------------------------------------------------

# runs_it ARG...: whether the command runs, with that.
runs_it() {
	run_stage "$@" root /bin/echo it-runs
	[[ $OUTPUT == *it-runs* ]]
}

# What the kernel said: the end of the first line.
reason() {
	local line=${OUTPUT%%$'\n'*}
	echo "${line##*: }"
}

check_4_6() {
	local hidden=''
	make_rootfs root
	AS=("${READ_ONLY[@]}")
	runs_it || wrong "cgroups are mounted read-only, no limit is asked for, and the program ends: $(reason)" \
		"the command to run, in the cgroup where it is" \
		"a tree that is not ours to write to is not left out: task 4.6 is still to be done" \
		"strace -f -e inject=mkdir:error=EROFS stage ROOTFS true"
	run_stage --memory 64M root /bin/true
	[[ $OUTPUT == *"Read-only file system"* ]] || hidden=yes
	AS=(strace -f -qq -o injected -e "inject=?mkdir:error=ENOSPC")
	if runs_it && grep -q INJECTED injected; then
		[[ -z $hidden ]] || wrong "whatever the error is, and whatever is asked for, the program goes on without a cgroup" \
			"that only where it may not write, and no limit is asked for" \
			"both have to be looked at before the error is forgotten: @controllers, and errno" \
			"strace -f -e inject=mkdir:error=EROFS stage --memory 64M ROOTFS true"
		wrong "the cgroup could not be made since there was no space left (ENOSPC), and the command runs" \
			"an error" "only the errors of not_ours_to_write() may be forgotten" \
			"strace -f -e inject=mkdir:error=ENOSPC stage ROOTFS true"
	fi
	[[ -z $hidden ]] || wrong "cgroups are mounted read-only, --memory is asked for, and the error is about something else" \
		"that they are read-only to be said" "a limit needs that cgroup, so the error is not to be forgotten: look at @controllers" \
		"strace -f -e inject=mkdir:error=EROFS stage --memory 64M ROOTFS true"
	AS=("${SOMEBODY[@]}")
	chmod -R go+rX .
	runs_it --user || wrong "for a plain user, with no limit asked for, the program ends: $(reason)" \
		"the command to run, in the cgroup where it is" "read-only is one reason, no permission is another: not_ours_to_write()" \
		"setpriv --reuid 4321 --clear-groups stage --user ROOTFS true"
}
