#!/bin/bash
# Lab 1: what the kernel shows of a process in its root directory.

check_1_1() {
	local mark root cwd
	mark=$(word)
	make_rootfs root
	touch "root/$mark"
	if ! start_stage root /bin/sleep 1000; then
		[[ $STATUS -ne 127 ]] || wrong "inside, /bin/sleep is not found, though root/bin/sleep is there" \
			"the root to be $PWD/root" \
			"a relative path is looked up again after chdir(2): it means root/root then" \
			"stage --explain root /bin/true; ls root/root"
		ended_early
	fi
	root=$(readlink "/proc/$COMMAND/root")
	cwd=$(readlink "/proc/$COMMAND/cwd")
	if [[ $root == / ]]; then
		wrong "the command's root directory is that of the host, /" "it to be $PWD/root" \
			"chroot(2) is not called, or its failure is passed over" "ls -l /proc/PID/root"
	elif [[ $root != "$PWD/root" ]]; then
		wrong "the command's root directory is $root" "it to be $PWD/root" \
			"chroot(2) was called with another directory than @root" "ls -l /proc/PID/root"
	elif [[ $cwd != "$PWD/root" ]]; then
		wrong "the command's working directory is $cwd, outside its root" "it to be $PWD/root" \
			"chroot(2) leaves the working directory where it is; chdir(2) is missing, or comes too late with a path from before" \
			"ls -l /proc/PID/cwd; then, inside, ls .. shows the host"
	fi
	run_stage "nowhere-$mark" /bin/true
	[[ $STATUS -ne 0 ]] || wrong "a rootfs that does not exist, and the command ran" "an error, and no command" \
		"the result of chdir(2) or chroot(2) is not looked at" "stage /nowhere /bin/true; echo \$?"
	[[ $OUTPUT != *execve* ]] || wrong "for a rootfs that does not exist the program went on to the command: $OUTPUT" \
		"it to stop at the first call that fails" "the result of chdir(2) or chroot(2) is not looked at" \
		"strace stage /nowhere /bin/true"
	[[ $OUTPUT == *"nowhere-$mark"*"No such file or directory"* ]] ||
		wrong "for a rootfs that does not exist the program said: $OUTPUT" \
			"its name, and what the kernel said of it" \
			"step() is missing before the call, or fail_errno() after it" "stage /nowhere /bin/true"
}

check_1_2() {
	local secret value
	secret=$(word) value=$(word)
	make_rootfs root
	SECRET=$secret run_stage --env "GIVEN=$value" root /bin/env
	if [[ $OUTPUT == *"SECRET=$secret"* ]]; then
		wrong "SECRET=$secret, a variable of the caller's, is in the command's environment" \
			"only what --env gives, and PATH, HOME and TERM" \
			"environ is passed on as it is: task 1.2 is still to be done" \
			"SECRET=x stage ROOTFS env"
	elif [[ $OUTPUT != *"GIVEN=$value"* ]]; then
		wrong "--env GIVEN=$value is not in the command's environment" "it to be there" \
			"what the user wants is not copied, or the list's end (a NULL) comes too early" \
			"stage --env GIVEN=x ROOTFS env"
	fi
	for name in PATH HOME TERM; do
		[[ $OUTPUT == *"$name="* ]] || wrong "there is no $name in the command's environment" \
			"the default" "a default is forgotten; many programs do not work without" "stage ROOTFS env"
	done
	run_stage --env "PATH=/bin:/$value" --env "HOME=/$value" root /bin/env
	[[ $(grep -c ^PATH= <<<"$OUTPUT") == 1 && $(grep -c ^HOME= <<<"$OUTPUT") == 1 ]] ||
		wrong "with --env PATH and --env HOME the command got: $(grep -E '^(PATH|HOME)=' <<<"$OUTPUT" | paste -sd' ')" \
			"each name once" "the default is added though the user has set it; which one counts is chance then" \
			"stage --env PATH=/bin ROOTFS env"
	[[ $OUTPUT == *"PATH=/bin:/$value"* ]] || wrong "--env PATH=/bin:/$value was not taken" \
		"the user's value" "the default takes the place of what the user wants" "stage --env PATH=/bin ROOTFS env"
}

# A program that is only inside, in one of two directories; and one that is only outside.
check_1_3() {
	local first second name inside_only
	first=$(word) second=$(word) name=$(word) inside_only=$(number 1000 9999)
	make_rootfs root
	mkdir "root/$first" "root/$second"
	printf '#!/bin/sh\necho first-%s\n' "$inside_only" >"root/$first/$name"
	printf '#!/bin/sh\necho second-%s\n' "$inside_only" >"root/$second/$name"
	chmod 755 "root/$second/$name"
	run_stage --env "PATH=/bin:/sbin" root busybox true
	[[ $STATUS -eq 0 ]] || wrong "busybox is in /bin inside, the first directory of PATH, and was not found" \
		"it to be found" "nothing is looked for yet: task 1.3 is still to be done" "lab hint 1.3"
	run_stage --env "PATH=/$first:/$second" root "$name"
	if [[ $OUTPUT != "second-$inside_only" ]]; then
		[[ $STATUS -ne 127 ]] || wrong "$name is in the second directory of PATH, and was not found: $OUTPUT" \
			"it to be found there" "the search ends with the first directory, or looks for a path put together wrongly" \
			"strace -e trace=file stage … : which paths are asked for?"
		[[ $STATUS -ne 126 ]] || wrong "a file $name in the first directory that may not be executed ended the search" \
			"the search to go on, to the second directory" \
			"a file that is there is taken for one that can be executed: stat(2) in place of executable()" \
			"ls -l in both directories"
		wrong "with PATH=/$first:/$second, $name gave: $OUTPUT (status $STATUS)" "second-$inside_only" \
			"which file was put into @found?" "stage --explain …"
	fi
	chmod 755 "root/$first/$name"
	run_stage --env "PATH=/$first:/$second" root "$name"
	[[ $OUTPUT == "first-$inside_only" ]] || wrong "$name is in both directories of PATH, and this ran: $OUTPUT" \
		"first-$inside_only, from the first" "the search goes on when it has found one" "stage --explain …"
	chmod 644 "root/$first/$name" "root/$second/$name"
	run_stage --env "PATH=/$first:/$second" root "$name"
	[[ $OUTPUT == *[Pp]"ermission denied"* ]] ||
		wrong "$name is there but may not be executed, and the program said: $OUTPUT" \
			"that the permission is denied" "@reason stays ENOENT when access says EACCES" "stage …; ls -l inside"
}

check_1_4() {
	local name
	name=$(word)
	make_rootfs root
	run_stage root "$name"
	[[ $STATUS -ne 1 ]] || wrong "a command that is not there ended with status 1, as every error does" "127" \
		"nothing tells it from other errors: task 1.4 is still to be done" "stage ROOTFS no-such-command; echo \$?"
	[[ $STATUS -ne 126 ]] || wrong "a command that is not there ended with status 126" "127" \
		"errno is not looked at: ENOENT is another case than the rest" "stage ROOTFS no-such-command; echo \$?"
	[[ $STATUS -eq 127 ]] || wrong "a command that is not there ended with status $STATUS" "127" \
		"EXIT_NOT_FOUND is missing" "stage ROOTFS no-such-command; echo \$?"
	[[ $OUTPUT == *"$name"* ]] || wrong "for the command $name, which is not there, the program said: $OUTPUT" \
		"its name in the message" "fail() without the name: nobody knows what was looked for" "stage ROOTFS no-such-command"
	touch "root/$name"
	run_stage root "/$name"
	[[ $STATUS -ne 127 ]] || wrong "a file that may not be executed ended with status 127" "126" \
		"not_executed() is not called, or for other errors than EACCES" "touch ROOTFS/x; stage ROOTFS /x; echo \$?"
	[[ $STATUS -eq 126 ]] || wrong "a file that may not be executed ended with status $STATUS" "126" \
		"\"is not there\" and \"cannot be executed\" are told apart by errno; here it is EACCES" \
		"touch ROOTFS/x; stage ROOTFS /x; echo \$?"
	run_stage root /bin
	[[ $STATUS -eq 126 ]] || wrong "a directory as the command ended with status $STATUS" "126" \
		"errno is EISDIR here: all but ENOENT and ENOTDIR mean that something is there" \
		"stage ROOTFS /bin; echo \$?"
	run_stage root /bin/sh -c 'exit 37'
	[[ $STATUS -eq 37 ]] || wrong "a command that ends with 37 gave status $STATUS" "37" \
		"the command's own status has to come through" "stage ROOTFS sh -c 'exit 37'; echo \$?"
}
