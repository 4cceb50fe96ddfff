#!/bin/bash
# lab hint [TASK]: the next of three: where to look, what is missing, nearly the line. Which were used is noted.

lab_hint() {
	local task=${1:-} level lab
	if [[ -z $task ]]; then
		lab=$(wanted_lab) || exit
		for task in $(tasks_of "$lab"); do
			[[ $(last_result "$task") == passed ]] || break
		done
	fi
	is_task "$task" || die "there is no task \"$task\"" "a task is named like 1.2"
	lab=$(lab_named "$task") || exit
	level=$(($(hints_used "$task") + 1))
	[[ $level -le 3 ]] || level=3
	note hint "$task" "$level"
	echo "${BOLD}$task  $(task_get "$task" title)${PLAIN}, hint $level of 3"
	echo
	hint_text "$lab" "$task" "$level" | refill | fit
	if [[ $level -eq 3 ]]; then
		echo
		echo "${DIM}That was the last one. \"lab solution $task\" shows the reference's lines.${PLAIN}"
	fi
}

# hints.md has a "## TASK" for each, and below it a "### LEVEL" for each hint.
hint_text() {
	awk -v task="$2" -v level="$3" '
		/^## / { mine = $2 == task; right = 0; next }
		/^### / { right = mine && $2 == level; next }
		right && (NF || text) { print; text = 1 }' "$LABS/$1/hints.md"
}
