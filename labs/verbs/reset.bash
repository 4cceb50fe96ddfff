#!/bin/bash
# lab reset N[.TASK]: begins anew. The old work is kept beside it, with the time in its name.

lab_reset() {
	local what=${1:-} lab kept file
	[[ $what ]] || die "what shall begin anew?" "lab reset 2, or lab reset 2.1"
	lab=$(lab_named "$what") || exit
	[[ -d $WORK/$lab ]] || die "lab $lab is not started" "lab start ${lab%%-*}"
	if [[ $what == *.* ]]; then
		is_task "$what" || die "there is no task \"$what\""
		file=$(task_file "$what")
		has_task "$what" "$WORK/$lab/$file" || die "$(short "$WORK/$lab/$file") has lost the two comments of task $what" \
			"lab reset ${what%%.*} begins the lab anew"
	fi
	kept=$WORK/$lab.$(date +%Y%m%d-%H%M%S)
	while [[ -e $kept ]]; do
		kept+=x
	done
	cp -r "$WORK/$lab" "$kept"
	if [[ $what == *.* ]]; then
		reset_task "$what" "$WORK/$lab/$file" "$HOUSE/stages/$lab/$file"
		note reset "$what"
		echo "lab: task $what begins anew, in $(short "$WORK/$lab/$file")"
	else
		for file in $(modules_of "$lab"); do
			"$LABS/lib/marks" -v mode=skeleton "$HOUSE/stages/$lab/$file" >"$WORK/$lab/$file"
		done
		for what in $(tasks_of "$lab"); do
			note reset "$what"
		done
		echo "lab: lab ${lab%%-*} begins anew, in $(short "$WORK/$lab")"
	fi
	echo "  what was there before is in $(short "$kept")"
}

has_task() {
	grep -qF "/* Task $1: " "$2" && grep -qF "/* End of task $1. */" "$2"
}

# Puts the skeleton's line between the two comments of one task, and leaves the rest of the learner's file.
reset_task() {
	local task=$1 mine=$2 reference=$3 lines
	lines=$(mktemp)
	"$LABS/lib/marks" -v mode=skeleton "$reference" |
		"$LABS/lib/marks" -v mode=show -v task="$task" >"$lines" /dev/stdin
	"$LABS/lib/marks" -v mode=put -v task="$task" -v with="$lines" "$mine" >"$mine.new"
	mv "$mine.new" "$mine"
	rm "$lines"
}
