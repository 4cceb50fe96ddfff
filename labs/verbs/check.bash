#!/bin/bash
# lab check [N[.TASK]] [--mine]: builds the program with what you wrote and looks what the kernel shows of
# it. --mine: with your own modules of the labs before it, too.

lab_check() {
	local wanted='' argument status=0 lab tasks
	for argument; do
		case $argument in
		--mine) export LAB_MINE=1 ;;
		*) wanted=$argument ;;
		esac
	done
	lab=$(wanted_lab "$wanted") || exit
	tasks=$(tasks_of "$lab")
	if [[ $wanted == *.* ]]; then
		is_task "$wanted" || die "there is no task \"$wanted\"" "they are: $(paste -sd' ' <<<"$tasks")"
		tasks=$wanted
	fi
	prepare_guard "$lab"
	# shellcheck disable=SC2086 # words
	check_tasks "$CHECK_DIR" $tasks | NOTE=1 report || status=$?
	echo
	bar "$(passed_in "$lab")" "$(tasks_of "$lab" | wc -l)"
	echo
	return "$status"
}
