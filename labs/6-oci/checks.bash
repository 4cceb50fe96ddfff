#!/bin/bash
# Lab 6: what the kernel shows of a process that a config.json describes; and what is refused.

# Without the mount namespace that the config asks for, a container is built of the mounts of whoever runs the program.
# So that is in one of its own, and the checks go on.
AS=(unshare --mount)

# check_bundle DIR: what is wrong with its config, as the program says. Sets STATUS and OUTPUT.
check_bundle() {
	run_stage check "$1"
	no_crash
}

# A signal in place of a status: 128 and its number.
no_crash() {
	[[ $STATUS -ne 139 ]] || why_it_crashed
}

# why_it_crashed: what a NULL pointer may come from; a check has better reasons.
why_it_crashed() {
	wrong "the program read or wrote where there is nothing (SIGSEGV)" "it to run on" \
		"a pointer is NULL, or is none; gdb shows where" "stage check BUNDLE, in gdb"
}

# A bundle that should run: why it did not.
did_not_run() {
	no_crash
	ended_early
}

# status_line NAME: the values of that line in /proc/COMMAND/status.
status_line() {
	awk -v name="$1:" '$1 == name { $1 = ""; print substr($0, 2) }' "/proc/$COMMAND/status"
}

# --- 6.1 --------------------------------------------------------------------------------------

# limit_of_files: the soft and hard RLIMIT_FSIZE of COMMAND.
limit_of_files() {
	awk '/^Max file size/ { print $4, $5 }' "/proc/$COMMAND/limits"
}

# accepted TEXT PROPERTY: whether the config of ./refuse, with the members TEXT in "process", gets no complaint about it.
accepted() {
	PROCESS=$1 make_bundle refuse
	check_bundle refuse
	[[ $OUTPUT != *"$2"* ]]
}

check_6_1() {
	local soft below
	soft=$(number 100000 999999) below=$(number 2 99)
	PROCESS="\"rlimits\": [{\"type\": \"RLIMIT_FSIZE\", \"soft\": $soft, \"hard\": 18446744073709551615}]," make_bundle b
	if ! start_stage run b; then
		[[ $OUTPUT != *18446744073709551615* ]] || wrong "the largest number that fits is refused: $OUTPUT" \
			"it to be taken" "a bound belongs to what is allowed: compare by > and <, not by >= and <=" "stage check BUNDLE"
		did_not_run
	fi
	case $(limit_of_files) in
	"$soft unlimited") ;;
	"$soft 9223372036854775807") wrong "18446744073709551615 became 9223372036854775807, which is a limit" \
		"\"unlimited\"" "json_object_get_int64() stops at INT64_MAX; what is above is in json_object_get_uint64()" \
		"grep 'file size' /proc/PID/limits" ;;
	*) wrong "RLIMIT_FSIZE is $(limit_of_files)" "$soft unlimited" "what is passed to store_number()?" \
		"grep 'file size' /proc/PID/limits" ;;
	esac

	# -1 is a number like others where there are negative ones: no limit.
	LINUX='"resources": {"memory": {"limit": -1}},' make_bundle refuse
	check_bundle refuse
	[[ $STATUS -eq 0 ]] || wrong "memory.limit: -1 is refused: $OUTPUT" "it to be taken: it means no limit" \
		"as a uint64_t, -1 is larger than all others; a negative number has to be compared with low alone" "stage check BUNDLE"

	# A bound of the type: no number of 64 bits is negative that has no sign.
	if accepted "\"rlimits\": [{\"type\": \"RLIMIT_FSIZE\", \"soft\": -$below, \"hard\": 18446744073709551615}]," rlimits; then
		[[ $OUTPUT != *"task 6.1"* && $OUTPUT == *"no errors"* ]] || wrong "soft: -$below is refused so: $OUTPUT" \
			"\"process.rlimits[0].soft: ...\"" "complain() with the @place that was passed puts the path in front" \
			"stage check BUNDLE"
		stop_all
		start_stage run refuse || did_not_run
		[[ $(limit_of_files) != 0\ * ]] || wrong "\"soft\": -$below was taken for 0" "it to be refused" \
			"json_object_get_uint64() gives 0 for what is below 0; look at the other one first" "stage check BUNDLE"
		wrong "\"soft\": -$below became $(limit_of_files | cut -d' ' -f1)" "it to be refused" \
			"a negative number is not compared with the lowest of its type" "stage check BUNDLE"
	fi
	[[ $OUTPUT == *"process.rlimits[0].soft: "* ]] || wrong "soft: -$below is refused so: $OUTPUT" \
		"\"process.rlimits[0].soft: ...\"" "complain() with the @place that was passed puts the path in front" "stage check BUNDLE"

	LINUX='"devices": [{"path": "/dev/x", "type": "p", "uid": 4294967296}],' make_bundle refuse
	check_bundle refuse
	[[ $OUTPUT == *"linux.devices[0].uid: "* ]] || wrong "a uid of 4294967296 is taken; of its 32 bits, 0 is left: root" \
		"it to be refused" "the number is not compared with the highest of its type" "stage check BUNDLE"

	# Bounds of the row. (This stage refuses every oomScoreAdj, but one that is out of its bounds for that.)
	out_of_bounds "100$below" || wrong "oomScoreAdj: 100$below is not found to be out of its bounds: ${OUTPUT:-(nothing was said)}" \
		"a complaint: it goes from -1000 to 1000" "the row has bounds of its own, low and high, if its high is not 0" \
		"stage check BUNDLE"
	out_of_bounds "-100$below" || wrong "oomScoreAdj: -100$below is not found to be out of its bounds: ${OUTPUT:-(nothing was said)}" \
		"a complaint: it goes from -1000 to 1000" "low of the row is not looked at" "stage check BUNDLE"
	! out_of_bounds -1000 || wrong "oomScoreAdj: -1000 is refused: $OUTPUT" "it to be in its bounds" \
		"a bound belongs to what is allowed" "stage check BUNDLE"
}

# out_of_bounds NUMBER: whether that is what the program says of this oomScoreAdj.
out_of_bounds() {
	! accepted "\"oomScoreAdj\": $1," "process.oomScoreAdj: " && [[ $OUTPUT != *"does not do it yet"* ]]
}

# --- 6.2 --------------------------------------------------------------------------------------

# What the program says of a row that does not suit its property.
why_not_decoded() {
	case $OUTPUT in
	*"additionalGids: expected an integer"*) wrong "the program says: $OUTPUT" "a list of numbers to be taken" \
		"the row is for one number; the flag LIST makes it one for many" "stage check BUNDLE" ;;
	*"user."*": missing"*) wrong "a config without it is refused: $OUTPUT" "it to be taken" \
		"of the four only uid and gid may be called REQUIRED" "stage check BUNDLE" ;;
	*"user.uid: "*) wrong "a uid of 4000000000 is refused: $OUTPUT" "it to be taken" \
		"ids have 32 bits and no sign: UINT32" "stage check BUNDLE" ;;
	esac
}

# ids_inside: how many users the guard has.
ids_inside() {
	awk '{ ids += $3 } END { print ids }' /proc/self/uid_map
}

check_6_2() {
	local uid gid first second groups
	[[ $(ids_inside) -ge 40000 ]] || wrong "there is nobody here but root: the guard has $(ids_inside) id" \
		"a range of ids, to run the command as somebody" \
		"this machine gives you none, which is no mistake of yours; root needs none" "labs/lab doctor"
	uid=$(number 1000 9999) gid=$(number 10000 19999) first=$(number 20000 29999) second=$(number 30000 39999)
	PROCESS='"user": {"uid": 4000000000, "gid": 0},' make_bundle large
	check_bundle large
	why_not_decoded
	PROCESS="\"user\": {\"uid\": $uid, \"gid\": $gid, \"umask\": 63, \"additionalGids\": [$first, $second]}," make_bundle b
	start_stage run b || {
		[[ $STATUS -ne 139 ]] || wrong "with a umask in the config, the program read where there is nothing (SIGSEGV)" \
			"the umask to be 077" \
			"the member umask is a pointer, since 0 means something else than nothing: the flag OPTIONAL makes it one" \
			"stage run BUNDLE"
		why_not_decoded
		ended_early
	}
	case "$(status_line Uid | cut -d' ' -f1) $(status_line Gid | cut -d' ' -f1)" in
	"$uid $gid") ;;
	"0 0") wrong "the config says uid $uid, gid $gid; the command runs as 0 and 0, and nobody complained" "$uid and $gid" \
		"a property that no row knows is passed over: task 6.2 is still to be done" "grep -E 'Uid|Gid' /proc/PID/status" ;;
	"$gid 0" | "$gid $gid") wrong "the command runs with the uid $gid, which is the gid of the config" "$uid" \
		"two rows store into the same member: AT(user, uid)" "grep -E 'Uid|Gid' /proc/PID/status" ;;
	"$gid $uid") wrong "uid and gid have changed places" "uid $uid, gid $gid" "AT() names the member of the other row" \
		"grep -E 'Uid|Gid' /proc/PID/status" ;;
	*) wrong "the command runs with uid and gid: $(status_line Uid | cut -d' ' -f1) $(status_line Gid | cut -d' ' -f1)" \
		"$uid $gid" "is every property in a row of its own, by its name in config.md?" "grep -E 'Uid|Gid' /proc/PID/status" ;;
	esac
	[[ $(status_line Umask) == 0077 ]] || wrong "umask: 63 in the config; the command's is $(status_line Umask)" \
		"0077, the same in octal" "there is no row by the name \"umask\"" "grep Umask /proc/PID/status"
	groups=$(status_line Groups | xargs)
	[[ $groups == "$first $second" ]] || wrong "the config has two additional groups; the command has: ${groups:-(none)}" \
		"$first $second" "a name is taken to the letter: additionalGids; any other is passed over in silence" \
		"grep Groups /proc/PID/status"
	PROCESS='"user": {"uid": 0, "gid": 0, "umask": 512},' make_bundle large
	check_bundle large
	[[ $OUTPUT == *"process.user.umask: "* ]] || wrong "a umask of 512, which is 01000 in octal, is taken" "it to be refused" \
		"its row has no bounds: .high = 0777" "stage check BUNDLE"
}

# --- 6.3 --------------------------------------------------------------------------------------

# complaints_about NAMESPACES: the properties that the program complains about, of a bundle with these.
complaints_about() {
	NAMESPACES=$1 make_bundle refuse
	run_stage check refuse
	[[ $STATUS -ne 139 ]] || wrong "of a namespace with a type that there is not, the program died (SIGSEGV)" \
		"it to say that there is no such type, and no more" \
		"what the decoder could not take is NULL: look at namespace->type before namespace->type->value" \
		"stage check BUNDLE"
	grep -o 'linux\.namespaces[^:]*' <<<"$OUTPUT" | paste -sd' '
}

check_6_3() {
	local type name told
	type=$(printf 'uts\nipc\nnetwork\n' | sed -n "$(number 1 3)p") name=$(word)
	told=$(complaints_about "{\"type\": \"mount\"}, {\"type\": \"$type\"}, {\"type\": \"pid\"}") || exit 1
	[[ -z $told ]] || wrong "namespaces mount, $type, pid: the program complains about $told" "nothing to be wrong" \
		"two types are the same if they have a bit in common: @seen & value" "stage check BUNDLE"

	told=$(complaints_about "{\"type\": \"mount\"}, {\"type\": \"$type\"}, {\"type\": \"$type\"}") || exit 1
	[[ $told != *"[3]"* ]] || wrong "it is the third that stands there twice, and the program names $told" \
		"linux.namespaces[2].type" "lists are counted from 0" "stage check BUNDLE"
	[[ -z $told || $told == *"[2]"* ]] || wrong "it is the third that stands there twice, and the program names $told" \
		"linux.namespaces[2].type" "the first of the two is right; the one behind it is too many" "stage check BUNDLE"
	if [[ -z $told ]]; then
		told=$(complaints_about "{\"type\": \"mount\"}, {\"type\": \"$type\", \"path\": \"$name\"}") || exit 1
		[[ $told ]] || wrong "two namespaces of type $type, or a relative path, and no complaint" \
			"linux.namespaces[2].type, or [1].path" "nothing is looked at: task 6.3 is still to be done" "stage check BUNDLE"
		wrong "two namespaces of type $type, and no complaint" "linux.namespaces[2].type" \
			"a type that was there has to be remembered: @seen |= value" "stage check BUNDLE"
	fi
	told=$(complaints_about "{\"type\": \"$type\"}, {\"type\": \"mount\"}, {\"type\": \"$type\"}") || exit 1
	[[ $told == *"[2].type"* ]] || wrong "two namespaces of type $type with another between them, and no complaint" \
		"linux.namespaces[2].type" "each is compared with its neighbour alone" "stage check BUNDLE"
	told=$(complaints_about "{\"type\": \"mount\"}, {\"type\": \"$type\"},
		{\"type\": \"$type\", \"path\": \"/$name\"}") || exit 1
	[[ $told == *"[2].type"* ]] || wrong "a new namespace of type $type and one by a path, and no complaint" \
		"linux.namespaces[2].type: the process can be in one only" "those with a path are left out of the comparison" \
		"stage check BUNDLE"

	told=$(complaints_about "{\"type\": \"mount\"}, {\"type\": \"$type\", \"path\": \"$name\"}") || exit 1
	[[ $told == *"[1].path"* ]] || wrong "a path \"$name\" of a namespace, and no complaint" "linux.namespaces[1].path" \
		"paths are not looked at" "stage check BUNDLE"
	told=$(complaints_about "{\"type\": \"mount\"}, {\"type\": \"$type\", \"path\": \"run/$name\"}") || exit 1
	[[ $told == *"[1].path"* ]] || wrong "a path \"run/$name\" of a namespace, and no complaint" "linux.namespaces[1].path" \
		"an absolute path begins with a slash; to have one in it is not enough" "stage check BUNDLE"

	complaints_about "{\"type\": \"mount\"}, {\"type\": \"$name\"}"
	told=$(complaints_about "{\"type\": \"mount\"}, {\"type\": \"$type\", \"path\": \"run/$name\"},
		{\"type\": \"mount\"}") || exit 1
	[[ $told == *"[1].path"*"[2].type"* || $told == *"[2].type"*"[1].path"* ]] || wrong "of two mistakes, one is told: $told" \
		"linux.namespaces[1].path and linux.namespaces[2].type" "the function returns at the first one; it shall go on" \
		"stage check BUNDLE"
}

# --- 6.4 --------------------------------------------------------------------------------------

# namespace_of PID TYPE
namespace_of() {
	readlink "/proc/$1/ns/$2"
}

# same TYPE PID PID: whether both are in the same namespace.
same() {
	[[ $(namespace_of "$2" "$1") == "$(namespace_of "$3" "$1")" ]]
}

apart() {
	! same "$@"
}

# Another container, as it were: somebody with namespaces to join. Sets OTHER.
start_other() {
	unshare --uts --ipc /bin/busybox sleep 2000 3>&- &
	OTHER=$!
	STARTED+=("$OTHER")
	in_the_end apart ipc "$OTHER" $$
}

# What the program asked the kernel for, on the way to a command that ends at once.
calls_of() {
	strace -f -e trace="$1" "${AS[@]}" /lab/bin/stage run quick 2>&1
}

why_not_joined() {
	NAMESPACES=$namespaces make_bundle quick /bin/true
	[[ $OUTPUT != *"Bad file descriptor"* ]] || {
		[[ $(calls_of openat,open) != *ns/uts*O_PATH* ]] ||
			wrong "setns(2) says: $OUTPUT" "the namespace to be entered" \
				"a descriptor that was opened with O_PATH is good for paths only; open it with O_RDONLY" \
				"strace -f -e openat,setns stage run BUNDLE"
		wrong "setns(2) says: $OUTPUT" "the namespace to be entered" "what is passed to add() is no open file" \
			"strace -f -e openat,setns stage run BUNDLE"
	}
	did_not_run
}

check_6_4() {
	local namespaces type
	start_other || wrong "unshare(1) made no namespaces" "it to" "this machine does not let it" "labs/lab doctor"
	namespaces="{\"type\": \"uts\", \"path\": \"/proc/$OTHER/ns/uts\"}, {\"type\": \"mount\"},
		{\"type\": \"ipc\", \"path\": \"/proc/$OTHER/ns/ipc\"}, {\"type\": \"pid\"}"
	NAMESPACES=$namespaces make_bundle b
	start_stage run b || why_not_joined
	apart uts "$STAGE" "$OTHER" || wrong "the program itself is in the namespace that the container shall join" \
		"the container alone" "setns(2) was called at once; here it is only opened, and enter() does the rest" \
		"ls -l /proc/PID/ns/uts, of the program"
	for type in mnt pid; do
		apart "$type" "$COMMAND" "$STAGE" && continue
		if same ipc "$COMMAND" "$OTHER"; then
			wrong "namespaces without a path are listed; $type is the host's" "a new one" \
				"those without a path are not added to joins->made" "ls -l /proc/PID/ns"
		fi
		wrong "only the first namespace of the list is as the config says; $type is the host's" "a new one" \
			"the list is not gone through to its end" "ls -l /proc/PID/ns"
	done
	for type in uts ipc; do
		same "$type" "$COMMAND" "$OTHER" && continue
		NAMESPACES=$namespaces make_bundle quick /bin/true
		[[ $(calls_of setns) != *setns\(* ]] || wrong "the $type namespace was entered, but the command is in another one" \
			"it in that of the path" "a type with a path is in joins->made, too: it is entered, and then made anew" \
			"ls -l /proc/PID/ns; strace -f -e setns,clone3 stage run BUNDLE"
		apart "$type" "$COMMAND" $$ || wrong "the command is in the host's $type namespace" "in that of the path" \
			"it was neither made nor joined" "ls -l /proc/PID/ns"
		wrong "the command is in a $type namespace of its own; the config names another one's" "in that of the path" \
			"a path is not looked at: task 6.4 is still to be done" "ls -l /proc/PID/ns"
	done

	NAMESPACES="{\"type\": \"mount\"}, {\"type\": \"uts\", \"path\": \"/nowhere/$(word)\"}" make_bundle nowhere /bin/true
	run_stage run nowhere
	[[ $STATUS -ne 0 ]] || wrong "the path of a namespace is not there, and the command ran" "an error, and no command" \
		"a path that cannot be opened is left out; a container has what the config asks for, or does not start" \
		"stage run BUNDLE"
	[[ $OUTPUT == *"/nowhere/"*"No such file or directory"* ]] || wrong "the path of a namespace is not there: $OUTPUT" \
		"its path, and \"No such file or directory\"" "the result of open(2) is not looked at, or step() is missing" \
		"strace -f -e openat,setns stage run BUNDLE"
	NAMESPACES="{\"type\": \"mount\"}, {\"type\": \"ipc\", \"path\": \"/proc/$OTHER/ns/uts\"}" make_bundle other /bin/true
	run_stage run other
	[[ $STATUS -ne 0 ]] || wrong "the config says type ipc, the path is that of a UTS namespace, and it was entered" \
		"an error" "setns(2) was not told the type; with 0 it takes any" "strace -f -e setns stage run BUNDLE"
	NAMESPACES='{"type": "mount"}, {"type": "pid"}, {"type": "cgroup"}' make_bundle quick /bin/true
	[[ $(calls_of clone3) != *CLONE_NEWCGROUP* ]] || wrong "a cgroup namespace is listed, and clone3(2) is to make it" \
		"the child to make it, once it is in its cgroup" "@by_child is not left out of joins->made" \
		"strace -f -e clone3,unshare stage run BUNDLE"
}

# --- 6.5 --------------------------------------------------------------------------------------

# mount_at PLACE: the source of what is mounted there, in COMMAND's namespace.
mount_at() {
	awk -v place="$1" '$5 == place { for (i = 7; $i != "-"; i++); print $(i + 2) }' "/proc/$COMMAND/mountinfo" | tail -n 1
}

# The rootfs is a trap: "link" in it leads to ./outside of the host, by an absolute path; inside, the same path is a
# directory of the rootfs.
check_6_5() {
	local name new proc
	name=$(word) new=$(word)
	mkdir -p outside/deep
	MORE="\"mounts\": [{\"destination\": \"/$new/deep\", \"type\": \"tmpfs\", \"source\": \"$name\"}]," make_bundle plain
	start_stage run plain || {
		[[ $OUTPUT != *"No such file"* ]] || wrong "the destination /$new/deep is missing in the rootfs: $OUTPUT" \
			"it to be made" "mount_place() makes what is missing; an open alone does not" "stage run BUNDLE"
		did_not_run
	}
	[[ $(mount_at "/$new/deep") == "$name" ]] || wrong "nothing is mounted at /$new/deep inside" "a tmpfs" \
		"the descriptor is another place's" "cat /proc/PID/mountinfo"

	stop_all
	MORE="\"mounts\": [{\"destination\": \"/link/deep\", \"type\": \"tmpfs\", \"source\": \"$name\"}]," make_bundle b
	mkdir -p "b/rootfs$PWD/outside"
	ln -s "$PWD/outside" b/rootfs/link
	start_stage run b || {
		[[ $OUTPUT != *"symbolic links"* && $OUTPUT != *"there is a link"* ]] ||
			wrong "a link that stays in the rootfs is refused: $OUTPUT" "it to be followed: many a /var/run is one" \
				"inside_open_plain() is for what shows_the_kernel() only" "stage run BUNDLE"
		did_not_run
	}
	[[ $(mount_at "$PWD/outside/deep") == "$name" ]] || escaped

	# The kernel's own must be where its path says: what hides parts of it comes later, by the same path.
	stop_all
	proc="\"mounts\": [{\"destination\": \"/some/proc\", \"type\": \"proc\", \"source\": \"$name\"}],"
	MORE=$proc NAMESPACES='{"type": "mount"}, {"type": "pid"}' make_bundle proc
	start_stage run proc || {
		[[ $OUTPUT != *"No such file"* ]] || wrong "the place of a proc is missing in the rootfs: $OUTPUT" "it to be made" \
			"inside_open_plain() makes nothing: mount_place() has to come before it" "stage run BUNDLE"
		did_not_run
	}
	[[ $(mount_at /some/proc) == "$name" ]] || wrong "no proc is mounted at /some/proc inside" "one" \
		"the descriptor is another place's" "cat /proc/PID/mountinfo"
	MORE=$proc NAMESPACES='{"type": "mount"}, {"type": "pid"}' make_bundle behind /bin/true
	mkdir behind/rootfs/elsewhere
	ln -s elsewhere behind/rootfs/some
	run_stage run behind
	[[ $STATUS -ne 0 ]] || wrong "/some of the rootfs is a link, and the proc for /some/proc was mounted behind it" \
		"it to be refused" "what has a link in its path need not stay where it is: maskedPaths would miss it" \
		"stage run BUNDLE"
}

# The place was found by the host's rules.
escaped() {
	local probably="openat(2) follows a link by the caller's root; mount_place() by the container's (RESOLVE_IN_ROOT)"
	cp -a b quick
	sed -i 's|"/bin/sleep","1000"|"/bin/true"|' quick/config.json
	[[ $(calls_of openat) != *link/deep*O_NOFOLLOW* ]] ||
		probably="O_NOFOLLOW holds for the last part of a path; a link before it is followed, by the caller's root"
	wrong "in the rootfs, link leads to $PWD/outside; the mount for /link/deep is there, on the host" \
		"$PWD/outside/deep of the rootfs" "$probably" "strace -f -e openat,openat2,mkdirat stage run BUNDLE"
}

# --- 6.6 --------------------------------------------------------------------------------------

# seen_inside FILE: what /bin/cat shows of it, in the container of ./b, which runs; empty: nothing.
seen_inside() {
	nsenter -t "$COMMAND" -m -r /bin/busybox cat "$1" 2>&1
}

why_not_hidden() {
	case $OUTPUT in
	*move_mount*"Invalid argument"*)
		wrong "the kernel says: $OUTPUT" "both to be hidden, a file and a directory" \
			"a directory can be mounted on a directory only, and a file on a file: S_ISDIR(info.st_mode)" \
			"stage run BUNDLE"
		;;
	*"No such file or directory"*)
		wrong "the program says: $OUTPUT" "what is at @place to be hidden" \
			"a path was looked up on the host, where it means something else; @place and @info are there" \
			"strace -f stage run BUNDLE"
		;;
	esac
	did_not_run
}

check_6_6() {
	local secret masked mounts
	secret=$(word)
	masked="\"maskedPaths\": [\"/hidden-$secret\", \"/a-file-$secret\"],"
	LINUX=$masked make_bundle b
	mkdir "b/rootfs/hidden-$secret"
	echo "$secret" | tee "b/rootfs/hidden-$secret/file" >"b/rootfs/a-file-$secret"
	start_stage run b || why_not_hidden
	[[ $(seen_inside "/a-file-$secret") != *"$secret" ]] || wrong "the file that is to be hidden shows what is in it" \
		"nothing, as of /dev/null" "a mask covers; a read-only copy of the same does not" \
		"grep file /proc/PID/mountinfo; ls -l /proc/PID/root"
	[[ $(seen_inside "/hidden-$secret/file") != "$secret" ]] || wrong "the directory that is to be hidden shows what is in it" \
		"an empty directory" "nothing is mounted on it" "grep hidden /proc/PID/mountinfo"
	[[ $(awk -v place="/hidden-$secret" '$5 == place { print $6 }' "/proc/$COMMAND/mountinfo") == ro* ]] ||
		wrong "a directory is hidden behind a tmpfs that can be written to" "a read-only one" \
			"MOUNT_ATTR_RDONLY is missing in .set; with size=0k, which means without limit, it holds all memory" \
			"grep hidden /proc/PID/mountinfo"
	[[ $(stat -L -c %t:%T "/proc/$COMMAND/root/a-file-$secret") == 1:3 ]] ||
		wrong "a file is hidden behind something else than the null device" "the device 1:3" \
			"the source of the mount is the host's /dev/null" "ls -l /proc/PID/root"

	# A host whose /dev/null somebody has exchanged. Its other devices are bound, or they would be looked at first.
	stop_all
	echo "$secret" >not-null
	mounts='"mounts": [{"destination": "/dev", "source": "/dev", "options": ["rbind"]}],'
	MORE=$mounts LINUX=$masked make_bundle exchanged /bin/true
	touch "exchanged/rootfs/a-file-$secret"
	# shellcheck disable=SC2016 # it is for that shell
	AS=(unshare --mount sh -c 'mount --bind not-null /dev/null && exec "$@"' sh)
	run_stage run exchanged
	[[ $STATUS -ne 0 ]] || wrong "the host's /dev/null was a file, and the container ran with it as its mask" "an error" \
		"what was opened is not looked at: fstat(2) of the mount, S_ISCHR() and makedev(1, 3)" "stage run BUNDLE"
}
