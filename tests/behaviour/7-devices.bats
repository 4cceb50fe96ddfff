# Stage 7: which devices a container may use: the controller "devices" of v1, a program in v2.

# bats file_tags=root

# shellcheck disable=SC2016,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	test_teardown
}

# A container in which root may make nodes. It runs until it is told to end.
readonly MAKER='.process.capabilities = (["CAP_MKNOD", "CAP_DAC_OVERRIDE"] as $all
	| {bounding: $all, permitted: $all, effective: $all})'

# inside COMMAND: a shell in the container "one".
inside() {
	cooper exec --cap CAP_MKNOD one sh -c "$1" 2>&1
}

# may ACCESS TYPE MAJOR MINOR: whether the container may open that device so. That there is no such
# device is another error than that it is forbidden.
may() {
	local said
	said=$(inside "rm -f /dev/probe; mknod -m 666 /dev/probe $2 $3 $4 || exit
		case $1 in r) exec 3</dev/probe ;; w) exec 3>/dev/probe ;; rw) exec 3<>/dev/probe ;; esac") || true
	echo "$1 $2 $3:$4: $said"
	[[ $said != *"Operation not permitted"* ]]
}

# spec: config-linux:devices-7
@test "without a rule: the usual devices, and no others" {
	local device
	run_detached one "$MAKER"
	for device in null zero full random urandom; do
		inside "head -c 1 /dev/$device >/dev/null && [ $device = random ] || : >/dev/$device || [ $device = full ]"
	done
	may rw c 5 2
	# Two that no driver has, a loop device, a disk, a serial line.
	not may r c 60 2
	not may w c 60 1
	not may r b 7 0
	not may r b 8 0
	not may rw c 4 64
	# To make a node is no access.
	[[ $(inside 'mknod /dev/disk b 8 0; ls -l /dev/disk') == b*8,*0* ]]
}

@test "a rule opens a device for what it says, and no other" {
	run_detached one "$MAKER | .linux.resources.devices = [{allow: false, access: \"rwm\"},
		{allow: true, type: \"c\", major: 60, minor: 1, access: \"r\"},
		{allow: true, type: \"c\", major: 4, access: \"w\"},
		{allow: true, type: \"b\", major: 7, access: \"rw\"}]"
	may r c 60 1
	not may w c 60 1
	not may rw c 60 1
	not may r c 60 2
	may w c 4 64
	may w c 4 65
	not may r c 4 64
	may rw b 7 0
	not may r b 8 0
	not may r c 7 0
	may rw c 1 3
}

# spec: config-linux:allowed-device-list-1
@test "the order decides: what a later rule takes back is closed" {
	run_detached one "$MAKER | .linux.resources.devices = [
		{allow: true, type: \"c\", major: 60, minor: 1, access: \"rw\"},
		{allow: false, type: \"c\", major: 60, minor: 1, access: \"w\"},
		{allow: true, type: \"c\", major: 4, minor: 64},
		{allow: false, type: \"c\", major: 4}]"
	may r c 60 1
	not may w c 60 1
	not may r c 4 64
}

@test "all devices, but for some" {
	run_detached one "$MAKER | .linux.resources.devices = [{allow: true, access: \"rwm\"},
		{allow: false, type: \"c\", major: 60, minor: 1}]"
	may r b 7 0
	may rw c 4 64
	not may r c 60 1
	may r c 60 2
}

@test "a hole in a rule for many: v2 can, v1 says that it cannot" {
	local filter="$MAKER"' | .linux.resources.devices = [{allow: true, type: "c", major: 4},
		{allow: false, type: "c", major: 4, minor: 64}]'
	if [[ -d /sys/fs/cgroup/devices ]]; then
		bundle_make bundle "$filter"
		fails 'create one: linux.resources.devices[1]: takes a part out of what an earlier rule says' \
			create --bundle bundle one
		[[ ! -e /run/cooper/one ]]
	else
		run_detached one "$filter"
		may r c 4 65
		not may r c 4 64
	fi
}

@test "a device of linux.devices is there, and a rule lets it be used" {
	run_detached one "$MAKER"' | .linux.devices = [{path: "/dev/sixty", type: "c", major: 60, minor: 1}]
		| .linux.resources.devices = [{allow: true, type: "c", major: 60, minor: 1, access: "r"}]'
	[[ $(inside 'exec 3</dev/sixty') == *"No such device or address"* ]]
	[[ $(inside 'exec 3>/dev/sixty') == *"Operation not permitted"* ]]
}

@test "update replaces the rules" {
	run_detached one "$MAKER"
	not may r c 60 1
	echo '{"devices": [{"allow": true, "type": "c", "major": 60, "minor": 1, "access": "r"}]}' |
		cooper update --resources - one
	may r c 60 1
	may rw c 1 3
	echo '{"devices": [{"allow": true, "type": "c", "major": 4, "minor": 64, "access": "r"}]}' >rules
	cooper update --resources rules one
	not may r c 60 1
	may r c 4 64
	# What is not in the file stays.
	cooper update --pids-limit 50 one
	may r c 4 64
}

@test "wrong rules are errors" {
	local filter error
	while IFS=$'\t' read -r error filter; do
		bundle_make bundle ".linux.resources.devices = $filter"
		fails "create one: config.json: linux.resources.$error" create --bundle bundle one
	done <<-'END'
		devices[0].allow: missing	[{type: "c"}]
		devices[0].type: expected one of a, b, c, found "x"	[{allow: true, type: "x"}]
		devices[1].access: expected letters of rwm, found "rx"	[{allow: true}, {allow: true, access: "rx"}]
		devices[0].major: expected a whole number from 0 to 4095, or -1	[{allow: true, type: "c", major: 4096}]
		devices[0].minor: expected a whole number from 0 to 1048575, or -1	[{allow: true, type: "c", minor: -2}]
	END
	[[ ! -e /run/cooper/one ]]
}
