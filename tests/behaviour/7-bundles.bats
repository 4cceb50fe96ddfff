# The sample bundles, as "make bundles" makes them, run by cooper.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

setup() {
	test_setup
	BUNDLES=$(cd "$BATS_TEST_DIRNAME/../.." && realpath "$B/bundles")
	skip_unless "the sample bundles are not there: make bundles" test -e "$BUNDLES/web/config.json"
}

teardown() {
	containers_remove
	outside_remove
	test_teardown
}

@test "hello: one static program and nothing else" {
	[[ $(find "$BUNDLES/hello/rootfs" -type f) == "$BUNDLES/hello/rootfs/hello" ]]
	run -0 cooper run --bundle "$BUNDLES/hello" hello
	[[ $output == *ello* ]]
	run -0 "$COOPER_BIN/6-oci" run "$BUNDLES/hello"
	[[ $output == *ello* ]]
}

@test "busybox: a shell that knows its commands" {
	run -0 cooper run --bundle "$BUNDLES/busybox" busybox <<<'hostname; ls / | head -n 2; id -u; echo $$'
	[[ $output == $'busybox\nbin\ndev\n0\n1' ]]
}

@test "layers: an image of three layers, whiteouts included" {
	run -0 "$BUNDLES/layers/run" "$COOPER_BIN/cooper" run --bundle "$BUNDLES/layers" layers
	[[ $output == *"welcome to the application"* ]]
	[[ $output == *"/etc/secret:    gone"* ]]
	# The opaque directory hides sound=on.
	[[ $output == *"/etc/settings:  colour=green"$'\n'* ]]
	[[ $output == *"/new:           written"* ]]
	# The layers are as before, and nothing stays mounted.
	[[ ! -e $BUNDLES/layers/layer-3/new && -z $(ls -A "$BUNDLES/layers/rootfs") ]]
	[[ $(<"$BUNDLES/layers/layer-1/etc/motd") == "welcome to the base" ]]
}

@test "limits: each limit answers in its own way" {
	local percent
	run -0 cooper run --bundle "$BUNDLES/limits" limits
	percent=$(sed -n 's/^cpu: .* got \([0-9]*\)% of it$/\1/p' <<<"$output")
	# A fifth of a processor; on a busy machine it may be less.
	[[ $percent -ge 1 && $percent -le 35 ]]
	[[ $output =~ pids:\ +fork\ number\ 16\ failed:\ Resource\ temporarily\ unavailable ]]
	[[ $output =~ memory:\ +the\ process\ was\ killed\ \(signal\ 9\)\ after\ (2[0-9]|3[0-2])\ MiB ]]
}

# web_answers ADDRESS [COMMAND...]: the server says its piece to a client that COMMAND runs.
web_answers() {
	"${@:2}" timeout $((5 * TEST_TIMEOUT_FACTOR)) bash -c "exec 5<>/dev/tcp/$1/8080 || exit
		printf 'GET / HTTP/1.0\r\n\r\n' >&5; cat <&5" 2>/dev/null | grep 'Hello from a container'
}

@test "web: a server on a published port, its network made by a hook" {
	local pid
	outside_make
	cooper_quietly run --detach --bundle "$BUNDLES/web" web
	pid=$(container_pid web)
	wait_until web_answers 127.0.0.1
	wait_until web_answers 192.0.2.1 outside
	[[ $(in_network_of "$pid" ip -br -4 addr show scope global) != "" ]]
	[[ $(namespace "$pid" net) != "$(namespace self net)" ]]
	# Not root, with one right.
	[[ $(status_of "$pid" Uid) == "65534 "* && $((0x$(status_of "$pid" CapEff))) -eq 1024 ]]
	cooper kill web KILL
	wait_until has_status web stopped
	cooper delete web
	not web_answers 127.0.0.1
	not ip link show cooper0
	[[ -z $(nft list ruleset) ]]
}

@test "web: a second one finds the port in use, and leaves nothing" {
	cooper_quietly run --detach --bundle "$BUNDLES/web" web
	wait_until web_answers 127.0.0.1
	run -1 --separate-stderr cooper create --bundle "$BUNDLES/web" other
	[[ $stderr == *8080* && $stderr == *"hooks.createRuntime[0]"* ]]
	[[ ! -e /run/cooper/other ]]
	web_answers 127.0.0.1
	cooper delete --force web
	not ip link show cooper0
}

@test "web: what a killed cooper leaves, delete --force removes" {
	start "$COOPER_BIN/cooper" run --bundle "$BUNDLES/web" web
	wait_until web_answers 127.0.0.1
	kill -KILL "$PID"
	wait_until gone "$PID"
	cooper delete --force web
	not ip link show cooper0
	[[ -z $(nft list ruleset) ]]
}
