#!/bin/bash
# lab predict [N.LETTER]: a question about what will happen; your answer is kept, then it is tried, and
# what the kernel showed says whether you were right. Without a letter: the next that has no answer.
#
# A prediction is a file predictions/LETTER: the question with its answers a) b) c), a line "---", and the
# script that tries it and calls "answer" with what is true.

lab_predict() {
	local which=${1:-} lab letter said told truth
	lab=$(wanted_lab "${which%%.*}") || exit
	letter=${which#*.}
	[[ $which == *.* ]] || letter=$(next_prediction "$lab")
	[[ $letter ]] || die "all of this lab's predictions are answered" "lab predict ${lab%%-*}.a asks the first again"
	[[ -f $LABS/$lab/predictions/$letter ]] || die "there is no prediction ${lab%%-*}.$letter" \
		"they are: $(predictions_of "$lab" | paste -sd' ')"
	sed '/^---$/,$d' "$LABS/$lab/predictions/$letter" | fit
	said=$(read_answer "$LABS/$lab/predictions/$letter") || exit 1
	prepare_guard "$lab" reference
	told=$(in_guard "$CHECK_DIR" predict "$letter" 2>&1)
	truth=$(sed -n 's/^answer \([a-e]\)$/\1/p' <<<"$told")
	grep -v '^answer [a-e]$' <<<"$told" | fit
	[[ $truth ]] || die "it could not be tried" "the lines above say why; \"lab doctor\" may know more"
	echo
	note predicted "${lab%%-*}.$letter" "$said$truth"
	if [[ $said == "$truth" ]]; then
		echo "${GREEN}You said $said, and so it is.${PLAIN}"
	else
		echo "${YELLOW}You said $said; the kernel says $truth.${PLAIN}"
	fi
}

predictions_of() {
	ls "$LABS/$1/predictions"
}

next_prediction() {
	local letter
	for letter in $(predictions_of "$1"); do
		[[ $(recorded predicted "${1%%-*}.$letter") ]] || { echo "$letter"; return; }
	done
}

read_answer() {
	local answer=''
	while [[ ! $answer =~ ^[a-e]$ ]] || ! grep -q "^$answer) " "$1"; do
		[[ -z $answer ]] || echo "Type one of the letters above." >&2
		read -r -p "Your answer: " answer || die "no answer was given" "type one of the letters"
	done
	echo "$answer"
}
