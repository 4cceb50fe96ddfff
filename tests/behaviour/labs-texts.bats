# The labs' texts: what a README says is typed here, in the project's folder, and shows what the README says.
#
# The form (labs/README.md): a block marked "sh" is typed; one marked "output" is what the block before shows, with
# "..." for whatever stands there. A block of commands without one has to succeed.

# bats file_tags=root

# shellcheck disable=SC2030,SC2031,SC2154 # variables of bats

load ../helpers
load ../labs

setup_file() {
	export BATS_TEST_TIMEOUT=$((300 * TEST_TIMEOUT_FACTOR))
}

setup() {
	test_setup
	house_make
	# A root has no need of it, and most test machines have none.
	printf '#!/bin/sh\nexec "$@"\n' >sudo
	chmod +x sudo
}

# The commands of a README as one script, that tells where it is and how the block ended. Where the learner is
# to write, it takes the reference.
script_of() {
	awk -v lab="$(basename "$(dirname "$1")")" '
		/^## Write$/ { printf "(cd work/%s && find . -name \"*.c\" -exec cp ../../stages/%s/{} {} \\;)\n", lab, lab }
		/^```sh$/ { typing = 1; first = NR + 1; next }
		/^```$/ && typing { typing = 0; printf "printf \"\\n@@ %d $?\\n\"\n", first }
		typing' "$1"
}

# expected_after README LINE: the output block that follows the commands there, if one does.
expected_after() {
	awk -v line="$2" '
		NR < line { next }
		/^```sh$/ { exit }
		/^```$/ && shown { exit }
		/^```output$/ { shown = 1; next }
		shown' "$1"
}

# type_in README: as a learner does, in a /tmp and /run of the learner's own.
type_in() {
	script_of "$1" >script
	# shellcheck disable=SC2016 # for the shell inside
	yes a | unshare --mount env PATH="$TEST_DIR:$HOUSE/build/bin:$PATH" bash -c '
		mount -t tmpfs tmpfs /run && mount --bind "$COOPER_RUN" /mnt && mount -t tmpfs tmpfs /tmp && mkdir -p "$COOPER_RUN" || exit
		mount --move /mnt "$COOPER_RUN"
		unset TMPDIR LAB_WORK
		cd "$HOUSE" && bash "$0"
		cd /tmp && echo "@@ left" *' "$TEST_DIR/script" >typed 2>&1
}

# as_pattern: a text with "..." for anything.
as_pattern() {
	sed 's/[][*?\\]/\\&/g; s/\.\.\./*/g'
}

# blocks_hold README: every block of what was typed did what the README says.
blocks_hold() {
	local line status shown='' expected bad=0
	while IFS= read -r line; do
		if [[ ! $line =~ ^"@@ "([0-9]+)" "([0-9]+)$ ]]; then
			shown+=$line$'\n'
			continue
		fi
		line=${BASH_REMATCH[1]} status=${BASH_REMATCH[2]}
		expected=$(expected_after "$1" "$line")
		shown=$(printf '%s' "$shown" | sed 's/[[:space:]]*$//' | cat -s)
		# shellcheck disable=SC2053 # a pattern
		if [[ $expected && $shown != $(as_pattern <<<"$expected") || -z $expected && $status -ne 0 ]]; then
			printf '%s:%d: status %d, and it shows:\n%s\nexpected:\n%s\n\n' "$1" "$line" "$status" "$shown" "$expected"
			bad=1
		fi
		shown=
	done <typed
	return "$bad"
}

# Outside of "The idea" with its diagrams, every block is one or the other.
blocks_are_marked() {
	awk '
		/^## / { idea = $0 == "## The idea" }
		/^```/ && inside { inside = 0; next }
		/^```/ { inside = 1; if (!idea && $0 !~ /^```(sh|output)$/) { print FILENAME ":" NR ": neither sh nor output"; bad = 1 } }
		END { exit bad }' "$1" && grep -q '^```sh$' "$1"
}

# holds FILE: what it says is typed, in a project where nothing has been done yet, and shows what it says.
holds() {
	removal "$HOUSE/work"
	type_in "$1"
	removal "$HOUSE/work"
	[[ $(tail -n 1 typed) == "@@ left ${COOPER_RUN##*/}" ]] || { tail -n 1 typed; return 1; }
	blocks_hold "$1"
}

@test "labs: every block of commands in a README shows what the README says" {
	local folder failed=0
	for folder in "$HOUSE"/labs/[1-9]-*/; do
		blocks_are_marked "${folder}README.md" && holds "${folder}README.md" || failed=1
	done
	[[ $failed -eq 0 ]]
}

@test "the instructor's guide: its commands show what it says" {
	(cd "$HOUSE" && LAB_WORK=$HOUSE/handed-in labs/lab start 1 >/dev/null)
	sed 's|^cp -r work |cp -r handed-in |' "$HOUSE/docs/instructor.md" >guide.md
	holds "$TEST_DIR/guide.md"
	removal "$HOUSE/handed-in"
}

@test "slides: every demo shows what the slide says" {
	local deck failed=0
	for deck in "$HOUSE"/docs/slides/*.md; do
		holds "$deck" || failed=1
	done
	[[ $failed -eq 0 ]]
}

@test "slides: a deck for each lab, each an HTML file that needs nothing else" {
	local folder name
	skip_unless_installed pandoc
	for folder in "$HOUSE"/labs/[1-9]-*/; do
		name=$(basename "$folder")
		run -0 pandoc --to dzslides --standalone --slide-level 1 "$HOUSE/docs/slides/$name.md"
		[[ $output == *"<section"*"See it"*"Questions"* && ! $output =~ (src|href)=\"http ]]
		# What is in a block is not wrapped, and has that much room.
		[[ -z $(awk '/^```/ { inside = !inside } inside && length > 78' "$HOUSE/docs/slides/$name.md") ]]
	done
}
