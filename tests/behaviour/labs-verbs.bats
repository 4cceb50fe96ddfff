# The labs' command: what each verb keeps, notes and says. (That the labs can be done is in labs.bats.)

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # for another shell, and variables of bats

load ../helpers
load ../labs

setup() {
	test_setup
	house_make
}

setup_file() {
	export BATS_TEST_TIMEOUT=$((300 * TEST_TIMEOUT_FACTOR))
}

readonly FIRST=work/1-chroot

@test "lab start: what was written stays; lab: the next task, until all are done" {
	run -0 lab
	[[ $output == *"lab start 1"* ]]
	lab start 1
	run -0 lab
	[[ $output == *"Next: task 1.1, in "*chroot.c* ]]
	solve 1
	run -0 lab start 1
	[[ $output == *"is there already"* ]]
	cmp "$FIRST/chroot.c" "$HOUSE/stages/1-chroot/chroot.c"
	lab check
	run -0 lab
	[[ $output == *"All of this lab is done"*"lab start 2"* ]]
	[[ $(lab progress) == *"1-chroot"*"4 of 4"*"[x] 1.4"*"2-namespaces"*"not started"* ]]
}

@test "lab hint: three, each says more; a tenth of the points for each but the first" {
	local level
	lab start 1
	for level in 1 2 3; do
		lab hint 1.1 >"hint.$level"
		grep -q "hint $level of 3" "hint.$level"
	done
	not cmp -s <(tail -n +2 hint.1) <(tail -n +2 hint.2)
	grep -q 'lab solution 1.1' hint.3
	lab hint 1.1 | cmp - hint.3
	# Without a task: of the first that is not done.
	run -0 lab hint
	[[ $output == "1.1 "* ]]
	lab hint 1.2
	solve 1
	run -0 lab grade 1
	[[ ${lines[0]} =~ ^1\.1\ .*\ 8\ of\ 10\ +3\ hints$ && ${lines[1]} =~ ^1\.2\ .*\ 10\ of\ 10\ +1\ hint$ ]]
	[[ ${lines[4]} =~ together\ +38\ of\ 40$ ]]
}

@test "lab solution: asks first; what it has shown gives no points" {
	lab start 1
	run -1 lab solution 1.1
	[[ $output == *"not shown"*"lab hint 1.1"* ]]
	LAB_YES=1 run -0 lab solution 1.1
	[[ ${lines[0]} == stages/1-chroot/chroot.c && $output == *"chroot("* ]]
	solve 1
	run -0 lab grade 1
	[[ ${lines[0]} =~ ^1\.1\ .*\ 0\ of\ 10\ +solution\ shown$ && ${lines[4]} =~ together\ +30\ of\ 40$ ]]
}

@test "lab reset: the task begins anew, the others stay, and what was there is kept" {
	solve 1
	lab check 1
	cp -r "$FIRST" before
	run -0 lab reset 1.2
	[[ $output == *"task 1.2 begins anew, in "*command.c* ]]
	diff -r before work/1-chroot.2*
	run lab check 1
	[[ $output == *"1.1 "*" done"*"1.2 "*"not yet"* ]]
	run -0 lab reset 1
	[[ $output == *"lab 1 begins anew"* ]]
	[[ $(find work -maxdepth 1 -name '1-chroot.2*' | wc -l) -eq 2 ]]
	mv "$FIRST" anew
	lab start 1
	diff -r anew "$FIRST"
}

@test "lab reset: a task whose comments are lost is an error, and nothing is changed" {
	solve 1
	"${AS[@]}" sed -i '/End of task 1.2/d' "$FIRST/command.c"
	cp -r work before
	run -1 lab reset 1.2
	[[ $(one_line "$output") == *"lost the two comments of task 1.2"*"lab reset 1 begins"* ]]
	diff -r before work
}

@test "lab grade: as TAP and as JUnit, the same results" {
	solve 1
	lab reset 1.3
	lab grade 1 --tap >tap
	[[ $(head -n 1 tap) == 1..4 ]]
	[[ $(grep -c '^ok ' tap) -eq 2 ]]
	grep -q '^not ok 3 - 1.3 .*(0 of 10)$' tap
	lab grade 1 --junit >junit
	[[ $(sed -n 2p junit) == '<testsuite name="labs" tests="4" failures="2" skipped="0">' && $(tail -n 1 junit) == '</testsuite>' ]]
	[[ $(grep -c '^  <testcase classname="1-chroot" name="1\.[12] [^"]*"/>$' junit) -eq 2 ]]
	grep -q '^  <testcase classname="1-chroot" name="1\.3 [^"]*"><failure message="failed"/></testcase>$' junit
	grep -q '^  <testcase classname="1-chroot" name="1\.4 [^"]*"><failure message="waits"/></testcase>$' junit
}

@test "lab grade: a program that does not compile has no points, and the compiler's words are shown" {
	solve 1
	"${AS[@]}" sed -i 's/return/retrun/' "$FIRST/chroot.c"
	run --separate-stderr -0 lab grade 1
	[[ ${lines[4]} =~ together\ +0\ of\ 40$ && $stderr == *retrun* ]]
}

# A user who cannot ask systemd for cgroups.
without_session() {
	as_user env -u XDG_RUNTIME_DIR -u DBUS_SESSION_BUS_ADDRESS "$@"
}

guard_has_cgroups() {
	LAB_CGROUP=1 without_session "$HOUSE/labs/lib/guard" "$HOUSE/labs/4-cgroups" true
}

@test "lab grade: a lab that this machine cannot check is not the learner's fault, and the others have their points" {
	skip_unless_user_namespaces
	skip_unless "this user has cgroups" not guard_has_cgroups
	AS=(without_session)
	solve 1
	solve 4
	run --separate-stderr -1 lab grade --json
	[[ $stderr == *"cannot check lab 4"*"lab doctor"* ]]
	[[ $(jq -r '.labs[].tasks[].result' <<<"$output" | uniq -c | xargs) == "4 passed 6 unchecked" ]]
	mkdir results
	echo "$output" >results/anna.json
	[[ $(lab class "$TEST_DIR/results") =~ anna\ +40\ +-\ +-\ +-\ +-\ +-\ +-\ +40 ]]
	run -1 lab grade 4
	[[ $output == *" 0 of "*"  not checked"* ]]
	run -1 lab grade 4 --tap
	[[ $output == *"ok 1 - 4.1 "*" # SKIP "* && $output != *"not ok"* ]]
	run -1 lab grade 4 --junit
	[[ $output == *'failures="0" skipped="6"'* ]]
}

# has_checked N: so many times.
has_checked() {
	[[ $(grep -c '^watching ' "$TEST_DIR/out") -eq $1 ]]
}

@test "lab watch: checks again when a file is saved, until ctrl-c" {
	lab start 1
	start setsid bash -c 'cd "$HOUSE" && LAB_WORK=$1 exec labs/lab watch' watch "$TEST_DIR/work"
	wait_until has_checked 1
	grep -q '^1.1 .* not yet' out
	solve 1
	wait_until grep -q '^1.1 .* done' out
	# As a terminal does: to all of them.
	kill -INT -- "-$PID"
	await_exit
	[[ $STATUS -eq 130 ]]
}
