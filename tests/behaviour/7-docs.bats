# Stage 7: what is made from the source: man pages and completion from the tables of the options,
# docs/spec-coverage.md from the tests.

# shellcheck disable=SC2030,SC2031,SC2154 # variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# The source tree: bats starts in tests/behaviour of it.
readonly TREE=$BATS_TEST_DIRNAME/../..

@test "the man pages and the completion are those of these options: else make docs" {
	"$TREE/scripts/docs" "$TREE/$B/docs/generate" made
	diff -r made/man "$TREE/docs/man"
	diff -r made/completion "$TREE/docs/completion"
}

@test "docs/spec-coverage.md is what the tests say of the clauses: else make docs" {
	"$TREE/scripts/spec-coverage" >made
	diff made "$TREE/docs/spec-coverage.md"
}

@test "every command has --help, which names its options and fits 80 columns" {
	local verb
	for verb in $("$TREE/$B/docs/generate" commands); do
		run -0 --separate-stderr cooper "$verb" --help
		[[ ${lines[0]} == "usage: cooper $verb"* && -z $stderr && -z $(awk 'length > 80' <<<"$output") ]]
		run -0 cooper --help
		[[ $output == *$'\n'"  $verb "* ]]
	done
}

# completed WORD...: what TAB offers at the end of the last one.
completed() {
	# shellcheck source=../../docs/completion/cooper.bash
	source "$TREE/docs/completion/cooper.bash"
	# shellcheck disable=SC2034 # bash's
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
	_cooper
	echo "${COMPREPLY[*]}"
}

@test "completion: commands, their options, the ids of containers" {
	[[ $(completed cooper st) == "start state" ]]
	[[ $(completed cooper --log file --ro) == "--root --rootless" ]]
	[[ $(completed cooper --root dir exec --cons) == --console-socket ]]
	[[ $(completed cooper exec --log) == "" ]]
	PATH=$COOPER_BIN:$PATH
	[[ $(completed cooper --root "$TEST_DIR/state" start "") == "" ]]
	mkdir -p state/{one,two}
	[[ $(completed cooper --root "$TEST_DIR/state" start "") == "one two" ]]
	[[ $(completed cooper --root "$TEST_DIR/state" start t) == two ]]
}
