#!/bin/bash
# Lab 3: which files a container has, and what is left of the host's.

# namespace_mounts PID: what is mounted in the whole mount namespace of that process, whatever its root is.
namespace_mounts() {
	local pid
	mkfifo "door-$1"
	nsenter -t "$1" -m /bin/busybox sh -c 'read nothing' <"door-$1" &
	pid=$!
	exec 9>"door-$1"
	in_the_end entered "$pid" "$1"
	cat "/proc/$pid/mountinfo"
	exec 9>&-
	wait "$pid"
}

entered() {
	[[ $(readlink "/proc/$1/ns/mnt") == "$(readlink "/proc/$2/ns/mnt")" && $(readlink "/proc/$1/exe") == *busybox ]]
}

# The several meanings of EINVAL: what was asked for shows in a trace.
why_not_pivoted() {
	local trace
	trace=$(strace -f -e trace=pivot_root,fchdir,chdir /lab/bin/stage root /bin/true 2>&1)
	[[ $trace == *fchdir* || $trace == *'chdir("root'* || $trace == *"chdir(\"$PWD"* ]] ||
		wrong "pivot_root said EINVAL: \".\" was $PWD, which is not the new root, and no mount point" \
			"\".\" to be the new root" "fchdir(2) into @root is missing before it" \
			"strace -f -e pivot_root,fchdir stage ROOTFS true"
	wrong "pivot_root said EINVAL" "it to succeed" \
		"the new root is no mount point, or mounts are shared (see task 2.2), or the place for the old root is not below the new" \
		"strace -f -e pivot_root,fchdir,mount stage ROOTFS true"
}

# What a mistake in any of the tasks leads to, since all of them are on the way to the command.
why_it_ended() {
	local trace
	case $OUTPUT in
	*pivot_root*"Invalid argument"*) why_not_pivoted ;;
	*pivot_root*"resource busy"*)
		wrong "pivot_root said EBUSY" "it to succeed" \
			"the first place is the new root, the second that for the old one; \"/\" is still the old root itself" \
			"strace -f -e pivot_root stage ROOTFS true"
		;;
	*pivot_root*"No such file"*)
		wrong "pivot_root said ENOENT" "it to succeed" \
			"the place for the old root has to be a directory that is there; \".\" is, for both" \
			"strace -f -e pivot_root stage ROOTFS true"
		;;
	*"resource busy"*)
		blame 3.2
		wrong "the old root is busy: $OUTPUT" "it to be let go of" \
			"it is in use as long as anybody is in it; MNT_DETACH takes it away at once, and cleans up later" \
			"stage --explain ROOTFS true"
		;;
	*umount*)
		blame 3.2
		wrong "the kernel says: $OUTPUT" "the old root, and all that is in it, to be unmounted" \
			"what is unmounted is not the old root; since pivot_root(\".\", \".\") it is what \".\" leads to" \
			"stage --explain ROOTFS true"
		;;
	*overlay:*)
		blame 3.4
		[[ $(cd root && echo * .[a-z]*) == 'bin dev etc proc root sys tmp .[a-z]*' ]] ||
			wrong "the kernel refuses the overlay; and ROOTFS has got a directory more: $(cd root && echo .[a-z]*)" \
				"ROOTFS to stay as it is" "the upper or the work directory is in ROOTFS, and not in the tmpfs" \
				"strace -f -e mkdirat,mount stage ROOTFS true"
		trace=$(strace -s 4096 -f -e trace=mount /lab/bin/stage root /bin/true 2>&1)
		[[ $trace == *workdir=* ]] || wrong "the kernel refuses the overlay: $OUTPUT" "upperdir= and workdir=" \
			"an upper directory needs a work directory beside it" "strace -f -e mount stage ROOTFS true"
		wrong "the kernel refuses the overlay: $OUTPUT" "it to be mounted" \
			"the work directory has to be on the filesystem of the upper one, and neither in the other" \
			"stage --explain ROOTFS true; dmesg"
		;;
	"")
		blame 3.5
		wrong "the program ended with status $STATUS, and said nothing" "the command to run" \
			"0, 1 and 2 are to stay open, and the files in @kept: one of them is the line to the parent" \
			"strace -f -e close_range stage ROOTFS true"
		;;
	esac
	ended_early
}

check_3_1() {
	make_rootfs root
	start_stage root /bin/sleep 1000 || why_it_ended
	[[ $(awk '$5 == "/" && / - overlay /{ print 1 }' "/proc/$COMMAND/mountinfo") == 1 ]] || {
		[[ $(strace -f -e trace=chroot /lab/bin/stage root /bin/true 2>&1) != *chroot\(* ]] ||
			wrong "the root mount of the command's namespace is not the overlay" "it to be" \
				"chroot(2) moves the root of the process; pivot_root(2) that of the mounts" "nsenter -t PID -m ls /"
		wrong "the root mount of the command's namespace is not the overlay" "it to be" \
			"pivot_root(2) has failed, and its result is not looked at" "strace -f -e pivot_root stage ROOTFS true"
	}
}

check_3_2() {
	local mounts
	make_rootfs root
	start_stage root /bin/sleep 1000 || why_it_ended
	mounts=$(namespace_mounts "$COMMAND")
	if grep -q ' /lab ' <<<"$mounts"; then
		[[ -e /proc/$COMMAND/root/proc/1 ]] || wrong "the host's mounts are still there, and /proc of the container is gone" \
			"the other way round" "the working directory is the new root already: a name in it is the container's own mount" \
			"nsenter -t PID -m ls /; ls /proc/PID/root/proc"
		run_stage --explain root /bin/true
		[[ $OUTPUT != *umount* ]] || wrong "the host's mounts are still in the namespace, though an unmount was tried" \
			"none of them" "it failed, and its result is not looked at" "strace -f -e umount2 stage ROOTFS true"
		wrong "all of the host's mounts are still in the namespace, below the new root" "none of them" \
			"the old root is still mounted: task 3.2 is still to be done" "nsenter -t PID -m ls /"
	fi
	run_stage root /bin/ls /
	[[ $OUTPUT == *bin* && $OUTPUT == *etc* ]] || wrong "inside, / shows: $OUTPUT" "the files of ROOTFS" \
		"the new root was unmounted, and not the old one" "stage ROOTFS ls /"
}

# read_inside PATH [FLAG...]: what the command cat shows.
read_inside() {
	local path=$1
	shift
	run_stage "$@" root /bin/cat "$path"
}

check_3_3() {
	local bottom middle top
	bottom=$(word) middle=$(word) top=$(word)
	make_rootfs root
	mkdir one two
	echo "$bottom" | tee root/in-all root/in-bottom >/dev/null
	echo "$middle" | tee one/in-all one/in-one >/dev/null
	echo "$top" | tee two/in-all two/in-two >/dev/null
	read_inside /in-bottom --layer one --layer two
	if [[ $OUTPUT != "$bottom" ]]; then
		[[ $OUTPUT != *overlay:* ]] || wrong "the kernel does not take the options: $OUTPUT" \
			"lowerdir=A:B:C" "the name comes once, before the first directory; \":\" stands between the others" \
			"stage --explain …; dmesg"
		wrong "a file of ROOTFS gave: $OUTPUT" "$bottom" \
			"the rootfs itself is one of the layers, the lowest, and it is missing" "stage --layer DIR ROOTFS ls /"
	fi
	read_inside /in-one --layer one --layer two
	[[ $OUTPUT == "$middle" ]] || {
		read_inside /in-two --layer one --layer two
		[[ $OUTPUT == "$top" ]] || wrong "no file of the layers is there" "them all" \
			"only the rootfs is added: task 3.3 is still to be done" "stage --layer DIR ROOTFS ls /"
		wrong "a file of the first layer is missing" "the files of all layers" "one of the layers is left out" \
			"stage --layer ONE --layer TWO ROOTFS ls /"
	}
	read_inside /in-all --layer one --layer two
	[[ $OUTPUT != "$bottom" ]] || wrong "a file that is in all layers gave that of the rootfs" "that of the last --layer" \
		"the rootfs comes first in lowerdir=; the kernel looks from the left" "grep overlay /proc/PID/mountinfo"
	[[ $OUTPUT != "$middle" ]] || wrong "a file that is in all layers gave that of the first --layer" \
		"that of the last, the topmost" "the layers are added in the order in which they were given; upwards means backwards" \
		"stage --layer ONE --layer TWO ROOTFS cat /FILE"
	[[ $OUTPUT == "$top" ]] || wrong "a file that is in all layers gave: $OUTPUT" "$top, of the last --layer" \
		"is the order right?" "stage --layer ONE --layer TWO ROOTFS cat /FILE"
}

check_3_4() {
	local mode=0711
	make_rootfs root
	chmod "$mode" root
	run_stage root /bin/sh -c 'echo new >/made && cat /made'
	if [[ $OUTPUT != new ]]; then
		[[ $OUTPUT != *"Read-only file system"* ]] || wrong "inside, nothing can be written: $OUTPUT" "it to be possible" \
			"without an upper directory an overlay is read-only: task 3.4 is still to be done" "grep overlay /proc/PID/mountinfo"
		[[ $OUTPUT != *overlay:* ]] || wrong "the kernel refuses the overlay: $OUTPUT" "it to be mounted" \
			"the work directory has to be an empty one of its own, on the filesystem of the upper one, and neither in the other" \
			"stage --explain …; dmesg"
		wrong "writing a file inside gave: $OUTPUT" "new" "is everything there, upper and work?" "stage --explain …"
	fi
	[[ ! -e root/made ]] || wrong "a file made inside is in ROOTFS" "the changes to vanish" \
		"the upper directory is ROOTFS itself" "ls ROOTFS"
	run_stage root /bin/stat -c %a /
	[[ $OUTPUT == "${mode#0}" ]] || wrong "inside, / has the mode $OUTPUT; ROOTFS has ${mode#0}" "the same" \
		"the upper directory lies above, and its owner and mode show: copy_owner_and_mode()" "stage ROOTFS ls -ld /"
	run_stage root /bin/rm /etc/passwd-not-there
	echo keep >root/etc/kept
	run_stage root /bin/sh -c 'rm /etc/kept; ls /etc'
	[[ -e root/etc/kept && $OUTPUT != *kept* ]] || wrong "a file that was removed inside: $OUTPUT, and outside $(ls root/etc)" \
		"it to be gone inside, and there outside" "a whiteout hides it; is the upper directory in the tmpfs?" "ls ROOTFS/etc"
	run_stage root /bin/ls /
	[[ $OUTPUT != *work* ]] || wrong "inside, / has: $OUTPUT" "no directory \"work\"" \
		"the tmpfs itself is the upper directory, and the work directory lies in it" "stage ROOTFS ls /"
}

check_3_5() {
	local secret kept
	secret=$(word)
	make_rootfs root
	mkdir "$secret"
	start_stage root /bin/sleep 1000 3<"$secret" 4<"$secret" 5<"$secret" 6<"$secret" 7<"$secret" 12<"$secret" ||
		why_it_ended
	kept=$(find "/proc/$COMMAND/fd" -lname "*$secret" -printf '%f\n' | sort -n | paste -sd' ')
	case $kept in
	'') ;;
	'4 5 6 7 12') wrong "the command has open, as 4 to 7 and 12, a directory of the host's" "none of them" \
		"nothing is closed: task 3.5 is still to be done" "ls -l /proc/PID/fd" ;;
	12) wrong "the command has open, as 12, a directory of the host's; lower numbers are closed" "none" \
		"what is above the last of @kept is forgotten; UINT_MAX is the end" "ls -l /proc/PID/fd" ;;
	*) wrong "the command has open, as $kept, a directory of the host's" "none" \
		"what is below the kept file is forgotten; the first to close is 3" "ls -l /proc/PID/fd" ;;
	esac
	kept=$(find "/proc/$(parent "$COMMAND")/fd" -lname "*$secret" -printf '%f\n' | sort -n | paste -sd' ')
	[[ -z $kept ]] || wrong "the command has no file of the host's open, but PID 1 inside has: $kept" "neither" \
		"CLOSE_RANGE_CLOEXEC closes at an execve(2), and PID 1 never calls one; /proc/1/fd is a way out" \
		"ls -l /proc/PID/fd of the container's init"
	run_stage root /bin/sh -c 'cat; echo out; echo err >&2'
	[[ $OUTPUT == *out* && $OUTPUT == *err* ]] || wrong "the command wrote \"out\" and \"err\", and this arrived: $OUTPUT" "both" \
		"0, 1 and 2 are to stay open" "stage ROOTFS sh -c 'echo out; echo err >&2'"
}
