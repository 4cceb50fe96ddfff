#!/bin/bash
# lab progress: every lab that is started, a line a task.

lab_progress() {
	local lab task
	for lab in $(labs); do
		if [[ ! -d $WORK/$lab ]]; then
			printf '%s%-14s not started%s\n' "$DIM" "$lab" "$PLAIN"
			continue
		fi
		printf '%s%-14s%s %s   %d min\n' "$BOLD" "$lab" "$PLAIN" \
			"$(bar "$(passed_in "$lab")" "$(tasks_of "$lab" | wc -l)")" "$(minutes_spent "$lab")"
		for task in $(tasks_of "$lab"); do
			task_state "$task"
		done
	done
}
