# Stage 6: what is wrong with a bundle, and a config to start from.

load ../helpers

STAGE=$COOPER_BIN/6-oci

# A bundle that has nothing wrong with it.
bundle_make() {
	mkdir -p "$1/rootfs"
	"$STAGE" spec >"$1/config.json"
}

# change EXPRESSION: edits the config of the bundle, with sed.
change() {
	sed -i -e "$1" bundle/config.json
	! diff <("$STAGE" spec) bundle/config.json
}

# --- spec -------------------------------------------------------------------------------------

@test "spec prints a config that check has nothing against" {
	bundle_make bundle
	run -0 --separate-stderr "$STAGE" check bundle
	[[ $output == "config.json: no errors" ]]
	[[ -z $stderr ]]
}

@test "spec: every namespace but the user's is new" {
	run -0 "$STAGE" spec
	for type in pid network ipc uts mount cgroup; do
		[[ $output == *"{\"type\": \"$type\"}"* ]]
	done
	[[ $output != *'"user"}'* ]]
	[[ $output != *'"path": "/'* ]]
}

@test "spec that cannot be written fails" {
	spec_onto_a_full_disk() {
		"$STAGE" spec >/dev/full
	}
	run -1 --separate-stderr spec_onto_a_full_disk
	[[ $stderr == *"No space left on device"* ]]
}

# --- check: the errors of a config ------------------------------------------------------------

# spec: config:valid-values-1 config:process-5 config-linux:namespaces-1
@test "check prints every error, a line each, with its path" {
	bundle_make bundle
	change 's/"cwd": "\/"/"cwd": "tmp"/; s/"soft": 1024/"soft": "many"/; s/"uts"/"net"/'
	run -1 --separate-stderr "$STAGE" check bundle
	[[ -z $output ]]
	[[ $(wc -l <<<"$stderr") -eq 4 ]]
	grep -qx 'config.json: process.cwd: expected an absolute path, found "tmp"' <<<"$stderr"
	grep -qx 'config.json: process.rlimits\[0\].soft: expected an integer, found a string "many"' \
		<<<"$stderr"
	grep -q '^config.json: linux.namespaces\[3\].type: expected one of .*, found "net"$' \
		<<<"$stderr"
	grep -q '^config.json: hostname: ' <<<"$stderr"
}

# spec: config:valid-values-1
@test "what this stage does not do is refused by its name" {
	bundle_make bundle
	change 's/"cwd"/"noNewPrivileges": true, "capabilities": {}, "cwd"/
		s/"linux": {/"linux": {"seccomp": {"defaultAction": "SCMP_ACT_KILL"},/'
	for verb in check run; do
		run -1 --separate-stderr "$STAGE" "$verb" bundle
		[[ $stderr == *"process.capabilities: this stage does not do it yet"* ]]
	done
	run -1 --separate-stderr "$STAGE" check bundle
	[[ $stderr == *"process.noNewPrivileges: this stage does not do it yet"* ]]
	[[ $stderr == *"linux.seccomp: this stage does not do it yet"* ]]
}

# spec: config:extensibility-1
@test "an unknown property, or one of another platform, is no error" {
	bundle_make bundle
	change 's/"linux": {/"windows": 7, "com.example": [null], "linux": {"x": {},/'
	run -0 "$STAGE" check bundle
}

@test "a config without a mount namespace is refused: its mounts would be the host's" {
	bundle_make bundle
	change '/"type": "mount"/d'
	run -1 --separate-stderr "$STAGE" check bundle
	[[ $stderr == *"linux.namespaces: one of type mount is missing"* ]]
}

@test "text from the config cannot steer the terminal or fake a line" {
	bundle_make bundle
	change 's/"cwd": "\/"/"cwd": "\\u001b[2J\\nconfig.json: no errors"/'
	run -1 --separate-stderr "$STAGE" check bundle
	[[ $(wc -l <<<"$stderr") -eq 1 ]]
	[[ $stderr != *$'\e'* ]]
}

# --- check: the root filesystem ---------------------------------------------------------------

@test "a bundle without a rootfs: the property and the directory are named" {
	bundle_make bundle
	rmdir bundle/rootfs
	for verb in check run; do
		run -1 --separate-stderr "$STAGE" "$verb" bundle
		[[ $stderr == *'root.path: "rootfs": No such file or directory'* ]]
	done
}

@test "a rootfs that is a file" {
	bundle_make bundle
	rmdir bundle/rootfs
	: >bundle/rootfs
	run -1 --separate-stderr "$STAGE" check bundle
	[[ $stderr == *'root.path: "rootfs": Not a directory'* ]]
}

# --- check: files that are no config ----------------------------------------------------------

# refused WORDS: check and run both refuse the bundle, at once, in one line that says WORDS.
refused() {
	local verb
	for verb in check run; do
		run -1 --separate-stderr in_time 20 "$STAGE" "$verb" bundle
		[[ $(grep -cv '^  hint: ' <<<"$stderr") -eq 1 ]]
		[[ $stderr == *"$1"* ]] || { echo "$stderr"; return 1; }
	done
}

@test "config.json: missing" {
	mkdir -p bundle/rootfs
	refused "config.json: No such file or directory"
}

@test "config.json: empty" {
	bundle_make bundle
	: >bundle/config.json
	refused "config.json: the file is empty"
}

@test "config.json: truncated" {
	bundle_make bundle
	truncate -s 100 bundle/config.json
	refused "config.json: line 5, column 30: the file ends too early"
}

@test "config.json: not JSON" {
	bundle_make bundle
	printf '#!/bin/sh\nexit\n' >bundle/config.json
	refused "config.json: line 1, column 1: not JSON"
}

@test "config.json: of the wrong type" {
	bundle_make bundle
	echo '["ociVersion"]' >bundle/config.json
	refused "config.json: expected an object, found a list"
}

# spec: glossary:json-2
@test "config.json: one property twice" {
	bundle_make bundle
	change 's/"cwd"/"cwd": "\/tmp", "cwd"/'
	refused "the same name a second time in one object"
}

@test "config.json: 4 MB of one string, of small values, of brackets" {
	bundle_make bundle
	{ printf '{"ociVersion":"' && head -c 4000000 /dev/zero | tr '\0' 1 && printf '"}'; } \
		>bundle/config.json
	run -1 --separate-stderr in_time 20 "$STAGE" check bundle
	[[ $stderr == *"ociVersion: expected a version"* ]]
	[[ ${#stderr} -lt 1000 ]]
	{ printf '{"process":{"args":[1' && yes ',1' | head -n 1000000 && printf ']}}'; } \
		>bundle/config.json
	run -1 --separate-stderr in_time 20 "$STAGE" check bundle
	[[ $stderr == *"process.args[1]: expected a string, found 1"* ]]
	[[ $(wc -l <<<"$stderr") -lt 110 ]]
	head -c 4000000 /dev/zero | tr '\0' '[' >bundle/config.json
	refused "config.json: line 1, column 65: more than 64 levels deep"
}

@test "config.json: 4 MB of what nobody knows is read and ignored" {
	bundle_make bundle
	{ printf '{"x":"' && head -c 4000000 /dev/zero | tr '\0' 1 && printf '",' &&
		"$STAGE" spec | tail -n +2; } >bundle/config.json
	run -0 in_time 20 "$STAGE" check bundle
}

@test "config.json: 20 MB" {
	bundle_make bundle
	{ "$STAGE" spec && head -c 20000000 /dev/zero | tr '\0' ' '; } >bundle/config.json
	refused "config.json: larger than 16777216 bytes"
}

@test "config.json: larger than any config" {
	bundle_make bundle
	truncate -s 1T bundle/config.json
	refused "config.json: larger than"
}

@test "config.json: a directory" {
	bundle_make bundle
	rm bundle/config.json
	mkdir bundle/config.json
	refused "config.json: expected a regular file, found a directory"
}

@test "config.json: a FIFO" {
	bundle_make bundle
	rm bundle/config.json
	mkfifo bundle/config.json
	refused "config.json: expected a regular file, found a FIFO"
}

@test "config.json: a device that never ends" {
	bundle_make bundle
	ln -sf /dev/zero bundle/config.json
	refused "config.json: expected a regular file, found a device"
}

@test "a bundle that is not there, or no directory" {
	refused "bundle: No such file or directory"
	: >bundle
	refused "bundle: Not a directory"
}

# --- wrong usage ------------------------------------------------------------------------------

@test "wrong usage ends with 2" {
	run -2 "$STAGE"
	run -2 "$STAGE" chek bundle
	run -2 "$STAGE" check
	run -2 "$STAGE" check bundle bundle
	run -2 "$STAGE" spec bundle
	run -2 "$STAGE" check --no-such-option bundle
}

@test "--help" {
	run -0 "$STAGE" --help
	[[ $output == *check*spec* ]]
	run -0 "$STAGE" check --help
	[[ $output == "usage: 6-oci check BUNDLE"* ]]
}
