#!/bin/bash
# What every stage owes its user, whatever it adds: the command's exit status, its signals, its
# environment, its terminal, and clear errors. The stages' files call these with the stage's program
# in STAGE (a path).

# What stands before and behind the program: rootless sets them, or the user who runs the tests.
RUNNER=() OPTIONS=()
[[ $EUID -eq 0 ]] || OPTIONS=(--user)

# rootless: from here on, the test runs the stage as a plain user.
rootless() {
	skip_unless_user_namespaces
	RUNNER=("${AS_USER[@]}") OPTIONS=(--user)
}

# stage [OPTION...] ROOTFS COMMAND...
stage() {
	"${RUNNER[@]}" "$STAGE" "${OPTIONS[@]}" "$@"
}

start_stage() {
	start "${RUNNER[@]}" "$STAGE" "${OPTIONS[@]}" "$@"
}

# The same as words for a shell command line on a terminal.
stage_words() {
	printf '%q ' "${RUNNER[@]}" "$STAGE" "${OPTIONS[@]}"
}

# hint_matches TEXT: the error of the last run has a line "  hint: ..." with that in it.
hint_matches() {
	# shellcheck disable=SC2154 # set by run
	[[ ${lines[1]} == "  hint: "*$1* ]]
}

check_exit_statuses() {
	rootfs_make rootfs
	run -0 stage rootfs true
	run -1 stage rootfs false
	run -3 stage rootfs sh -c 'exit 3'
	run -255 stage rootfs sh -c 'exit 255'
	# shellcheck disable=SC2016 # for the shell inside
	run -143 stage rootfs sh -c 'kill -TERM $$'
	# shellcheck disable=SC2016
	run -137 stage rootfs sh -c 'kill -KILL $$'
	[[ -z $output ]]
}

check_command_missing() {
	rootfs_make rootfs
	run -127 stage rootfs no-such-command
	[[ ${lines[0]} == "${STAGE##*/}: execve: no-such-command: executable file not found in \$PATH" ]]
	hint_matches /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	run -127 stage rootfs /bin/no-such-command
	[[ ${lines[0]} == "${STAGE##*/}: execve: /bin/no-such-command: no such file or directory" ]]
	# A program of the host is none of the rootfs's.
	[[ -x /usr/bin/bats ]]
	run -127 stage rootfs bats
	run -127 stage rootfs ''
}

check_command_not_executable() {
	rootfs_make rootfs
	echo text >rootfs/bin/plain-file
	run -126 stage rootfs /bin/plain-file
	[[ $output == *"permission denied"* ]]
	hint_matches permission
	run -126 stage rootfs plain-file
	run -126 stage rootfs /etc
	[[ $output == *"is a directory"* ]]
	chmod +x rootfs/bin/plain-file
	run -126 stage rootfs plain-file
	[[ $output == *"exec format error"* ]]
	hint_matches '#!'
}

check_interpreter_missing() {
	rootfs_make rootfs
	printf '#! /opt/no/python -u\n' >rootfs/bin/script
	chmod +x rootfs/bin/script
	run -126 stage rootfs script
	[[ $output == *"execve: /bin/script: no such file or directory"* ]]
	hint_matches '"/opt/no/python -u" is not, in this rootfs'
	cp /usr/bin/env rootfs/bin/dynamic
	run -126 stage rootfs dynamic
	hint_matches loader
}

check_environment() {
	rootfs_make rootfs
	export SECRET_OF_THE_HOST=1 LD_LIBRARY_PATH=/nowhere
	TERM=dumb start_stage --env A=1 --env 'B=two words' rootfs sh -c 'echo ready; exec sleep 1000'
	await_output ready
	command_pid "$PID"
	tr '\0' '\n' <"/proc/$COMMAND/environ" | grep -v -e ^PWD= -e ^OLDPWD= -e ^SHLVL= | sort >found
	printf '%s\n' A=1 'B=two words' HOME=/root \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb | diff - found
	# shellcheck disable=SC2016
	run -0 stage --env HOME=/elsewhere rootfs sh -c 'echo $HOME'
	[[ $output == /elsewhere ]]
	run -1 stage --env NOVALUE rootfs true
	[[ $output == *'--env: expected NAME=VALUE, found "NOVALUE"' ]]
}

check_path_is_looked_up_inside() {
	rootfs_make rootfs
	mkdir -p rootfs/opt/here rootfs/usr/local/bin
	printf '#!/bin/sh\necho local\n' >rootfs/usr/local/bin/greet
	printf '#!/bin/sh\necho opt\n' >rootfs/opt/here/greet
	chmod +x rootfs/usr/local/bin/greet rootfs/opt/here/greet
	run -0 stage rootfs greet
	[[ $output == local ]]
	run -0 stage --env PATH=/opt/here:/bin rootfs greet
	[[ $output == opt ]]
	run -0 stage --workdir /opt --env PATH=/bin rootfs here/greet
	[[ $output == opt ]]
}

check_working_directory() {
	rootfs_make rootfs
	run -0 stage rootfs pwd
	[[ $output == / ]]
	run -0 stage --workdir /usr/bin rootfs pwd
	[[ $output == /usr/bin ]]
	run -1 stage --workdir /missing rootfs pwd
	[[ $output == *"chdir: /missing: No such file or directory"* ]]
}

# COMMAND: the command's pid, seen from here. Stage 1 has become the command itself.
command_pid() {
	COMMAND=$(container_command "$1") || COMMAND=$1
}

check_signals() {
	local signal
	rootfs_make rootfs
	cp "$COOPER_BIN/signal-count" rootfs/bin
	start_stage rootfs signal-count
	await_output ready
	for signal in USR1 USR2 HUP INT QUIT WINCH; do
		kill -"$signal" "$PID"
		await_output "SIG$signal"
	done
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 42 ]]
	printf '%s\n' ready SIGUSR1 SIGUSR2 SIGHUP SIGINT SIGQUIT SIGWINCH SIGTERM | diff - out
}

check_death_by_signal() {
	rootfs_make rootfs
	start_stage rootfs sh -c 'echo ready; exec sleep 1000'
	await_output ready
	kill -TERM "$PID"
	await_exit
	[[ $STATUS -eq 143 ]]
}

# ^C reaches the command once, and not the shell that the stage was started from.
check_interrupt_from_terminal() {
	rootfs_make rootfs
	cp "$COOPER_BIN/signal-count" rootfs/bin
	pty_start "$(stage_words) rootfs signal-count; echo status \$?"
	pty_await ready
	pty_type '\003'
	pty_await SIGINT
	pty_type '\034'
	pty_await SIGQUIT
	kill -TERM "$(pgrep -x -f signal-count)"
	pty_await 'status 42'
	await_exit
	[[ $(grep -c SIGINT screen) -eq 1 && $(grep -c SIGQUIT screen) -eq 1 ]]
}

# A shell inside stops a job with ^Z and takes it up again.
check_job_control() {
	rootfs_make rootfs
	pty_start "$(stage_words) --env PS1=inside: rootfs sh; echo status \$?"
	pty_await 'inside:'
	pty_type 'sleep 4000\n'
	wait_until pgrep -x -f 'sleep 4000'
	pty_type '\032'
	pty_await Stopped
	pty_type 'fg\n'
	wait_until runs 'sleep 4000'
	pty_type '\003'
	wait_until not pgrep -x -f 'sleep 4000'
	pty_type 'exit 7\n'
	pty_await 'status 7'
	await_exit
	not grep -q 'job control turned off' screen
}

# The shell that started the stage has its terminal back afterwards: in the foreground, as it was.
check_terminal_restored() {
	rootfs_make rootfs
	pty_start "stty -a >before; $(stage_words) --env PS1=inside: rootfs sh
		stty -a >after; read -r line; echo got \$line"
	pty_await 'inside:'
	pty_type 'exit\n'
	wait_until test -s after
	pty_type 'words\n'
	pty_await 'got words'
	await_exit
	diff before after
}

check_bad_rootfs() {
	run -1 stage missing true
	[[ $output == "${STAGE##*/}: "*missing*": No such file or directory" ]]
	echo >file
	run -1 stage file true
	[[ $output == "${STAGE##*/}: "*file*": Not a directory" ]]
	# Root's, and so closed to a user.
	local closed=/root/rootfs
	if [[ $EUID -eq 0 ]]; then
		mkdir -m 700 closed
		closed=$TEST_DIR/closed/rootfs
		rootfs_make "$closed"
	fi
	run -1 as_user "$STAGE" --user "$closed" true
	[[ $output == *"$closed"* ]]
	mkdir empty
	run ! stage empty true
	# Nothing was made where there was nothing.
	[[ ! -e missing && -z $(ls -A empty) ]]
}

check_usage_errors() {
	rootfs_make rootfs
	run -2 stage
	[[ $output == *"too few words: expected [options] ROOTFS COMMAND"* ]]
	hint_matches "${STAGE##*/} --help"
	run -2 stage rootfs
	run -2 stage --no-such-option rootfs true
	[[ ${lines[0]} == "${STAGE##*/}: --no-such-option: no such option" ]]
	run -2 stage -x rootfs true
	run -2 stage --env
	[[ ${lines[0]} == *"--env: expected a value (NAME=VALUE)" ]]
	run -2 stage --explain=loudly rootfs true
	# What stands behind the command is the command's.
	run -0 stage rootfs echo --help --no-such-option
	[[ $output == "--help --no-such-option" ]]
	run -0 stage -- rootfs true
}

check_help() {
	run -0 --separate-stderr "$STAGE" --help
	[[ ${lines[0]} == "usage: ${STAGE##*/} [options] ROOTFS COMMAND [ARG...]" && -z $stderr ]]
	[[ $output == *--env\ NAME=VALUE* && $output == *"--explain[=FORM]"* ]]
	# It fits into eighty columns.
	run -0 awk 'length > 80' <("$STAGE" --help)
	[[ -z $output ]]
	run -0 "$STAGE" --version
	[[ $output =~ ^${STAGE##*/}\ version\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	run -1 --separate-stderr bash -c "$(printf '%q --help >/dev/full' "$STAGE")"
	[[ $stderr == *"write: to the standard output: No space left on device"* ]]
}

check_explain() {
	rootfs_make rootfs
	run -5 --separate-stderr stage --explain rootfs sh -c 'echo out; exit 5'
	[[ $output == out && $stderr == *"execve: /bin/sh"* && $stderr == *µs* ]]
	run -5 --separate-stderr stage --explain=json rootfs sh -c 'exit 5'
	jq -r .step <<<"$stderr" | grep -qxF 'execve: /bin/sh'
	jq -e -s 'length > 2 and all(.us >= 0 and .pid > 0 and .program == "'"${STAGE##*/}"'")' <<<"$stderr"
	# The trace format lets the closing bracket be missing.
	run -5 --separate-stderr stage --explain=trace rootfs sh -c 'exit 5'
	jq -e 'map(select(.ph == "B")) | length > 2 and any(.name == "execve: /bin/sh")' \
		<<<"${stderr%,}]"
	run -0 --separate-stderr stage rootfs true
	[[ -z $stderr ]]
}

# --- for the stages with a process of their own around the command ----------------------------

# check_namespaces NAME...: these differ from the host's, all others are the host's. (Without root,
# there is one for users, too.)
check_namespaces() {
	local name
	[[ ${OPTIONS[*]} != --user ]] || set -- "$@" user
	rootfs_make rootfs
	start_stage rootfs sh -c 'echo ready; exec sleep 1000'
	await_output ready
	command_pid "$PID"
	for name in mnt pid uts ipc net user cgroup time; do
		if [[ " $* " == *" $name "* ]]; then
			[[ $(namespace "$COMMAND" "$name") != "$(namespace self "$name")" ]]
		else
			[[ $(namespace "$COMMAND" "$name") == "$(namespace self "$name")" ]]
		fi
	done
}

check_killed_stage_leaves_nothing() {
	local init
	rootfs_make rootfs
	start_stage rootfs sh -c 'setsid sleep 3000 & echo ready; exec sleep 3000'
	await_output ready
	init=$(container_init "$PID")
	wait_until two_sleep
	kill -KILL "$PID"
	wait_until gone "$init"
	wait_until not pgrep -x -f 'sleep 3000'
}

two_sleep() {
	[[ $(pgrep -c -x -f 'sleep 3000') -eq 2 ]]
}

# A host whose mounts are shared, as systemd makes them: nothing mounted inside shows there.
check_mounts_stay_inside() {
	rootfs_make rootfs
	start unshare --mount sh -c 'mount --make-rshared / && echo ready && exec sleep 1000'
	await_output ready
	local host=$PID
	cat "/proc/$host/mountinfo" >before
	start nsenter --mount="/proc/$host/ns/mnt" "$STAGE" "${OPTIONS[@]}" "$TEST_DIR/rootfs" \
		sh -c 'mount -t tmpfs tmpfs /root && grep -q " /root " /proc/mounts && echo ready && exec sleep 1000'
	await_output ready
	diff before "/proc/$host/mountinfo"
}
