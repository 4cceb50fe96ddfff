#!/bin/bash
# Lab 2: what the kernel shows of a process in its namespaces.

# same_namespace TYPE PID: whether it is the guard's.
same_namespace() {
	[[ /proc/$2/ns/$1 -ef /proc/self/ns/$1 ]]
}

# Without --user nothing of task 2.4 is needed, but a mistake there ends the program all the same.
check_2_1() {
	local type missing='' more=''
	make_rootfs root
	if ! start_stage root /bin/sleep 1000; then
		blame 2.4
		[[ $OUTPUT != *map:* ]] || wrong "without --user the program says: $OUTPUT" "the command to run" \
			"the maps are written though there is no new user namespace: the host's cannot be changed" \
			"stage ROOTFS true"
		wrong "the program ended with status $STATUS before the command ran: ${OUTPUT:-(it said nothing)}" \
			"the command to run" "the child is given up though all went well; each call gives 0 then" \
			"stage --explain ROOTFS true"
	fi
	for type in mnt pid uts ipc; do
		! same_namespace "$type" "$COMMAND" || missing+=" $type"
	done
	for type in net user cgroup time; do
		same_namespace "$type" "$COMMAND" || more+=" $type"
	done
	case $missing in
	'') ;;
	' mnt pid uts ipc') wrong "the command is in none but the host's namespaces" "mnt, pid, uts and ipc of its own" \
		"no flags yet: task 2.1 is still to be done" "ls -l /proc/PID/ns" ;;
	*mnt*) wrong "of its own are not:$missing" "mnt, pid, uts and ipc of its own" \
		"the mount namespace was the first of all, and its flag is called just CLONE_NEWNS" "ls -l /proc/PID/ns" ;;
	*pid*) wrong "the command has the host's PID namespace: it sees and signals every process" \
		"a PID namespace of its own" "CLONE_NEWPID is missing" "ls -l /proc/PID/ns/pid /proc/self/ns/pid" ;;
	*) wrong "of its own are not:$missing" "mnt, pid, uts and ipc of its own" \
		"a flag of clone(2) is missing, or combined with & in place of |" "ls -l /proc/PID/ns" ;;
	esac
	[[ -z $more ]] || wrong "the command has of its own, too:$more" "only mnt, pid, uts and ipc" \
		"too many flags: each namespace needs setting up, and an empty network, say, is no help yet" "ls -l /proc/PID/ns"
}

# The guard's mounts are made shared, as systemd makes a host's.
check_2_2() {
	local name mounts
	name=$(word)
	mount --make-rshared /
	make_rootfs root
	start_stage root /bin/sh -c "mount -t tmpfs $name /tmp; exec /bin/sleep 1000" || ended_early
	mounts=$(nsenter -t "$COMMAND" -m cat /proc/self/mountinfo)
	if grep -q " $name " /proc/self/mountinfo; then
		umount -l "$PWD/root/tmp"
		if ! grep -qv ' shared:' <<<"$mounts"; then
			wrong "a mount that the command made is on the host, too" "it to be inside only" \
				"the mounts are still in the peer groups of the host's: task 2.2 is still to be done" \
				"findmnt -o TARGET,PROPAGATION, inside and outside"
		fi
		if awk '$5 == "/"' <<<"$mounts" | grep -q ' shared:'; then
			wrong "a mount that the command made is on the host, too; / is shared still, other mounts are not" \
				"no mount inside to be shared" "the change is made to another mount than /, the top of all" \
				"findmnt -o TARGET,PROPAGATION inside"
		fi
		wrong "a mount that the command made below /scratch is on the host, too, though / is not shared any more" \
			"no mount inside to be shared" "the change is for one mount only; MS_REC takes those below it, too" \
			"findmnt -o TARGET,PROPAGATION inside"
	fi
	if grep -q ' master:' <<<"$mounts"; then
		wrong "what the host mounts still shows inside: the mounts are slaves of the host's" "them to be private" \
			"MS_SLAVE lets mounts in, and not out; MS_PRIVATE does neither" "findmnt -o TARGET,PROPAGATION inside"
	elif grep -q ' shared:' <<<"$mounts"; then
		wrong "some mounts inside are still shared" "all of them to be private" \
			"a mount is shared with new peers, or MS_REC is missing" "findmnt -o TARGET,PROPAGATION inside"
	fi
}

check_2_3() {
	local line type options device flag missing=''
	make_rootfs root
	start_stage root /bin/sleep 1000 || ended_early
	line=$(grep ' /proc ' "/proc/$COMMAND/mountinfo" | tail -n 1)
	if [[ -z $line ]]; then
		line=$(grep ' - proc ' "/proc/$COMMAND/mountinfo" | cut -d' ' -f5 | tail -n 1)
		[[ -z $line ]] || wrong "a procfs is mounted on $line inside, and nothing on /proc" "it on /proc" \
			"the second argument of mount(2) says where, and counts from the new root" \
			"cat /proc/PID/mountinfo"
		wrong "nothing is mounted on /proc inside" "a procfs" "task 2.3 is still to be done" \
			"grep ' /proc ' /proc/PID/mountinfo"
	fi
	type=${line#* - } type=${type%% *}
	device=$(cut -d' ' -f3 <<<"$line") options=$(cut -d' ' -f6 <<<"$line")
	[[ $device != "$(awk '$5 == "/proc" { print $3 }' /proc/self/mountinfo | tail -n 1)" ]] ||
		wrong "/proc inside is the host's procfs" "a new one" "a bind mount shows the old one in a second place" \
			"grep ' /proc ' /proc/PID/mountinfo"
	[[ $type == proc ]] || wrong "on /proc inside is a $type" "a procfs" \
		"the third argument of mount(2), the type, is another; or it is a bind mount of the empty directory" \
		"grep ' /proc ' /proc/PID/mountinfo"
	for flag in nosuid nodev noexec; do
		[[ ,$options, == *,$flag,* ]] || missing+=" $flag"
	done
	[[ -z $missing ]] || wrong "/proc is mounted without:$missing" "nosuid, nodev and noexec" \
		"MS_NOSUID, MS_NODEV and MS_NOEXEC are flags of mount(2), its fourth argument" \
		"grep ' /proc ' /proc/PID/mountinfo"
	[[ ,$options, != *,ro,* ]] || wrong "/proc is read-only" "programs to be able to write there" \
		"MS_RDONLY is too much: a process may change what is its own, like /proc/self/oom_score_adj" \
		"grep ' /proc ' /proc/PID/mountinfo"
	run_stage root /bin/sh -c 'echo /proc/[0-9]*'
	[[ $OUTPUT == "/proc/1 /proc/2" ]] || wrong "inside, these processes show: $OUTPUT" "/proc/1 and /proc/2" \
		"the procfs shows the PID namespace of the process that mounted it" "stage ROOTFS ps"
}

check_2_4() {
	make_rootfs root
	run_stage root /bin/sh -c 'exit 37'
	if [[ $STATUS -ne 37 ]]; then
		[[ $OUTPUT != *map:* ]] || wrong "without --user the program says: $OUTPUT" "the command to run" \
			"the maps are written though there is no new user namespace: the host's cannot be changed" \
			"stage ROOTFS true"
		wrong "without --user, \"exit 37\" gave status $STATUS: $OUTPUT" "37" \
			"the child is not let go, or given up" "stage ROOTFS sh -c 'exit 37'; echo \$?"
	fi
	# Which of the two is faster is chance; in which order the parent does them is not.
	strace -f -e trace=openat,sendmsg -o trace /lab/bin/stage --user root /bin/true &>/dev/null
	[[ $(grep -oE 'uid_map"|iov_base="g"' trace) != iov_base*uid_map* ]] ||
		wrong "with --user the child is let go before its maps are there" "the maps first" \
			"spawn_release() comes before userns_map_caller(): what the child does without a map is chance" \
			"strace -f -e trace=openat,sendmsg stage --user ROOTFS true"
	run_stage --user root /bin/id -u
	if [[ $OUTPUT != 0 ]]; then
		[[ $OUTPUT != *setres* ]] || wrong "with --user the child could not become root: $OUTPUT" \
			"its maps to be there by then" "no maps are written yet: task 2.4 is still to be done" \
			"stage --user --explain ROOTFS id"
		wrong "with --user, id says: $OUTPUT" "0" "the child is not let go, or has no maps" "stage --user ROOTFS id"
	fi
	# Where the maps cannot be written, it has to end there.
	STATUS=0
	OUTPUT=$(timeout 20 unshare --mount bash -c '
		mount -o remount,bind,ro /proc && exec /lab/bin/stage --user root /bin/true' 2>&1) || STATUS=$?
	[[ $OUTPUT == *map:*"Read-only file system"* ]] ||
		wrong "the maps could not be written (/proc was read-only), and the program went on: ${OUTPUT:-(it said nothing)}" \
			"it to give the child up and say what failed" "the result of userns_map_caller() is not looked at" \
			"mount -o remount,bind,ro /proc; stage --user ROOTFS true"
}

check_2_5() {
	make_rootfs root
	# shellcheck disable=SC2034 # run_stage and start_stage use it
	AS=("${SOMEBODY[@]}")
	if ! start_stage --user root /bin/sleep 1000; then
		[[ $OUTPUT != *setgroups* ]] || wrong "as a plain user: $OUTPUT" "the maps of the child to be written" \
			"the files of another process are opened: it is the child, @pid, that has the new namespace" \
			"stage --user --explain ROOTFS id, as a plain user"
		[[ $OUTPUT != *"gid_map"*"Operation not permitted"* ]] || wrong "as a plain user: $OUTPUT" \
			"the kernel to take the gid_map" \
			"before it takes a gid_map from a plain user, the kernel wants \"deny\" in /proc/PID/setgroups (user_namespaces(7))" \
			"stage --user --explain ROOTFS id, as a plain user"
		[[ $OUTPUT != *"uid_map"*"Operation not permitted"* ]] || wrong "as a plain user: $OUTPUT" \
			"the kernel to take the uid_map" "a plain user may map their own id and no other: $SOMEBODY_UID it is here, not the group's" \
			"id; stage --user --explain ROOTFS id"
		[[ $OUTPUT != *setres* ]] || wrong "as a plain user, the child could not become root: $OUTPUT" \
			"both maps to be there" "one of the two maps is not written: an id that is not mapped cannot be taken" \
			"cat /proc/PID/uid_map /proc/PID/gid_map"
		ended_early
	fi
	local uids gids groups
	uids=$(xargs <"/proc/$COMMAND/uid_map") gids=$(xargs <"/proc/$COMMAND/gid_map")
	groups=$(cat "/proc/$COMMAND/setgroups")
	[[ $uids == "0 $SOMEBODY_UID 1" && $gids == "0 $SOMEBODY_GID 1" ]] || wrong "uid_map is \"$uids\", gid_map is \"$gids\"" \
		"\"0 $SOMEBODY_UID 1\" and \"0 $SOMEBODY_GID 1\"" "the maps are not those that were given" "cat /proc/PID/uid_map /proc/PID/gid_map"
	[[ $groups == deny ]] || wrong "setgroups is $groups" "deny" \
		"a user could drop a group, and with it a prohibition" "cat /proc/PID/setgroups"
}

zombies_of() {
	ps -o stat= --ppid "$1" | awk '/^Z/' | wc -l
}

no_zombies() {
	[[ $(zombies_of "$1") -eq 0 ]]
}

check_2_6() {
	local init
	make_rootfs root
	run_stage root /bin/sh -c 'exit 37'
	[[ $STATUS -eq 37 ]] || wrong "\"exit 37\" inside gave status $STATUS" "37" \
		"@status is not set, or not from the process that is waited for" "stage ROOTFS sh -c 'exit 37'; echo \$?"
	# Three orphans, whose deaths PID 1 learns of by one signal: it is asleep meanwhile.
	start_stage root /bin/sh -c '(/bin/sleep 2000 & /bin/sleep 2000 & /bin/sleep 2000 &) ; exec /bin/sleep 1000' ||
		ended_early
	init=$(parent "$COMMAND")
	in_the_end three_orphans "$init" || wrong "orphans did not become children of PID 1" "them to" \
		"is the init there at all? see task 2.1" "ps --forest"
	kill -STOP "$init"
	pkill -KILL -P "$init" -f '^/bin/sleep 2000'
	in_the_end three_zombies "$init"
	kill -CONT "$init"
	in_the_end no_zombies "$init"
	runs "$COMMAND" || wrong "an orphan ended, and the whole container with it" "the command to run on" \
		"true is returned for any process; it is for @child only" "stage ROOTFS sh -c '(sleep 1 &); sleep 60'"
	case $(zombies_of "$init") in
	0) ;;
	3) wrong "three orphans have ended, and are zombies still" "PID 1 to take leave of them" \
		"only @child is waited for; with @orphans, waitpid(2) takes -1 for any child" "ps, inside: [sleep] with state Z" ;;
	*) wrong "of three orphans that ended at once, $(zombies_of "$init") are zombies still" "none" \
		"signals do not queue: one SIGCHLD can mean many deaths, so ask until nobody is left" "ps inside" ;;
	esac
	kill -TERM "$STAGE"
	in_the_end ended "$COMMAND" || wrong "a signal to the program did not reach the command any more" "it to be passed on" \
		"waitpid(2) without WNOHANG waits until some child ends, and nothing else happens meanwhile" \
		"stage ROOTFS sleep 60, and kill it from another terminal"
}

three_orphans() {
	[[ $(pgrep -c -P "$1" -f '^/bin/sleep 2000') -eq 3 ]]
}

three_zombies() {
	[[ $(zombies_of "$1") -eq 3 ]]
}

ended() {
	! runs "$1"
}
