# What "compare" shows of the facts: its forms, what it does with mistakes, and that every change has
# its reason. (What the facts must be is in compare-matrix.bats.)

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # awk's, jq's and bats' variables

load ../helpers

readonly TREE=$BATS_TEST_DIRNAME/../..
readonly BROWSER=chromium-headless-shell

setup() {
	test_setup
	rootfs_make stock
	# (Podman leaves files of its own there.)
	export TMPDIR=$TEST_DIR
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

@test "the matrix fits 80 and 100 columns, and shows the values where there is room" {
	expected root >facts
	for COLUMNS in 80 100 200; do
		run -0 compare --data facts
		[[ $(widest) -le $COLUMNS ]]
		[[ $(grep -c '^  [a-z]' <<<"$output") -eq $("$COOPER_BIN/probe" --list | wc -l) ]]
	done
	small >facts
	COLUMNS=44 run -0 compare --data facts
	[[ $output != *a/b* ]]
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
	[[ $output == *chroot-climb* && $output != *host-name* ]]
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
}

@test "--run: any command, and columns that agree are one" {
	skip_unless_user_namespaces
	run -0 compare --user --run 'echo $((6 * 7)); hostname'
	[[ $output == *host*"2 3 4 5"* && $output == *42* && $output == *cask* && $output == *"$(uname -n)"* ]]
}

# bats test_tags=root
@test "--cost: the time and the calls of each stage" {
	skip_unless_installed strace
	run -0 compare --cost
	[[ $(grep -cE '^(fork and exec|[1-7] [a-z]+) +[0-9]+ ' <<<"$output") -eq 8 ]]
	local calls
	calls=$(awk '/^[1-7] / { print $5 }' <<<"$output")
	[[ $(head -n 1 <<<"$calls") -lt $(sed -n 3p <<<"$calls") ]]
}
