#!/bin/bash
# lab solution TASK: the reference's lines for one task, after a question. That it was shown is noted.

lab_solution() {
	local task=${1:-} lab file
	is_task "$task" || die "there is no task \"$task\"" "a task is named like 1.2: lab solution 1.2"
	lab=$(lab_named "$task") || exit
	file=$(task_file "$task")
	ask "Show the solution of $task? It is noted, and the task gives no points then." ||
		die "not shown" "\"lab hint $task\" helps a little at a time; LAB_YES=1 answers yes without a terminal"
	note solution "$task"
	echo "${DIM}stages/$lab/$file${PLAIN}"
	"$LABS/lib/marks" -v mode=show -v task="$task" "$HOUSE/stages/$lab/$file" | fit
}
