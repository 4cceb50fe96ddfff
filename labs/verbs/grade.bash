#!/bin/bash
# lab grade [N] [--json|--tap|--junit]: checks all that is started, and gives points: a task's, less a tenth
# for each hint beyond the first, and none when its solution was shown. A lab that this machine cannot check says
# nothing about who has written it: its tasks are "unchecked", and the exit status is 1.

lab_grade() {
	local form=text only='' argument lab results
	for argument; do
		case $argument in
		--json | --tap | --junit) form=${argument#--} ;;
		*) only=$(lab_named "$argument") || exit ;;
		esac
	done
	results=$(for lab in $(labs); do
		[[ ${only:-$lab} != "$lab" || ! -d $WORK/$lab ]] || grade_lab "$lab"
	done)
	"grade_as_$form" <<<"$results"
	! grep -q ' unchecked ' <<<"$results"
}

# A line a task: number, points reached, points, result, hints, and whether the solution was shown.
grade_lab() {
	local lab=$1 told task result points status=0
	# shellcheck disable=SC2046 # words
	told=$(prepare_guard "$lab" >&2 && check_tasks "$CHECK_DIR" $(tasks_of "$lab")) || status=$?
	if [[ $status -eq 125 ]]; then
		told=$(tasks_of "$lab" | sed 's/^/unchecked /')
		(die "this machine cannot check lab ${lab%%-*}" "\"lab doctor\" says what is missing")
	fi
	for task in $(tasks_of "$lab"); do
		result=$(awk -v task="$task" '$2 == task { print $1; exit }' <<<"$told")
		points=$(task_get "$task" points)
		echo "$task $(reached "$task" "${result:-failed}" "$points") $points ${result:-failed}" \
			"$(hints_used "$task") $(if recorded solution | grep -qxF "$task"; then echo yes; else echo no; fi)"
	done
}

reached() {
	local task=$1 hints
	hints=$(hints_used "$task")
	if [[ $2 != passed ]] || recorded solution | grep -qxF "$task"; then
		echo 0
	else
		echo $(($3 - $3 * (hints > 1 ? hints - 1 : 0) / 10))
	fi
}

grade_as_text() {
	local task got points result hints solution sum=0 all=0
	while read -r task got points result hints solution; do
		[[ $task ]] || continue
		printf '%-5s %-46s %3d of %2d  %s\n' "$task" "$(task_get "$task" title)" "$got" "$points" \
			"$(remarks "$result" "$hints" "$solution")"
		sum=$((sum + got)) all=$((all + points))
	done
	printf '%-5s %-46s %3d of %2d\n' '' 'together' "$sum" "$all"
}

# Who was shown the solution has no points; the hints do not matter then.
remarks() {
	if [[ $1 == unchecked ]]; then
		echo "not checked"
	elif [[ $3 != no ]]; then
		echo "solution shown"
	elif [[ $2 -gt 0 ]]; then
		echo "$2 hint$([[ $2 -eq 1 ]] || echo s)"
	fi
}

grade_as_json() {
	local task got points result hints solution lab last='' comma=''
	printf '{"learner": "%s", "time": "%(%FT%TZ)T", "labs": [' "$(learner_name)" -1
	while read -r task got points result hints solution; do
		[[ $task ]] || continue
		lab=$(lab_named "$task") || exit
		if [[ $lab != "$last" ]]; then
			[[ -z $last ]] || printf ']}, '
			printf '{"lab": "%s", "minutes": %d, "tasks": [' "$lab" "$(minutes_spent "$lab")"
			last=$lab comma=''
		fi
		printf '%s{"task": "%s", "points": %d, "of": %d, "result": "%s", "hints": %d, "solutionShown": %s}' \
			"$comma" "$task" "$got" "$points" "$result" "$hints" \
			"$([[ $solution == yes ]] && echo true || echo false)"
		comma=', '
	done
	[[ -z $last ]] || printf ']}'
	printf ']}\n'
}

grade_as_tap() {
	local task got points result hints solution number=0 lines=()
	while read -r task got points result hints solution; do
		[[ $task ]] || continue
		number=$((number + 1))
		case $result in
		passed | unchecked) lines+=(ok) ;;
		*) lines+=('not ok') ;;
		esac
		lines[-1]+=" $number - $task $(task_get "$task" title) ($got of $points)"
		[[ $result != unchecked ]] || lines[-1]+=" # SKIP this machine cannot check it"
	done
	echo "1..$number"
	[[ $number -eq 0 ]] || printf '%s\n' "${lines[@]}"
}

grade_as_junit() {
	local task got points result hints solution all=0 bad=0 skipped=0 cases=''
	while read -r task got points result hints solution; do
		[[ $task ]] || continue
		all=$((all + 1))
		cases+="  <testcase classname=\"$(lab_named "$task")\" name=\"$task $(task_get "$task" title)\""
		case $result in
		passed) cases+=$'/>\n' ;;
		unchecked) skipped=$((skipped + 1)) cases+=$'><skipped/></testcase>\n' ;;
		*) bad=$((bad + 1)) cases+="><failure message=\"$result\"/></testcase>"$'\n' ;;
		esac
	done
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="labs" tests="%d" failures="%d" skipped="%d">\n%s</testsuite>\n' \
		"$all" "$bad" "$skipped" "$cases"
}
