# What each stage opens and closes, as the probe finds it from inside: held against tests/data/compare.

# shellcheck disable=SC2016,SC2154 # another shell's variables, and those of bats

load ../helpers

readonly STAGES=(host 1 2 3 4 5 6 7)
EXPECTED=$BATS_TEST_DIRNAME/../data/compare
# A matrix is two dozen containers, most of them with little of a processor.
BATS_TEST_TIMEOUT=$((85 * TEST_TIMEOUT_FACTOR))

setup() {
	test_setup
	rootfs_make stock
	export COMPARE_ROOTFS=$TEST_DIR/stock
}

# columns OPTION...: the stages' columns, in "matrix".
columns() {
	local stage stages=()
	for stage in "${STAGES[@]}"; do
		stages+=(--column "$stage")
	done
	"$COOPER_BIN/columns" "${stages[@]}" "$@" >matrix
}

# The matrix, a line a fact: its name, with the words of the host that it depends on, and the verdicts.
verdicts() {
	jq -r '.columns as $all | $all[0].facts[] | .fact as $name |
		[$all[] | first(.facts[] | select(.fact == $name)) // {verdict: "-", host: []}] |
		([.[].host[]] | unique | map("@" + .)) as $words |
		([$name + ($words | join(""))] + map(.verdict)) | join(" ")' matrix
}

# as_expected FILE: each fact is as a line of it says; a fact may have several, for other hosts.
as_expected() {
	local lines wrong=0 line fact
	mapfile -t lines < <(verdicts)
	[[ ${#lines[@]} -gt 40 && ${#lines[@]} -eq $("$COOPER_BIN/probe" --list | wc -l) ]]
	for line in "${lines[@]}"; do
		fact=${line%%[ @]*}
		tr -s ' ' <"$EXPECTED/$1" | grep -qxF -e "$line" && continue
		wrong=1
		echo "found:    $line"
		tr -s ' ' <"$EXPECTED/$1" | grep -E "^${fact}[ @]" | sed 's/^/expected: /'
		jq -r --arg fact "$fact" '.columns[] | .name as $name | .facts[] | select(.fact == $fact) |
			"  \($name): \(.verdict), \(.value): \(.how)"' matrix
	done
	return "$wrong"
}

# bats test_tags=root
@test "as root: each stage opens and closes what is expected of it" {
	columns
	as_expected root.expected
}

@test "as a plain user: each stage opens and closes what is expected of it" {
	skip_unless_user_namespaces
	columns --user
	as_expected user.expected
}

@test "an answer has all its parts: a short value, a verdict, how it was found" {
	"$COOPER_BIN/columns" --user --column host >matrix
	run -0 jq -r '.columns[].facts[] | select(
		(.value | length < 1 or length > 14) or (.how | length < 4) or (.question | endswith("?") | not) or
		(.verdict | IN("open", "closed", "limited", "n/a") | not)) | .fact' matrix
	[[ -z $output ]]
	run -0 jq -r '[.host.kernel, (.host.root | type), (.host.cgroup | IN("v1", "v2", "hybrid"))] | join(" ")' matrix
	[[ $output == "$(uname -r) boolean true" ]]
}

@test "the probe by itself: facts by name and group, and no word that it does not know" {
	run -0 "$COOPER_BIN/probe" boot-id who
	[[ ${#lines[@]} -eq $("$COOPER_BIN/probe" --list | grep -cE '^who |boot-id ') ]]
	[[ ${lines[0]} == '{"group":"see","fact":"boot-id",'*'"verdict":"n/a"'*'"host":["no-stand-in"]}' ]]
	run -2 --separate-stderr "$COOPER_BIN/probe" no-such-fact
	[[ -z $output && $stderr == "probe: no group or fact is called no-such-fact"* ]]
}

@test "columns: a command in place of the probe" {
	skip_unless_user_namespaces
	"$COOPER_BIN/columns" --user --column host --column 3 --run sh -c 'echo "a \"$(hostname)\""; exit 3' >matrix
	run -0 jq -r '.columns[] | "\(.name) \(.status) \(.output)"' matrix
	[[ ${lines[1]} == '3 3 a "cask"' ]]
}

@test "columns: a stage, fact or option that is not there is refused" {
	run -1 "$COOPER_BIN/columns" --column 9
	[[ ${lines[0]} == "columns: there is no column 9 here" ]]
	run -1 "$COOPER_BIN/columns" no-such-fact
	[[ ${lines[0]} == "columns: no group or fact is called no-such-fact" ]]
	run -1 "$COOPER_BIN/columns" --nonsense
	[[ ${lines[0]} == "columns: unknown option --nonsense" ]]
}
