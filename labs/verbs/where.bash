#!/bin/bash
# lab: where am I, what is next.

lab_where() {
	local lab task next=''
	lab=$(current_lab)
	if [[ -z $lab ]]; then
		echo "Seven labs; each adds what one kernel feature gives to a container:"
		echo
		labs | sed 's/^/  /'
		echo
		echo "Look first whether this machine can do it:  lab doctor"
		echo "Then begin:                                 lab start 1"
		return
	fi
	echo "${BOLD}Lab $lab${PLAIN}  $(bar "$(passed_in "$lab")" "$(tasks_of "$lab" | wc -l)")"
	echo
	for task in $(tasks_of "$lab"); do
		task_state "$task"
		[[ $next || $(last_result "$task") == passed ]] || next=$task
	done
	echo
	if [[ $next ]]; then
		echo "Next: task $next, in $(short "$WORK/$lab/$(task_file "$next")"). Then: lab check"
		echo "Stuck? lab hint. Curious? lab predict, lab attack, lab compare."
	else
		after_the_last "$lab"
	fi
}

after_the_last() {
	local following
	following=$(labs | grep "^$((${1%%-*} + 1))-")
	echo "All of this lab is done. See it broken out of: lab attack"
	if [[ $following ]]; then
		echo "Then go on: lab start ${following%%-*}"
	else
		echo "It was the last one: you have written a container runtime."
	fi
}
