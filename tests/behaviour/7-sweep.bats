# Stage 7: a fault at a system call of cooper's. All of them are in "make test-faults"; these are some,
# spread over all commands.

# bats file_tags=root

load ../helpers

may_trace() {
	"$COOPER_BIN/fault-at" "$TEST_DIR/points" list true
}

# The leaking runtime has left some.
teardown() {
	pkill -KILL -x -f 'sleep 2077' || true
	test_teardown
}

# sweep OPTION... (A slow machine takes less of it: the dry runs alone take a minute there.)
sweep() {
	skip_when_sanitized
	skip_unless "nobody may trace a process here" may_trace
	[[ $TEST_TIMEOUT_FACTOR -eq 1 || $* == *--cases* ]] || set -- "$@" --cases create,start --sample 6
	"$BATS_TEST_DIRNAME/../faults/sweep" --jobs 2 "$@"
}

@test "killed at any system call: delete --force leaves nothing, and the id can be used again" {
	sweep --faults KILL --sample 25
}

@test "a system call that fails: an error, or a container that is shut in as usual" {
	sweep --faults EIO,ENOMEM,ENOSPC --sample 25
}

@test "the sweep sees what a runtime leaves" {
	skip_when_sanitized
	mkdir bin
	# shellcheck disable=SC2016 # for the script
	printf '#!/bin/sh\n[ "$1" != delete ] || setsid sleep 2077 &\nexec %s "$@"\n' \
		"$COOPER_BIN/cooper" >bin/cooper
	chmod +x bin/cooper
	RUNTIME=$PWD/bin/cooper run -1 sweep --faults KILL --cases kill --sample 1
	[[ $output == *"(sleep 2077 ) is left"*"0 passed, 1 failed, of 1 points"* ]]
}
