#!/bin/bash
# From a folder of modules to what the checks tell of them.

# check_folder LAB DIR: what the guard gets to see as /lab, in the new directory DIR: everything that the
# checks of a lab need. The program is to be built into DIR/bin/stage.
check_folder() {
	local lab=$1 dir=$2 built=${LAB_BIN:-$HOUSE/build/bin}
	chmod 755 "$dir"
	mkdir -p "$dir"/{bin,lib}
	cp "$LABS/lib/inside" "$LABS/lib/kernel.bash" "$dir/lib"
	cp -r "$LABS/$lab"/*.bash "$LABS/$lab/predictions" "$dir"
	[[ ! -e $LABS/$lab/needs-cgroups ]] || touch "$dir/needs-cgroups"
	[[ ! -d $built/labs/$lab/programs ]] || cp "$built/labs/$lab/programs"/* "$dir/bin"
	install -m 755 "$(command -v busybox)" "$dir/bin/busybox"
	install -m 755 "$built/$(reference_name "$lab")" "$dir/bin/reference"
	chmod -R go+rX "$dir"
}

reference_name() {
	case $1 in
	7-*) echo cooper ;;
	*) echo "$1" ;;
	esac
}

# prepare_guard LAB [reference]: CHECK_DIR, with the learner's program, built now; dies, with the compiler's
# words, when it does not compile. "reference": with ours in its place, for who has not begun yet.
prepare_guard() {
	local lab=$1
	reference_build
	CHECK_DIR=$(mktemp -d "${TMPDIR:-/tmp}/cooper-check.XXXXXX")
	trap 'rm -rf --one-file-system "$CHECK_DIR"' EXIT
	check_folder "$lab" "$CHECK_DIR"
	if [[ ${2:-} == reference ]]; then
		cp "$CHECK_DIR/bin/reference" "$CHECK_DIR/bin/stage"
		return
	fi
	[[ -d $WORK/$lab ]] || die "lab $lab is not started" "lab start ${lab%%-*}"
	learner_program "$lab" "$CHECK_DIR" 2>"$CHECK_DIR/words" || could_not_build "$lab" $?
	# Warnings are worth reading, even now that it runs.
	head -n 6 "$CHECK_DIR/words" >&2
}

# could_not_build LAB STATUS: ends with the compiler's words, in CHECK_DIR/words, or with the guard's, and then
# with its status.
could_not_build() {
	if [[ $2 -ne 3 ]]; then
		cat "$CHECK_DIR/words" >&2
		(die "the guard does not start, or the compiler in it does not end" "\"lab doctor\" looks why")
		exit "$2"
	fi
	note failed "$1" "does not compile"
	echo "${RED}It does not compile yet.${PLAIN} The first of the compiler's words:"
	echo
	# (Of a line of source, what a screen has room for.)
	grep -v 'In function' "$CHECK_DIR/words" | expand |
		sed -E 's|/lab/house/||; /^ *[0-9]* [|]/s/^(.{79}).*/\1/' | fit | head -n 18
	exit 1
}

# With LAB_MINE the modules of the labs before are the learner's, too.
learner_program() {
	local lab=$1 dir=$2 stage from=()
	for stage in $(stages_upto "$lab"); do
		if [[ -d $WORK/$stage && ($stage == "$lab" || ${LAB_MINE:-}) ]]; then
			from+=("$stage=$WORK/$stage")
		fi
	done
	program_build "$lab" "$dir/bin/stage" "${from[@]}"
}

# in_guard DIR VERB [ARG...]: runs lib/inside there. LAB_CGROUP where the lab asks for it.
in_guard() {
	local dir=$1 cgroup=
	shift
	[[ ! -e $dir/needs-cgroups ]] || cgroup=1
	LAB_CGROUP=$cgroup "$LABS/lib/guard" "$dir" bash /lab/lib/inside "$@"
}

# with_forerunners TASK...: "TASK:FORERUNNER" for each and for those that it builds on, in their order.
with_forerunners() {
	local task wanted=" $* "
	for task in $(printf '%s\n' "$@" | sort -r); do
		while task=$(task_get "$task" after) && [[ $task != - ]]; do
			wanted+="$task "
		done
	done
	for task in $(tasks_of "$(lab_named "$1")"); do
		[[ $wanted != *" $task "* ]] || echo "$task:$(task_get "$task" after)"
	done
}

# check_tasks DIR TASK...: what the checks say of the program in DIR/bin/stage (see lib/inside).
check_tasks() {
	local dir=$1 words
	shift
	mapfile -t words < <(with_forerunners "$@")
	in_guard "$dir" check "${words[@]}"
}

# report: what check_tasks tells, for people; returns whether all has passed. Notes it with NOTE=1.
report() {
	local word rest good=0
	while read -r word rest; do
		case $word in
		passed | failed | waits)
			[[ -z ${NOTE:-} ]] || note "$word" "${rest%% *}"
			[[ $word == passed ]] || good=1
			;;
		esac
		case $word in
		passed) printf '%s%s  %-46s done%s\n' "$GREEN" "$rest" "$(task_get "$rest" title)" "$PLAIN" ;;
		failed) printf '%s%s  %-46s not yet%s\n' "$RED" "$rest" "$(task_get "$rest" title)" "$PLAIN" ;;
		waits) printf '%s%s  %-46s after %s%s\n' "$DIM" "${rest% *}" "$(task_get "${rest% *}" title)" \
			"${rest#* }" "$PLAIN" ;;
		by-hand) field "by hand" "$rest" ;;
		*) field "$word" "$rest" ;;
		esac
	done
	return "$good"
}
