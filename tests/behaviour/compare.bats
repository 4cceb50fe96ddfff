# What "compare" shows of the facts: its forms, what it does with mistakes, and that every change has
# its reason. (What the facts must be is in compare-matrix.bats.)

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # awk's, jq's and bats' variables

load ../helpers

readonly TREE=$BATS_TEST_DIRNAME/../..
readonly BROWSER=chromium-headless-shell
# In some of these tests dozens of containers run, most of them with little of a processor.
export BATS_TEST_TIMEOUT=$((85 * TEST_TIMEOUT_FACTOR))
# The widths are those of characters.
export LC_ALL=C.UTF-8

setup() {
	test_setup
	look_for_no_leaks
	rootfs_make stock
	export COMPARE_ROOTFS=$TEST_DIR/stock COMPARE_SOURCE=$TREE COLUMNS=100
}

compare() {
	"$COOPER_BIN/compare" "$@"
}

# expected root|user: what the stages must give away, as the runner would print it.
expected() {
	"$TREE/scripts/comparison" "$COOPER_BIN" "$BATS_TEST_DIRNAME/../data/compare/$1.expected"
}

# A small matrix: stage 1 closes a fact, stage 2 does not run, stage 3 limits it and closes another.
small() {
	local column='{"name":"%s","facts":[
		{"group":"see","fact":"host-name","question":"A name?","value":"%s","verdict":"%s","how":"seen"},
		{"group":"escape","fact":"chroot-climb","question":"Out?","value":"a/b","verdict":"%s","how":"tried"}]}'
	# shellcheck disable=SC2059
	printf "{\"host\":{\"root\":true},\"columns\":[$column,$column,$column,$column]}" \
		host vm open open 1 '</script>' closed open 3 µµµµµµµµµµµµµµ limited closed runc cask closed closed |
		sed 's/,{"name":"3"/,{"name":"2","error":"no such luck","facts":[]}&/'
}

# The longest line of the output, in letters.
widest() {
	local line most=0
	while IFS= read -r line; do
		((${#line} <= most)) || most=${#line}
	done <<<"$output"
	echo "$most"
}

@test "the matrix: a row a fact, a mark where it changes, a line a stage, why one did not run" {
	small >facts
	run -0 --separate-stderr compare --data facts
	[[ -z $stderr && $output != *$'\e'* ]]
	[[ $output == *"see: what it sees of the host"*"escape: the ways out"* ]]
	[[ $(grep '^  host-name ' <<<"$output") =~ \ ●\ vm\ +»○\ .*\»◐\ µ.*\ ○ ]]
	[[ $(grep '^  chroot-climb ' <<<"$output") =~ \ ●\ a/b\ +●\ a/b\ +»○ ]]
	[[ $output == *$'\n1 chroot  a root directory (closes 1)'* ]]
	[[ $output == *$'\n3 rootfs  '*"(closes 1, limits 1)"* ]]
	[[ $output == *$'\n2 '*"did not run: no such luck"* ]]
}

@test "the matrix: a tool that did not run has a word why, and no column" {
	small | sed '$s/]}$/,{"name":"docker","error":"no daemon answers","facts":[]}&/' >facts
	run -0 compare --data facts
	[[ $(grep -c docker <<<"$output") -eq 1 && ${lines[-1]} == "docker    did not run: no daemon answers" ]]
	small >facts
	local without=$output
	run -0 compare --data facts
	[[ $without == "$output"$'\n'* ]]
}

@test "the matrix fits 80 and 100 columns, and shows the values where there is room" {
	expected root >facts
	for COLUMNS in 80 100 200; do
		run -0 compare --data facts
		[[ $(widest) -le $COLUMNS ]]
		[[ $(grep -c '^  [a-z]' <<<"$output") -eq $("$COOPER_BIN/probe" --list | wc -l) ]]
	done
	# Of a value five to fourteen letters are shown, or none; 40 columns there are always.
	small >facts
	for COLUMNS in 40 57 58; do
		run -0 compare --data facts
		[[ $(widest) -le $COLUMNS && $(grep -c 'µ' <<<"$output") -eq $((COLUMNS == 58)) ]]
	done
	COLUMNS=200 run -0 compare --data facts
	[[ $(grep '^  host-name' <<<"$output" | wc --chars) -le 95 ]]
	[[ $(COLUMNS=1 compare --data facts) == "$(COLUMNS=40 compare --data facts)" ]]
}

@test "the matrix: the names of many tools are cut where there is little room" {
	local tool facts='"facts":[{"group":"see","fact":"host-name","question":"A name?","value":"a","verdict":"open","how":"seen"}]'
	small >facts
	for tool in crun bwrap podman docker; do
		sed -i '$s/]}$/,{"name":"'$tool"\",$facts}&/" facts
	done
	COLUMNS=69 run -0 compare --data facts
	[[ $(widest) -le 69 && $output != *podman* && $(grep -c ' po… ' <<<"$output") -eq 1 ]]
	COLUMNS=70 run -0 compare --data facts
	[[ $(widest) -le 70 && $output == *" podman  docker"* ]]
}

@test "on a terminal it has colours, unless NO_COLOR is set" {
	small >facts
	run -0 script -qec "$COOPER_BIN/compare --data facts" /dev/null
	[[ $output == *$'\e[31m'*$'\e[32m'* ]]
	NO_COLOR=1 run -0 script -qec "$COOPER_BIN/compare --data facts" /dev/null
	[[ $output != *$'\e['* ]]
}

@test "--probe: only a group, or a fact" {
	small >facts
	run -0 compare --data facts --probe escape
	[[ $(grep '^  chroot-climb ' <<<"$output") =~ \ ●\ a/b\ +●\ a/b\ +»○ && $output != *host-name* ]]
	run -0 compare --data facts --probe host-name
	[[ $output != *chroot-climb* && $output == *host-name* ]]
	run -1 compare --data facts --probe nothing
	[[ $output == 'compare: no group and no fact "nothing"' ]]
}

@test "two columns: only what changes, with the system call and the line of code" {
	small >facts
	run -0 compare --data facts 1 3
	[[ ${lines[0]} == "1 chroot → 3 rootfs: 2 of 2 facts change" ]]
	[[ $output == *"chroot-climb"*"● a/b"*"→ ○ a/b"*"step"*"pivot_root: …"*"call  pivot_root"*"code  stages/3-rootfs/rootfs.c:"* ]]
	local line
	line=$(sed -n 's/.*rootfs\.c:\([0-9]*\).*/\1/p' <<<"$output" | head -n 1)
	[[ $(sed -n "${line}p" "$TREE/stages/3-rootfs/rootfs.c") == *pivot_root* ]]
	run -0 compare --data facts 3 runc
	[[ $output == *"3 rootfs → runc: 1 of 2"*"host-name"* && $output != *step* ]]
}

@test "mistakes are told: columns, words, data" {
	small >facts
	run -1 compare --data facts 1 9
	[[ $output == 'compare: no column "9"'*"hint: there are: host 1 2 3 runc" ]]
	run -1 compare --data facts 1 2
	[[ $output == "compare: 2 did not run: no such luck" ]]
	run -2 compare --data facts 1
	[[ $output == *"two columns"*"hint: compare 2 3"* ]]
	run -1 compare --data nowhere
	[[ $output == *"nowhere"*"No such file"* ]]
	echo '{"columns":[{"name":"host","facts":[{"fact":"a","verdict":"ajar"}]}]}' >facts
	run -1 compare --data facts
	[[ $output == *'"ajar" is no verdict'* ]]
	echo '{}' >facts
	run -1 compare --data facts
	[[ $output == *"no columns"* ]]
	run -1 compare 1 nowhere
	[[ $output == *"nowhere"* ]]
	run -1 compare --probe nothing
	[[ $output == *"nothing"* ]]
}

@test "--json: one document, with each change and its causes" {
	small >facts
	compare --data facts --json >document
	run -0 jq -r '[.host.root, .groups.see, (.columns[] | "\(.name) \(.stage) \(.error)")] | join("; ")' document
	[[ $output == "true; what it sees of the host; host 0 null; 1 1 null; 2 2 no such luck; 3 3 null; runc -1 null" ]]
	run -0 jq -c '.facts[0] | [.group, .fact, .question, (.cells[] | .value? + " " + .verdict? + " " + .how?)]' document
	[[ $output == '["see","host-name","A name?","vm open seen","</script> closed seen",'*',"cask closed seen"]' ]]
	run -0 jq -r '.facts[] | select(.fact == "chroot-climb") | .changes[] | [.from, .column] | @csv' document
	[[ $output == 1,3 ]]
	run -0 jq -r '.causes[] | select(.call == "pivot_root") | .excerpt' document
	[[ $output == *"int rootfs_pivot("*SYS_pivot_root* ]]
}

@test "--html: a page of one file, that asks no network and holds any value" {
	small >facts
	compare --data facts --html page.html
	[[ $(grep -cE 'https?:|src=|@import|url\(|<link [^>]*href="[^d]' page.html) -eq 0 ]]
	# "</script>" is a value in it; the data end behind it nevertheless.
	[[ $(grep -o '</script>' page.html | wc -l) -eq 2 ]]
	sed -n 's/.*id="data">\(.*\)<\/script>$/\1/p' page.html >data
	[[ $(jq -r '.facts[0].cells[1].value' data) == "</script>" ]]
}

# in_browser PAGE[#STAGE] [WIDTH]: the document, as the scripts of the page have made it.
in_browser() {
	in_time 40 "$BROWSER" --headless --no-sandbox --disable-gpu --user-data-dir="$TEST_DIR/browser" \
		--window-size="${2:-1280},900" --virtual-time-budget=2000 --dump-dom "file://$TEST_DIR/$1" 2>/dev/null
}

@test "the page in a browser: the stage, its rings, its changes and the code" {
	skip_unless_installed "$BROWSER"
	expected root >facts
	compare --data facts --html page.html
	run -0 in_browser page.html#3
	[[ $output == *"Stage 3, rootfs: adds"* && $output == *"Changes in stage 3: "* ]]
	[[ $(grep -o 'class="ring[ "]' <<<"$output" | wc -l) -eq 4 ]]
	[[ $output == *'class="hit"'*SYS_pivot_root* ]]
	run -0 in_browser page.html
	[[ $output == *"The host: nothing around the process"* ]]
}

# Keys that are pressed in the page: a script at its end does it.
press() {
	{
		cat page.html
		printf '<script>for (const key of ['
		printf '"%s",' "$@"
		echo ']) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));</script>'
	} >pressed.html
}

@test "the page by keyboard: digits and arrows go from stage to stage, and end at the ends" {
	skip_unless_installed "$BROWSER"
	expected root >facts
	compare --data facts --html page.html
	press 4 ArrowRight ArrowRight ArrowLeft
	run -0 in_browser pressed.html
	[[ $output == *"Stage 5, net: adds"* && $output == *"? 0 : CLONE_NEWNET"* ]]
	press ArrowLeft 7 ArrowRight 9
	run -0 in_browser pressed.html
	[[ $output == *"Stage 7, cooper: adds"* ]]
}

@test "the page: a tool that did not run has a word why, and no column; the cost as bars" {
	skip_unless_installed "$BROWSER"
	small | sed '$s/]}$/,{"name":"docker","error":"no daemon answers","facts":[]}&/' >facts
	runner_make
	bin/compare --data facts --cost --html page.html
	run -0 in_browser page.html
	[[ $output == *">docker did not run: no daemon answers<"* && $output != *">docker<"* && $output == *">runc<"* ]]
	[[ $output == *">104 µs, 1 call<"*"width: 100%"*">7104 µs<"* ]]
}

@test "docs/comparison.md and the page are what the source says: else make docs" {
	"$TREE/scripts/docs" "$TREE/$B/docs/generate" made
	diff made/comparison.md "$TREE/docs/comparison.md"
	cmp made/comparison.html "$TREE/docs/comparison.html"
}

# changes FILE...: of each line of an expected table "FACT FROM TO", from one stage that runs to the next.
changes() {
	awk '!/^#/ && NF >= 9 {
		sub(/@.*/, "", $1)
		from = 0
		for (stage = 1; stage <= 7; stage++) {
			if ($(stage + 2) == "-")
				continue
			if ($(stage + 2) != $(from + 2))
				print $1, from, stage
			from = stage
		}
	}' "$@" | sort -u
}

@test "every change that is expected has its causes, and every row of causes its change" {
	sed -n 's/^\t{"\([a-z-]*\)", \([1-7]\), {&.*/\1 \2/p' "$TREE/stages/compare/causes.c" >rows
	changes "$BATS_TEST_DIRNAME"/../data/compare/*.expected >turns
	[[ $(wc -l <rows) -gt 40 && $(wc -l <turns) -gt 40 ]]
	run -0 awk '
		FILENAME == "rows" { rows[$1, $2] = $1 " " $2; next }
		{
			found = 0
			for (stage = $2 + 1; stage <= $3; stage++)
				if (($1, stage) in rows) {
					found = 1
					used[$1, stage] = 1
				}
			if (!found)
				print "no cause:", $0
		}
		END {
			for (row in rows)
				if (!(row in used))
					print "no change:", rows[row]
		}' rows turns
	[[ -z $output ]] || { echo "$output"; false; }
}

# has_evidence root|user [OPTION]: a trace has each change's step and system call, and the source its line.
has_evidence() {
	expected "$1" >facts
	compare --data facts --trace --json "${@:2}" >document
	run -0 jq -r '.facts[] | .fact as $fact | .changes[] | select(.causes == []) | "\($fact), column \(.column)"' document
	[[ -z $output ]] || { echo "$output"; false; }
	# (Nothing comes after the execve from which its end could be told.)
	run -0 jq -r '.causes[] | select((.call | contains("(") | not) or .line < 1 or
		(.us < 0 and (.step | startswith("execve:") | not)))' document
	[[ -z $output ]] || { echo "$output"; false; }
	[[ $(jq '.causes | length' document) -gt 15 ]]
}

# bats test_tags=root
@test "every cell of a change has a system call of a real run, its time, and a line of code" {
	skip_unless_installed strace
	has_evidence root
}

@test "so it has without root" {
	skip_unless_installed strace
	skip_unless_user_namespaces
	has_evidence user --user
}

@test "from stage to stage, live: the call with its arguments" {
	skip_unless_installed strace
	skip_unless_user_namespaces
	run -0 compare --user --probe chroot-climb 2 3
	[[ $output == *'call  pivot_root(".", ".") = 0'*" µs)"* ]]
	# A long call goes on behind its flags, and ends after three lines.
	COLUMNS=60 run -0 compare --user --probe pid host 2
	[[ $(widest) -le 60 && $output =~ "call  clone3({flags=".*\|$'\n                CLONE_'.*CLONE_NEWPID ]]
	[[ $output == *…* ]]
}

# What the runner is to answer: for each column a name, an exit status, an output and errors.
answers() {
	mkdir -p bin
	cp "$COOPER_BIN/compare" bin/compare
	local format='{"name":"%s","status":%d,"output":"%s","errors":"%s"},' list
	# shellcheck disable=SC2059
	printf -v list "$format" "$@"
	printf '#!/bin/sh\necho "$*" >asked\ncat <<"END"\n{"columns":[%s]}\nEND\n' "${list%,}" >bin/columns
	chmod +x bin/columns
}

@test "--run: outputs side by side with errors and status; long lines are cut" {
	answers host 0 'one\ntwo' "" 1 0 'one\ntwo' "" 2 3 'a line that is far too long for it' oops 3 0 "" ""
	COLUMNS=64 run -0 bin/compare --run 'id | cat'
	[[ ${#lines[@]} -eq 3 && $(widest) -le 64 && $(<asked) == "--run /bin/sh -c id | cat" ]]
	[[ ${lines[0]} =~ ^host\ 1\ +2\ \(exit\ 3\)\ +3$ ]]
	[[ ${lines[1]} =~ ^one\ +a\ line\ that\ .*…\ *$ && ${lines[2]} =~ ^two\ +oops\ *$ ]]
}

@test "--run: where that is too narrow, whole outputs below each other" {
	answers host 0 'one\ntwo' "" 2 3 'a line that is far too long for it' oops 3 0 "" ""
	COLUMNS=48 run -0 bin/compare --run id
	[[ $output == $'── host\none\ntwo\n── 2 (exit 3)\na line that is far too long for it\noops\n── 3' ]]
	answers host 0 'one' "" 2 0 'two' ""
	COLUMNS=48 run -0 bin/compare --run id
	[[ ${lines[0]} =~ ^host\ +2$ && ${lines[1]} =~ ^one\ +two$ ]]
}

@test "--probe: the probe asks for no more than that" {
	answers host 0 "" ""
	run -1 bin/compare --probe boot-id --probe who host 1
	[[ $(<asked) == "--column host --column 1 boot-id who" ]]
}

@test "what cannot be written is an error" {
	local words
	for words in --help "--run true" "--json --probe who" "--probe see 2 3"; do
		# shellcheck disable=SC2086 # words
		! "$COOPER_BIN/compare" $words >/dev/full 2>err
		grep -q '^compare: write: to the standard output: ' err
	done
}

@test "--run: any command, and columns that agree are one" {
	skip_unless_user_namespaces
	run -0 compare --user --run 'echo $((6 * 7)); hostname'
	[[ $output == *host*"2 3 4 5"* && $output == *42* && $output == *cask* && $output == *"$(uname -n)"* ]]
}

# A runner in place of "columns", for the compare that lies beside it: it notes which columns are asked
# for, and for each says that it took 1000 µs a stage and a few µs more each time. Stage 1 does not run.
runner_make() {
	mkdir bin
	cp "$COOPER_BIN/compare" bin/compare
	cat >bin/columns <<-'END'
		#!/bin/bash
		[[ " $* " != *" --flags "* ]] || flags=1
		declare -A runs=()
		while [[ $# -gt 0 && $1 != --run ]]; do
			if [[ $1 == --column ]]; then
				stage=${2/host/0} run=$((runs[$2]++ * 7 % 10))
				[[ ${flags-} ]] || echo "$2" >>"${0%/*}/asked"
				case ${flags-}$stage in
				1?*) facts='"status":1,"output":"","errors":""' ;;
				1) facts='"status":1,"output":"","errors":"no luck\n  hint: none"' ;;
				*) facts='"status":0,"output":"'$((1000 * stage + 100 + run))' '$((9000 + run))'\n","errors":""' ;;
				esac
				list+=${list:+,}'{"name":"'$2'",'$facts'}'
			fi
			shift
		done
		echo '{"columns":['"$list"']}'
	END
	chmod +x bin/columns
}

@test "--cost: medians of runs in turn, the floor's among them" {
	skip_unless_installed strace
	runner_make
	run -0 bin/compare --cost
	# (0 7 4 1 8 5 2: the middle is 4.)
	output=$(tr -s ' ' <<<"$output")
	[[ $output == *$'\nfork and exec 104 1 9004\n1 chroot no luck\n2 spaces 2104 +2000 - 9004\n3 rootfs 3104 +1000 '* ]]
	[[ $output == *"Medians of 7 runs in turn"* ]]
	[[ $(xargs <bin/asked) == "$(yes host 1 2 3 4 5 6 7 | head -n 7 | xargs)" ]]
	small >facts
	bin/compare --data facts --json --cost >document
	run -0 jq -r '.cost[] | "\(.name): \(.us) \(.whole_us) \(.calls)"' document
	[[ ${#lines[@]} -eq 7 && ${lines[0]} == "fork and exec: 104 9004 1" && ${lines[1]} == "2 spaces: 2104 9004 -1" ]]
}

# bats test_tags=root
@test "--cost: the time and the calls of each stage" {
	skip_unless_installed strace
	run -0 compare --cost
	[[ $(grep -cE '^(fork and exec|[1-7] [a-z]+) +[0-9]+ ' <<<"$output") -eq 8 ]]
	local calls
	calls=$(awk '/^[1-7] / { print $5 }' <<<"$output")
	[[ $(head -n 1 <<<"$calls") -gt 1 && $(head -n 1 <<<"$calls") -lt $(sed -n 3p <<<"$calls") ]]
}
