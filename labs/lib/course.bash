#!/bin/bash
# The labs and their tasks. A lab is a folder N-name, and its file "tasks" has a line a task:
#
#	1.1  10  -    A root directory of one's own
#	1.2  10  1.1  ...
#
# number, points, the task that it builds on, title. The file where it is to be written has its mark.

labs() {
	local folder
	for folder in "$LABS"/[1-9]-*/; do
		folder=${folder%/}
		echo "${folder##*/}"
	done
}

# lab_named N|N-name|N.TASK: its folder's name; dies when there is none.
lab_named() {
	local name
	for name in $(labs); do
		if [[ $name == "$1" || ${name%%-*} == "${1%%.*}" ]]; then
			echo "$name"
			return
		fi
	done
	die "there is no lab \"$1\"" "they are: $(labs | paste -sd' ')"
}

# tasks_of LAB: the numbers.
tasks_of() {
	awk '!/^#/ && NF { print $1 }' "$LABS/$1/tasks"
}

# task_line N.TASK FIELD: points, after, title.
task_get() {
	awk -v task="$1" -v what="$2" '
		$1 == task && what == "points" { print $2 }
		$1 == task && what == "after" { print $3 }
		$1 == task && what == "title" { sub(/^ *[^ \t]+[ \t]+[^ \t]+[ \t]+[^ \t]+[ \t]+/, ""); print }
	' "$LABS/$(lab_named "$1")/tasks"
}

# is_task N.TASK
is_task() {
	local lab
	[[ $1 =~ ^[1-9]\.[1-9]$ ]] && lab=$(lab_named "$1" 2>/dev/null) && tasks_of "$lab" | grep -qxF "$1"
}

# task_file N.TASK: the reference's module with that task, relative to the stage's folder.
task_file() {
	local lab
	lab=$(lab_named "$1")
	(cd "$HOUSE/stages/$lab" && grep -rlF "/* Task $1: " --include='*.c' .) | sed 's|^\./||'
}

# modules_of LAB: the modules with tasks in them, relative to the stage's folder.
modules_of() {
	(cd "$HOUSE/stages/$1" && grep -rlE '/\* Task [1-9]\.[1-9]: ' --include='*.c' .) | sed 's|^\./||' | sort
}

# current_lab: that which the learner started last; nothing before the first.
current_lab() {
	local lab
	lab=$(recorded started | tail -n 1)
	[[ -z $lab ]] || echo "$lab"
}

# wanted_lab [N]: the given one or the current.
wanted_lab() {
	local lab=${1:-$(current_lab)}
	[[ $lab ]] || die "no lab is started yet" "\"lab start 1\" begins with the first"
	lab_named "$lab"
}

# passed_in LAB: how many of its tasks passed when they were checked last.
passed_in() {
	local task count=0
	for task in $(tasks_of "$1"); do
		[[ $(last_result "$task") != passed ]] || count=$((count + 1))
	done
	echo "$count"
}

# task_state TASK: a line about it.
task_state() {
	local hints mark='[ ]' colour=''
	hints=$(hints_used "$1")
	case $(last_result "$1") in
	passed) mark='[x]' colour=$GREEN ;;
	failed) colour=$RED ;;
	esac
	printf '  %s%s %s  %s%s' "$colour" "$mark" "$1" "$(task_get "$1" title)" "$PLAIN"
	[[ $hints -eq 0 ]] || printf '  (hints: %d)' "$hints"
	echo
}
