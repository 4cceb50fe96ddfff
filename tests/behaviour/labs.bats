# The labs' command, as a learner uses it: every verb, by root and by plain users.

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # for another shell, and variables of bats

load ../helpers
load ../labs

setup() {
	test_setup
	house_make
}

# A lab is built, checked, predicted and attacked, by each learner.
setup_file() {
	export BATS_TEST_TIMEOUT=$((600 * TEST_TIMEOUT_FACTOR))
}

predictions_of() {
	find "$HOUSE/labs/$1"-*/predictions -type f -printf '%f\n' | sort
}

# What the break-outs end with, in their order: the old one fails, the new one succeeds.
declare -A ATTACK_ENDS=(
	[1]="It has killed it*It is out"
	[2]="It fails*It is out"
	[3]="the container's own root*nothing counts them"
	[4]="has killed it at 32*It has read what was for the host only"
	[5]="It has a loopback of its own*The host cannot start a container"
	[6]="It fails*The host can start no container"
	[7]="It fails*The runtime's file is as it was"
)

# narrow: whether what the last command has said has no line beyond 80 columns.
narrow() {
	! expand <<<"${output//"$TEST_DIR/"/}" | awk 'length > 80' | grep . ||
		{ echo "the lines above are too long"; return 1; }
}

# goes_through N: check, predict, attack and compare, in the learner's hands.
goes_through() {
	local letter
	solve "$1"
	run lab check "$1"
	[[ $output == *" done"* && status -eq 0 && $output != *"not yet"* ]] || { echo "$output"; return 1; }
	narrow
	for letter in $(predictions_of "$1"); do
		run -0 lab predict "$1.$letter" <<<a
		[[ $output == *"You said a"* && $output =~ (the kernel says [a-e]|and so it is) ]] || { echo "$output"; return 1; }
		narrow
	done
	run -0 lab attack "$1"
	# shellcheck disable=SC2053 # a pattern
	[[ ${output//$'\n'/ } == *${ATTACK_ENDS[$1]}* ]] || { echo "$output"; return 1; }
	# In the last lab the kernel refuses, as it should.
	[[ $1 == 7 || ($output != *"not permitted"* && $output != *"enied"*) ]] || { echo "$output"; return 1; }
	narrow
	run -0 lab compare "$1"
	[[ $output == *"No difference."* ]] || { echo "$output"; return 1; }
	narrow
}

# can_be_done N: by every learner, and the kernel tells all of them the same.
can_be_done() {
	skip_unless_user_namespaces
	NUMBER=$1
	each_learner goes_through_it
	[[ $EUID -ne 0 ]] || diff predicted.0 predicted.1
}

goes_through_it() {
	goes_through "$NUMBER"
	awk -F'\t' '$2 == "predicted" { print $3, substr($4, 2) }' work/.record >"predicted.${#AS[@]}"
}

@test "lab 1 can be done: check, predict, attack, compare, by root and without it" {
	can_be_done 1
}

@test "lab 2 can be done: check, predict, attack, compare, by root and without it" {
	can_be_done 2
}

@test "lab 3 can be done: check, predict, attack, compare, by root and without it" {
	can_be_done 3
}

# (Without root it needs cgroups, which only a user's systemd gives; see labs-tasks.)
# bats test_tags=root
@test "lab 4 can be done: check, predict, attack, compare" {
	goes_through 4
}

@test "lab 5 can be done: check, predict, attack, compare, by root and without it" {
	can_be_done 5
}

# bats test_tags=root
@test "labs 2 and 6 can be done by a user who has a range of ids" {
	skip_unless_installed newuidmap
	skip_unless_user_namespaces
	give_range_to_user
	AS=(as_user)
	goes_through 2
	goes_through 6
}

@test "lab 7 can be done: check, predict, attack, compare, by root and without it" {
	can_be_done 7
}

# (Files as the instructor names them; a copy of the first learner's, with a task less.)
@test "lab class: a class at a glance, from lab grade --json" {
	solve 1
	LAB_YES=1 lab solution 1.4 >/dev/null
	mkdir results
	lab grade --json >results/anna.json
	jq -e '.labs[0].tasks | length == 4' results/anna.json
	sed 's/"points": 10, "of": 10, "result": "passed"/"points": 0, "of": 10, "result": "failed"/' results/anna.json >results/ben.json
	run -0 lab class "$TEST_DIR/results"
	[[ ${lines[1]} =~ ^anna\ +30\ .*\ 30\ +0$ && ${lines[2]} =~ ^ben\ +20\ .*\ 20\ +0$ ]]
	[[ $output == *"1.1     1 of 2   0"* && $output == *"1.4     2 of 2   2"* ]]
	run -1 lab class "$TEST_DIR"
	[[ $output == *"there is no NAME.json"* ]]
}

# completed WORD...: what TAB offers at the end of the last one.
completed() {
	# shellcheck source=../../labs/completion.bash
	source "$HOUSE/labs/completion.bash"
	# shellcheck disable=SC2034 # bash's
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
	_lab
	echo "${COMPREPLY[*]}"
}

@test "completion: every verb of the help, labs, tasks, predictions" {
	local verb
	for verb in $(lab help | sed -n 's/^lab \([a-z]*\) .*/\1/p' | grep .); do
		[[ $(completed labs/lab "${verb:0:-1}") == *"$verb"* ]] || { echo "$verb"; return 1; }
	done
	[[ $(completed lab st) == start && $(completed lab wher) == "" ]]
	[[ $(completed lab start "") == "1 2 3"* ]]
	[[ $(completed lab hint 2.) == "2.1 2.2 2.3 2.4 2.5 2.6" ]]
	[[ $(completed lab predict 1.) == "1.a 1.b" ]]
	[[ $(completed lab check --) == --mine && $(completed lab grade --j) == "--json --junit" ]]
	[[ $(completed lab doctor "") == "" ]]
	# A path to the command is completed like its name.
	run -0 bash -c 'source "$HOUSE/labs/completion.bash" && complete -p lab'
}

# fits ARG...: what the command says fits, whatever it returns.
fits() {
	run lab "$@"
	narrow || { echo "lab $*"; return 1; }
}

# (Those that show what the learner has written are looked at where a lab is done. Hints and solutions of all tasks
# go through the same words as those of the first.)
fits_a_lab() {
	fits start "$1"
	fits
	fits check "$1"
	fits hint "$1.1" && fits hint "$1.1" && fits hint "$1.1"
	LAB_YES=1 fits solution "$1.1"
	fits reset "$1.1"
}

@test "every verb fits a terminal of 80 columns" {
	local folder
	fits
	fits help
	fits doctor
	fits no-such-verb
	for folder in "$HOUSE"/labs/[1-9]-*/; do
		folder=$(basename "$folder")
		fits_a_lab "${folder%%-*}"
	done
	fits progress
	fits compare 1
	fits grade 1
	fits
}

# shown FILE...: what the checks tell, as "lab check" shows it.
shown() {
	bash -c 'LABS=$HOUSE/labs && for part in screen course checking; do source "$LABS/lib/$part.bash"; done
		for file; do report <"$file"; done' shown "$@"
}

@test "every diagnosis fits a terminal of 80 columns" {
	run shown "$HOUSE"/labs/*/wrong/*.expected
	[[ $output == *"1.1 "*"not yet"*"saw "*"probably "*"7.6 "* ]] || { echo "$output"; return 1; }
	narrow
}

finds_what_is_needed() {
	run lab doctor
	[[ $output == *"user namespaces: you can be root in one"* && $output == *"the guard starts"* ]]
	# Whatever is in the way is so for a lab that needs cgroups.
	! grep -A1 '^  no ' <<<"$output" | grep 'needed by' | grep -qv 'lab 4$' || { echo "$output"; return 1; }
	[[ $(grep -c '^  no ' <<<"$output") -eq 0 || $status -ne 0 ]]
}

@test "lab doctor: this machine can do it, by root and without it" {
	skip_unless_user_namespaces
	each_learner finds_what_is_needed
}
