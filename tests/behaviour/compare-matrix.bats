# What each stage opens and closes, as the probe finds it from inside: held against tests/data/compare.

# shellcheck disable=SC2016,SC2154 # another shell's variables, and those of bats

load ../helpers

readonly STAGES=(host 1 2 3 4 5 6 7)
readonly TREE=$BATS_TEST_DIRNAME/../..
EXPECTED=$TREE/tests/data/compare
# A matrix is two dozen containers, most of them with little of a processor.
export BATS_TEST_TIMEOUT=$((240 * TEST_TIMEOUT_FACTOR))

setup() {
	test_setup
	look_for_no_leaks
	rootfs_make stock
	export COMPARE_ROOTFS=$TEST_DIR/stock
}

# columns OPTION...: the stages' columns, in "matrix".
columns() {
	local stage stages=()
	for stage in "${STAGES[@]}"; do
		stages+=(--column "$stage")
	done
	"$COOPER_BIN/columns" "${stages[@]}" "$@" >matrix
	cp matrix "$BATS_FILE_TMPDIR/matrix${1-}"
}

# The matrix, a line a fact: its name, with the words of the host that it depends on, and the verdicts.
verdicts() {
	jq -r '.columns as $all | $all[0].facts[] | .fact as $name |
		[$all[] | first(.facts[] | select(.fact == $name)) // {verdict: "-", host: []}] |
		([.[].host[]] | unique | map("@" + .)) as $words |
		([$name + ($words | join(""))] + map(.verdict)) | join(" ")' matrix
}

# as_expected FILE: each fact is as a line of it says; a fact may have several, for other hosts.
as_expected() {
	local lines wrong=0 line fact
	mapfile -t lines < <(verdicts)
	[[ ${#lines[@]} -gt 40 && ${#lines[@]} -eq $("$COOPER_BIN/probe" --list | wc -l) ]]
	for line in "${lines[@]}"; do
		fact=${line%%[ @]*}
		tr -s ' ' <"$EXPECTED/$1" | grep -qxF -e "$line" && continue
		wrong=1
		echo "found:    $line"
		tr -s ' ' <"$EXPECTED/$1" | grep -E "^${fact}[ @]" | sed 's/^/expected: /'
		jq -r --arg fact "$fact" '.columns[] | .name as $name | .facts[] | select(.fact == $fact) |
			"  \($name): \(.verdict), \(.value): \(.how)"' matrix
	done
	return "$wrong"
}

# pairs OPTION NAME...: each two neighbours of the matrix that a test before has made, as "compare A B" has
# them, and all that it says of a change without a step, a system call that went well, its time, and a line
# of code that is there.
pairs() {
	local option=$1 from=$2 to missing=0
	[[ -s $BATS_FILE_TMPDIR/matrix$option ]]
	for to in "${@:3}"; do
		# shellcheck disable=SC2086 # none, or one word
		COMPARE_SOURCE=$TREE COLUMNS=9999 "$COOPER_BIN/compare" $option \
			--data "$BATS_FILE_TMPDIR/matrix$option" --trace "$from" "$to" >text
		run -0 unexplained
		[[ -z $output ]] || { echo "$from -> $to: $output" && missing=1; }
		[[ $(explained) -eq $(sed -n '1s/.*: \([0-9]*\) of .*/\1/p' text) ]]
		from=$to
	done
	return "$missing"
}

# Each block of the text: facts, and below them their steps, calls and lines of code.
explained() {
	grep -cE '^[a-z]+ +[a-z-]+ +(●|◐|○|·) .* → ' text
}

unexplained() {
	local file line
	tail -n +3 text | awk -v RS= -F '\n' '{
		steps = calls = lines = timed = 0
		for (i = 1; i <= NF; i++) {
			if ($i ~ /^ +step  [a-z0-9_ ]+: /) steps++
			if ($i ~ /^ +call  [a-z0-9_]+\(.*\) += [0-9]/) calls++
			if ($i ~ /^ +code  stages\/.*:[1-9][0-9]*( |$)/) lines++
			# (Nothing comes after the execve from which its end could be told.)
			if ($i ~ /^ +step  execve: |\(stage [1-7], [0-9]+ µs\)$/) timed++
		}
		if (!steps || calls != steps || lines != steps || timed != steps)
			print
	}'
	while IFS=: read -r file line; do
		[[ $(sed -n "${line}p" "$TREE/$file") == *[[:alnum:]]* ]] || echo "there is no $file:$line"
	done < <(sed -n 's/^ *code  \([^ ]*\).*/\1/p' text)
}

# bats test_tags=root
@test "as root: each stage opens and closes what is expected of it" {
	columns
	as_expected root.expected
}

@test "as a plain user: each stage opens and closes what is expected of it" {
	skip_unless_user_namespaces
	columns --user
	as_expected user.expected
}

# bats test_tags=root
@test "from each stage to the next: no change without its step, call, time and line of code" {
	skip_unless_installed strace
	pairs "" "${STAGES[@]}"
}

@test "from each stage to the next, as a plain user: the same" {
	skip_unless_installed strace
	skip_unless_user_namespaces
	pairs --user host 2 3 4 5 6 7
}

@test "an answer has all its parts: a short value, a verdict, how it was found" {
	"$COOPER_BIN/columns" --user --column host >matrix
	run -0 jq -r '.columns[].facts[] | select(
		(.value | length < 1 or length > 14) or (.how | length < 4) or (.question | endswith("?") | not) or
		(.verdict | IN("open", "closed", "limited", "n/a") | not)) | .fact' matrix
	[[ -z $output ]]
	run -0 jq -r '[.host.kernel, (.host.root | type), (.host.cgroup | IN("v1", "v2", "hybrid"))] | join(" ")' matrix
	[[ $output == "$(uname -r) boolean true" ]]
}

@test "the probe by itself: facts by name and group, and no word that it does not know" {
	run -0 "$COOPER_BIN/probe" boot-id who
	[[ ${#lines[@]} -eq $("$COOPER_BIN/probe" --list | grep -cE '^who |boot-id ') ]]
	[[ ${lines[0]} == '{"group":"see","fact":"boot-id",'*'"verdict":"n/a"'*'"host":["no-stand-in"]}' ]]
	run -2 --separate-stderr "$COOPER_BIN/probe" no-such-fact
	[[ -z $output && $stderr == "probe: no group or fact is called no-such-fact"* ]]
}

@test "columns: a command in place of the probe" {
	skip_unless_user_namespaces
	"$COOPER_BIN/columns" --user --column host --column 3 --run sh -c 'echo "a \"$(hostname)\""; exit 3' >matrix
	run -0 jq -r '.columns[] | "\(.name) \(.status) \(.output)"' matrix
	[[ ${lines[1]} == '3 3 a "cask"' ]]
}

@test "columns: docker without a daemon, or with one on another machine, says so" {
	local kernel
	mkdir bin
	printf '#!/bin/sh\n[ "$1" = info ] && [ "$KERNEL" ] && echo "$KERNEL"\n' >bin/docker
	chmod +x bin/docker
	for kernel in "" 3.2.1-elsewhere; do
		KERNEL=$kernel PATH=$PWD/bin:$PATH "$COOPER_BIN/columns" --user --column docker --column host uptime reach >matrix
		run -0 jq -r '.columns[] | [.name, .error // "", (.facts | length)] | @csv' matrix
		[[ ${lines[0]} == '"docker","no Docker daemon of this machine answers",0' && ${lines[1]} == '"host","",4' ]]
	done
}

# bats test_tags=root
@test "columns: lxc, with the usual limits" {
	skip_unless_installed lxc-execute
	"$COOPER_BIN/columns" --column lxc host-name memory processes chroot-climb reach >matrix
	run -0 jq -r '.columns[].facts[] | "\(.fact) \(.verdict)"' matrix
	[[ $(xargs <<<"$output") == "host-name closed memory limited processes limited chroot-climb closed from-host closed from-neighbour closed published-port closed" ]]
}

# bats test_tags=root
@test "columns: podman as a plain user leaves nothing behind" {
	skip_unless_installed podman
	# (Whether podman can run anything here is another matter.)
	mkdir -m 1777 notes
	TMPDIR=$PWD/notes "$COOPER_BIN/columns" --user --column podman --run /bin/true >matrix
	run -0 jq -r '.columns[].name' matrix
	[[ $output == podman && -z $(ls -A notes) ]]
}

@test "columns: a stage, fact or option that is not there is refused" {
	run -1 "$COOPER_BIN/columns" --column 9
	[[ ${lines[0]} == "columns: there is no column 9 here" ]]
	run -1 "$COOPER_BIN/columns" no-such-fact
	[[ ${lines[0]} == "columns: no group or fact is called no-such-fact" ]]
	run -1 "$COOPER_BIN/columns" --nonsense
	[[ ${lines[0]} == "columns: unknown option --nonsense" ]]
}
