#!/bin/bash
# What the tests of the labs' command share: the project as a learner has it, and the learners.

# The project's copy, which every user may read, with what is built in it. (The source tree may be somebody's own.)
house_make() {
	skip_when_sanitized
	local tree=$BATS_TEST_DIRNAME/../..
	export HOUSE=$COOPER_RUN/house LAB_OBJECTS=$COOPER_RUN/house/build/obj LAB_BIN=$COOPER_BIN
	[[ ! -d $HOUSE ]] || return 0
	mkdir -p "$HOUSE.new/build/obj" "$HOUSE.new/build/bundles"
	cp -r "$tree"/{labs,stages,common,docs,Makefile} "$HOUSE.new"
	cp -r "$tree/$B/obj"/{common,stages} "$HOUSE.new/build/obj"
	cp -r "$COOPER_BIN" "$HOUSE.new/build/bin"
	cp -r "$tree/$B/bundles"/{busybox,hello} "$HOUSE.new/build/bundles"
	chmod -R go+rX "$HOUSE.new"
	mv -T "$HOUSE.new" "$HOUSE"
}

# lab ARG...: the learner's command, in the project's folder. AS=(as_user) makes the learner a plain user. The
# work is in $TEST_DIR/work.
AS=()
lab() {
	(cd "$HOUSE" && "${AS[@]}" env LAB_WORK="$TEST_DIR/work" TMPDIR="$TMPDIR" labs/lab "$@")
}

# each_learner FUNCTION: for root, where the tests run as root, and for a plain user.
each_learner() {
	if [[ $EUID -eq 0 ]]; then
		AS=()
		removal "$TEST_DIR/work"
		"$1"
	fi
	AS=(as_user)
	removal "$TEST_DIR/work"
	"$1"
}

# one_line TEXT: without the breaks that a screen of 80 columns needs.
one_line() {
	tr -s ' \n' '  ' <<<"$1"
}

# solve N: the reference's lines in the learner's files.
solve() {
	local lab module
	lab=$(cd "$HOUSE/labs" && echo "$1"-*)
	lab start "$1" >/dev/null
	for module in $(cd "work/$lab" && find . -name '*.c'); do
		"${AS[@]}" cp "$HOUSE/stages/$lab/$module" "work/$lab/$module"
	done
}
