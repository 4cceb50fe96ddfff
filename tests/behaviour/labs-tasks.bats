#!/usr/bin/env bats
# The labs' tasks: what is still to be done is said, the reference passes, and every mistake is told apart.

# shellcheck disable=SC2030,SC2031 # a function sets what it looks at

load ../helpers

LABS=$BATS_TEST_DIRNAME/../../labs

# The checks run on what is built; to build again is not theirs.
export LAB_OBJECTS=$BATS_TEST_DIRNAME/../../$B/obj LAB_BIN=$COOPER_BIN

# A lab has twenty to forty mistakes, and each is compiled, run and looked at.
setup_file() {
	export BATS_TEST_TIMEOUT=$((600 * TEST_TIMEOUT_FACTOR))
}

# (A learner's program is linked with what is built, and static.)
setup() {
	test_setup
	skip_when_sanitized
}

# can_do LAB: whether this host has the cgroups that it asks for, if it does.
can_do() {
	[[ ! -e $LABS/$1/needs-cgroups ]] || LAB_CGROUP=1 "$LABS/lib/guard" "$LABS/$1" true
}

# each_lab COMMAND: with each lab's folder name, all of them, also after a failure.
each_lab() {
	local folder failed=0
	for folder in "$LABS"/[1-9]-*/; do
		can_do "$(basename "$folder")" 2>/dev/null || continue
		"$1" "$(basename "$folder")" || failed=1
	done
	return "$failed"
}

tasks_of() {
	awk '!/^#/ && NF { print $1 }' "$LABS/$1/tasks"
}

skeleton_compiles() {
	run "$LABS/lib/judge" "${1%%-*}.1" all-to-do
	[[ $output == "failed ${1%%-*}.1"* && $output != *error:* ]] || echo "$output"
}

@test "labs: the skeletons compile" {
	each_lab skeleton_compiles
}

reference_passes() {
	diff <("$LABS/lib/judge" "${1%%-*}.1" reference 2>&1) <(tasks_of "$1" | sed 's/^/passed /')
}

@test "labs: the reference passes every task" {
	each_lab reference_passes
}

passes_so_far() {
	local task
	for task in $(tasks_of "$1"); do
		run "$LABS/lib/judge" "$task" so-far
		[[ $output == *"passed $task" ]] || { echo "$output"; return 1; }
	done
}

@test "labs: a task passes while those after it are still to be done" {
	each_lab passes_so_far
}

told_as_expected() {
	mkdir "$1"
	"$LABS/lib/diagnoses" "$1" "$1"
	diff -r --exclude='*.c' "$LABS/$1/wrong" "$1"
}

@test "lab 1: each wrong solution is told its own diagnosis" {
	told_as_expected 1-chroot
}

@test "lab 2: each wrong solution is told its own diagnosis" {
	told_as_expected 2-namespaces
}

@test "lab 3: each wrong solution is told its own diagnosis" {
	told_as_expected 3-rootfs
}

@test "lab 4: each wrong solution is told its own diagnosis" {
	skip_unless "nothing is delegated to this user" can_do 4-cgroups
	told_as_expected 4-cgroups
}

# bats test_tags=root
@test "lab 4: who may make cgroups in the guard cannot lift the guard's own limits" {
	mkdir folder
	cat >folder/try <<-'END'
		for file in $(find /sys/fs/cgroup -maxdepth 2 -name memory.max -o -maxdepth 2 -name memory.limit_in_bytes \
			-o -maxdepth 2 -name pids.max | grep -v guard/); do
			! echo 4000000000 >"$file" || echo "written: $file"
		done
		mkdir /sys/fs/cgroup/mine || mkdir /sys/fs/cgroup/memory/mine && echo made
	END
	chmod -R go+rX .
	run -0 env LAB_CGROUP=1 "$LABS/lib/guard" folder bash /lab/try
	[[ $output == *made* && $output == *denied* && $output != *written* ]]
}

@test "lab 5: each wrong solution is told its own diagnosis" {
	told_as_expected 5-network
}

@test "lab 6: each wrong solution is told its own diagnosis" {
	told_as_expected 6-oci
}

@test "lab 7: each wrong solution is told its own diagnosis" {
	told_as_expected 7-runtime
}

# No two mistakes of one task have the same probable cause, and there are at least four.
told_apart() {
	local task causes
	for task in $(tasks_of "$1"); do
		causes=$(grep -h '^probably ' "$LABS/$1/wrong/$task"-*.expected)
		[[ -z $(sort <<<"$causes" | uniq -d) ]] || { echo "$task: $(sort <<<"$causes" | uniq -d)"; return 1; }
		[[ $(find "$LABS/$1/wrong" -name "$task-*.c" | wc -l) -ge 4 ]] || { echo "$task: too few"; return 1; }
		! grep -L "^failed $task$" "$LABS/$1/wrong/$task"-*.expected | grep . || return 1
	done
}

@test "labs: every task has four mistakes at least, and each has a cause of its own" {
	each_lab told_apart
}
