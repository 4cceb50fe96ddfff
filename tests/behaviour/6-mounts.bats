# Stage 6: what the config says of the root, its mounts, its devices and what is hidden in it.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

STAGE=$COOPER_BIN/6-oci

teardown() {
	mounts_remove
	test_teardown
}

# has PLACE OPTION..., has_not PLACE OPTION...: of the mount there, as seen by the container.
has() {
	local place=$1 options option
	options=$(mount_of "$CONTAINER" "$place" options)
	for option in "${@:2}"; do
		[[ ,$options, == *,$option,* ]] || { echo "$place: no $option in $options"; return 1; }
	done
}

has_not() {
	local option
	mount_of "$CONTAINER" "$1" options
	for option in "${@:2}"; do
		not has "$1" "$option"
	done
}

# --- the root ---------------------------------------------------------------------------------

@test "the root is the bundle's rootfs, and the host's is out of reach" {
	start_bundle
	[[ $(mount_of "$CONTAINER" / root) == */bundle/rootfs ]]
	# Nothing else of the host's is mounted: the root, /proc, /dev and /dev/pts.
	[[ $(awk '{ print $5 }' "/proc/$CONTAINER/mountinfo" | xargs) == "/ /proc /dev /dev/pts" ]]
	[[ $(ls "/proc/$CONTAINER/root") == "$(ls bundle/rootfs)" ]]
}

# spec: config:root-4
@test "root.path: absolute, or relative to the bundle" {
	start_bundle '.root.path = "./rootfs/../rootfs"'
	[[ $(mount_of "$CONTAINER" / root) == */bundle/rootfs ]]
	rootfs_make other
	start_bundle '.root.path = $dir + "/other"'
	[[ $(mount_of "$CONTAINER" / root) == */other ]]
}

# spec: config:root-8
@test "root.readonly: nothing in the root can be changed; mounts can" {
	start_bundle '.root.readonly = true | mount({destination: "/tmp", type: "tmpfs"})'
	has / ro
	has /tmp rw
	bundle_change bundle 'sh("touch /new; touch /tmp/new && rm -r /etc")'
	run -1 "$STAGE" run bundle
	[[ $output == *"/new: Read-only file system"* && $output == *"etc/passwd"*"Read-only file system"* ]]
	[[ -e bundle/rootfs/etc/passwd ]]
}

@test "without root.readonly the rootfs keeps what is written" {
	bundle_make bundle 'sh("echo new >/made")'
	run -0 "$STAGE" run bundle
	[[ $(<bundle/rootfs/made) == new ]]
}

# --- mounts -----------------------------------------------------------------------------------

# spec: config:linux-mount-options-20
@test "mount options: the attributes of a mount" {
	start_bundle 'mount({destination: "/a", type: "tmpfs", options: ["nosuid", "nodev", "noexec", "ro"]})
		| mount({destination: "/b", type: "tmpfs", options: ["noatime", "nodiratime", "nosymfollow"]})
		| mount({destination: "/c", type: "tmpfs", options: ["strictatime"]})
		| mount({destination: "/d", type: "tmpfs", options: ["relatime"]})
		| mount({destination: "/e", type: "tmpfs", options: ["ro", "nosuid", "noatime", "rw", "suid", "atime"]})'
	has /a nosuid nodev noexec ro
	has /b noatime nodiratime nosymfollow rw
	has_not /b nosuid nodev noexec relatime
	has_not /c noatime relatime
	has /d relatime
	# A later word takes back an earlier one.
	has /e rw relatime
	has_not /e nosuid noatime
}

# spec: config:linux-mount-options-22
@test "mount options: the rest is the filesystem's own" {
	start_bundle 'mount({destination: "/a", type: "tmpfs", source: "here", options: ["size=2m", "mode=710", "uid=5"]})'
	[[ $(mount_of "$CONTAINER" /a type) == tmpfs ]]
	[[ $(mount_of "$CONTAINER" /a super) == *size=2048k* ]]
	[[ $(stat -c '%a %u' "/proc/$CONTAINER/root/a") == "710 5" ]]
	[[ $(stat -f -c '%b %S' "/proc/$CONTAINER/root/a") == "512 4096" ]]
}

# spec: config:valid-values-1
@test "an option that the filesystem does not know is refused, and named" {
	refused 'mounts[3]: fsopen: a new tmpfs for /a, with nonsense: Invalid argument' \
		'mount({destination: "/a", type: "tmpfs", options: ["nonsense"]})'
	[[ $stderr == *"hint: the kernel adds: "*nonsense* ]]
	refused 'mounts[3]: fsopen: a new nofs for /a: No such device' 'mount({destination: "/a", type: "nofs"})'
	refused 'config.json: mounts[3].options[1]: this stage does not do "idmap" yet' \
		'mount({destination: "/a", source: $dir, options: ["bind", "idmap"]})'
}

@test "bind mounts: a directory and a file; what is missing is made" {
	mkdir source
	echo words >source/file
	start_bundle 'mount({destination: "/new/dir", type: "bind", source: ($dir + "/source"), options: ["rbind"]})
		| mount({destination: "/new/file", source: ($dir + "/source/file"), options: ["bind", "ro"]})
		| mount({destination: "/etc/passwd", source: ($dir + "/source/file"), options: ["bind"]})'
	[[ $(<"/proc/$CONTAINER/root/new/dir/file") == words ]]
	[[ $(<"/proc/$CONTAINER/root/etc/passwd") == words ]]
	[[ $(mount_of "$CONTAINER" /new/file root) == */source/file ]]
	has /new/file ro
	has /new/dir rw
	# What was made in the rootfs is empty; what was there is as it was.
	[[ -z $(ls -A bundle/rootfs/new/dir) && -f bundle/rootfs/new/file && ! -s bundle/rootfs/new/file ]]
	grep -q ^root: bundle/rootfs/etc/passwd
}

# nested_source: "source" with a mount in it.
nested_source() {
	mkdir -p source/inner
	mount -t tmpfs tmpfs source/inner
	echo words >source/inner/file
}

# spec: config:linux-mount-options-3
@test "bind leaves out the mounts below, rbind brings them" {
	nested_source
	start_bundle 'mount({destination: "/a", source: ($dir + "/source"), options: ["bind"]})
		| mount({destination: "/b", source: ($dir + "/source"), options: ["rbind"]})'
	[[ -z $(ls -A "/proc/$CONTAINER/root/a/inner") ]]
	[[ $(<"/proc/$CONTAINER/root/b/inner/file") == words ]]
	not mount_of "$CONTAINER" /a/inner root
	[[ $(mount_of "$CONTAINER" /b/inner type) == tmpfs ]]
}

@test "ro holds for the mount itself, rro for those below, too" {
	nested_source
	start_bundle 'mount({destination: "/a", source: ($dir + "/source"), options: ["rbind", "ro", "nosuid"]})
		| mount({destination: "/b", source: ($dir + "/source"), options: ["rbind", "rro", "rnosuid"]})'
	has /a ro nosuid
	has /a/inner rw
	has_not /a/inner nosuid
	has /b ro nosuid
	has /b/inner ro nosuid
	# And nothing of it is the host's.
	[[ $(mount_of self "$TEST_DIR/source/inner" options) != *nosuid* ]]
	touch source/inner/new source/new
}

@test "mount propagation: private unless it is said otherwise" {
	mkdir source
	mount -t tmpfs tmpfs source
	mount --make-shared source
	start_bundle 'mount({destination: "/default", source: ($dir + "/source"), options: ["rbind"]})
		| mount({destination: "/private", source: ($dir + "/source"), options: ["rbind", "rprivate"]})
		| mount({destination: "/shared", source: ($dir + "/source"), options: ["rbind", "rshared"]})
		| mount({destination: "/slave", source: ($dir + "/source"), options: ["rbind", "rslave"]})
		| mount({destination: "/unbindable", type: "tmpfs", options: ["unbindable"]})'
	[[ -z $(mount_of "$CONTAINER" /default propagation) ]]
	[[ -z $(mount_of "$CONTAINER" /private propagation) ]]
	[[ $(mount_of "$CONTAINER" /shared propagation) == *shared:* ]]
	[[ $(mount_of "$CONTAINER" /slave propagation) == master:* ]]
	[[ $(mount_of "$CONTAINER" /unbindable propagation) == "unbindable " ]]
	# What the host mounts there from now on shows in the slave.
	mkdir source/later
	mount -t tmpfs tmpfs source/later
	[[ $(mount_of "$CONTAINER" /slave/later type) == tmpfs ]]
	not mount_of "$CONTAINER" /private/later type
	not mount_of "$CONTAINER" /default/later type
}

# spec: config:mounts-1
@test "a later mount may stand on an earlier one" {
	start_bundle 'mount({destination: "/a", type: "tmpfs"}) | mount({destination: "/a/b/c", type: "tmpfs", options: ["ro"]})'
	has /a/b/c ro
	[[ ! -e bundle/rootfs/a/b ]]
}

@test "a destination that leads through a link of the rootfs stays inside" {
	mkdir host
	bundle_make bundle 'mount({destination: "/absolute/new", type: "tmpfs"})
		| mount({destination: "/relative/new", type: "tmpfs"}) | mount({destination: "/../../up", type: "tmpfs"})'
	ln -s "$TEST_DIR/host" bundle/rootfs/absolute
	ln -s ../../../../../../../../../../.."$TEST_DIR/host" bundle/rootfs/relative
	mkdir -p "bundle/rootfs$TEST_DIR/host"
	start_made_bundle
	has "$TEST_DIR/host/new" rw
	has /up rw
	[[ $(grep -c " $TEST_DIR/host/new " "/proc/$CONTAINER/mountinfo") -eq 2 ]]
	[[ -z $(ls -A host) ]]
}

@test "a dangling link in a destination makes nothing on the host" {
	bundle_make bundle 'mount({destination: "/dangling/new", type: "tmpfs"})'
	ln -s "$TEST_DIR/not-there" bundle/rootfs/dangling
	run ! "$STAGE" run bundle
	[[ ! -e not-there ]]
}

@test "mounts of a container never show on the host, whose mounts are shared" {
	bundle_make bundle 'mount({destination: "/a", type: "tmpfs"}) | .linux.rootfsPropagation = "shared"'
	start unshare --mount --propagation shared sh -c "echo ready; exec sleep 2000"
	await_output ready
	local host=$PID
	cat "/proc/$host/mountinfo" >before
	start nsenter --mount="/proc/$host/ns/mnt" "$STAGE" run "$TEST_DIR/bundle"
	wait_until pgrep -P "$PID" -x sleep
	CONTAINER=$(pgrep -P "$PID" -x sleep)
	has /a rw
	nsenter --mount="/proc/$CONTAINER/ns/mnt" /bin/mount -t tmpfs tmpfs /root
	has /root rw
	diff before "/proc/$host/mountinfo"
}

# spec: config-linux:rootfs-mount-propagation-1
@test "rootfsPropagation is the root's" {
	mkdir -p bundle
	mount -t tmpfs tmpfs bundle
	mount --make-shared bundle
	start_bundle
	[[ -z $(mount_of "$CONTAINER" / propagation) ]]
	start_bundle '.linux.rootfsPropagation = "private"'
	[[ -z $(mount_of "$CONTAINER" / propagation) ]]
	start_bundle '.linux.rootfsPropagation = "slave"'
	[[ $(mount_of "$CONTAINER" / propagation) == master:* ]]
	# What the host mounts in the rootfs shows in the container then.
	mount -t tmpfs tmpfs bundle/rootfs/root
	[[ $(mount_of "$CONTAINER" /root type) == tmpfs ]]
	umount bundle/rootfs/root
	start_bundle '.linux.rootfsPropagation = "rshared"'
	[[ $(mount_of "$CONTAINER" / propagation) == *shared:* ]]
	start_bundle '.linux.rootfsPropagation = "unbindable"'
	[[ $(mount_of "$CONTAINER" / propagation) == *unbindable* ]]
}

# --- devices ----------------------------------------------------------------------------------

# device PATH: "TYPE MAJOR:MINOR MODE UID:GID" of the container's, in hexadecimal numbers.
device() {
	stat -c '%F %t:%T %a %u:%g' "/proc/$CONTAINER/root$1"
}

# spec: config-linux:default-devices-1
@test "the standard devices and links are in every /dev" {
	start_bundle
	[[ $(device /dev/null) == "character special file 1:3 666 0:0" ]]
	[[ $(device /dev/zero) == *" 1:5 666 "* && $(device /dev/full) == *" 1:7 666 "* ]]
	[[ $(device /dev/random) == *" 1:8 666 "* && $(device /dev/urandom) == *" 1:9 666 "* ]]
	[[ $(device /dev/tty) == *" 5:0 666 "* ]]
	[[ $(readlink "/proc/$CONTAINER/root/dev/fd") == /proc/self/fd ]]
	[[ $(readlink "/proc/$CONTAINER/root/dev/ptmx") == pts/ptmx ]]
}

# spec: config-linux:devices-1
@test "devices of the config: numbers, mode and owner" {
	start_bundle '.linux.devices = [
		{path: "/dev/deep/er", type: "c", major: 1, minor: 3, fileMode: 384, uid: 5, gid: 6},
		{path: "/dev/block", type: "b", major: 7, minor: 200},
		{path: "/dev/pipe", type: "p", fileMode: 511}]'
	[[ $(device /dev/deep/er) == "character special file 1:3 600 5:6" ]]
	[[ $(device /dev/block) == "block special file 7:c8 666 0:0" ]]
	[[ $(device /dev/pipe) == "fifo 0:0 777 0:0" ]]
}

# spec: config-linux:devices-4
@test "a device that is there already is fine; anything else in its place is not" {
	start_bundle '.linux.devices = [{path: "/dev/null", type: "c", major: 1, minor: 3}]'
	[[ $(device /dev/null) == *" 1:3 "* ]]
	refused 'linux.devices[0]: /dev/null: something else is there already' \
		'.linux.devices = [{path: "/dev/null", type: "c", major: 1, minor: 5}]'
	refused 'linux.devices[0]: /etc/passwd: something else is there already' \
		'.linux.devices = [{path: "/etc/passwd", type: "c", major: 1, minor: 3}]'
}

# --- what is hidden ---------------------------------------------------------------------------

# spec: config-linux:masked-paths-2
@test "maskedPaths: a file, a directory, and what is not there" {
	mkdir -p bundle
	rootfs_make bundle/rootfs
	mkdir bundle/rootfs/secret
	echo words | tee bundle/rootfs/secret/file >bundle/rootfs/key
	start_bundle '.linux.maskedPaths = ["/secret", "/key", "/proc/version", "/not/there", "/etc/passwd/not"]'
	[[ $(mount_of "$CONTAINER" /secret type) == tmpfs ]]
	has /secret ro
	[[ -z $(ls -A "/proc/$CONTAINER/root/secret") ]]
	[[ $(device /key) == "character special file 1:3 "* ]]
	[[ $(device /proc/version) == "character special file 1:3 "* ]]
	[[ -f bundle/rootfs/key && -s bundle/rootfs/secret/file ]]
}

@test "maskedPaths and readonlyPaths that are links stay inside" {
	mkdir -p bundle host
	rootfs_make bundle/rootfs
	mkdir -p "bundle/rootfs$TEST_DIR/host"
	ln -s "$TEST_DIR/host" bundle/rootfs/link
	start_bundle '.linux.maskedPaths = ["/link"]'
	[[ $(mount_of "$CONTAINER" "$TEST_DIR/host" type) == tmpfs ]]
	start_bundle '.linux.readonlyPaths = ["/link"]'
	has "$TEST_DIR/host" ro
	touch host/new
}

# spec: config-linux:readonly-paths-2
@test "readonlyPaths: the path and all mounts below" {
	start_bundle 'mount({destination: "/a", type: "tmpfs"}) | mount({destination: "/a/b", type: "tmpfs"})
		| .linux.readonlyPaths = ["/proc/sys", "/a", "/etc/passwd", "/not/there"]'
	has /proc/sys ro
	has /a ro
	has /a/b ro
	has /etc/passwd ro
	has /proc rw
	bundle_change bundle 'sh("echo 1 >/proc/sys/net/ipv4/ip_forward")'
	run -1 "$STAGE" run bundle
	[[ $output == *"Read-only file system"* ]]
}
