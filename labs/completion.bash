#!/bin/bash
# Completion for the learner's command: "source labs/completion.bash", in a shell or in its .bashrc. It knows what
# the folder knows: verbs, labs, tasks, predictions.

_lab() {
	local labs current=${COMP_WORDS[COMP_CWORD]} words='' numbers
	labs=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
	numbers=$(cd "$labs" && printf '%s\n' [1-9]-*/ | cut -d- -f1)
	if [[ $COMP_CWORD -eq 1 ]]; then
		words=$(cd "$labs/verbs" && printf '%s\n' *.bash | sed 's/\.bash$//; /^where$/d')
	else
		case ${COMP_WORDS[1]} in
		start | watch | attack | compare | shell) words=$numbers ;;
		check) words="$numbers $(_lab_tasks "$labs") --mine" ;;
		reset) words="$numbers $(_lab_tasks "$labs")" ;;
		hint | solution) words=$(_lab_tasks "$labs") ;;
		predict) words=$(cd "$labs" && printf '%s\n' */predictions/* | sed 's|-.*/|.|') ;;
		class) mapfile -t COMPREPLY < <(compgen -d -- "$current") && return ;;
		grade) words="$numbers --json --tap --junit" ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

_lab_tasks() {
	awk '!/^#/ && NF { print $1 }' "$1"/*/tasks
}

complete -F _lab lab
