# Stage 7: every kind of mount and every option that the specification knows, and who may be trusted
# with the place that a mount goes to.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

setup() {
	test_setup
	CONTAINER=
}

teardown() {
	containers_remove
	mounts_remove
	test_teardown
}

# A user namespace of the container's own: its root is 100000 on the host.
readonly USERS='(.linux.namespaces += [{type: "user"}]
	| .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
	| .linux.gidMappings = .linux.uidMappings)'

# run_one [FILTER]: runs it; the pid of its process in CONTAINER.
run_one() {
	run_detached one "${1:-.}"
	CONTAINER=$(container_pid one)
}

# inside PATH: a file of the container's, for the host to look at.
inside() {
	echo "/proc/$CONTAINER/root$1"
}

# mounts_inside PLACE: mounts something there from the container's side.
mounts_inside() {
	nsenter --mount="/proc/$CONTAINER/ns/mnt" --root="/proc/$CONTAINER/root" /bin/mount -t tmpfs tmpfs "$1"
}

# has PLACE OPTION..., has_not PLACE OPTION...: of the mount there, as seen by the container.
has() {
	local place=$1 options option
	options=$(mount_of "$CONTAINER" "$place" options),$(mount_of "$CONTAINER" "$place" super)
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

# --- the specification's table of options -----------------------------------------------------

# spec: config:linux-mount-options-5 config:linux-mount-options-6 config:linux-mount-options-7
# spec: config:linux-mount-options-8 config:linux-mount-options-9 config:linux-mount-options-10
# spec: config:linux-mount-options-12 config:linux-mount-options-20 config:linux-mount-options-21
@test "options of one mount: each word of the table does what it says" {
	local word
	# In jq: a tmpfs on /WORD for each, and on /not-WORD one that has it taken back.
	run_one 'def each($words): reduce $words[] as $word (.; mount({destination: ("/" + $word), type: "tmpfs", options: [$word]}));
		def back($pairs): reduce ($pairs | to_entries[]) as $pair (.;
			mount({destination: ("/" + $pair.value), type: "tmpfs", options: [$pair.key, $pair.value]}));
		each(["ro", "nosuid", "nodev", "noexec", "nosymfollow", "noatime", "nodiratime", "relatime", "strictatime",
			"sync", "dirsync", "lazytime", "defaults", "silent", "loud", "iversion", "noiversion", "norelatime",
			"nostrictatime", "mand", "private", "shared", "slave", "unbindable", "x-mark", "_netdev"])
		| back({ro: "rw", nosuid: "suid", nodev: "dev", noexec: "exec", nosymfollow: "symfollow",
			noatime: "atime", nodiratime: "diratime", sync: "async", lazytime: "nolazytime", mand: "nomand"})'
	for word in ro nosuid nodev noexec nosymfollow noatime nodiratime relatime sync dirsync lazytime; do
		has "/$word" "$word"
		has_not /defaults "${word/relatime/nothing}"
	done
	has /nostrictatime relatime
	has_not /strictatime relatime noatime
	has_not /norelatime relatime noatime
	has_not /suid nosuid
	has_not /dev nodev
	has_not /exec noexec
	has_not /symfollow nosymfollow
	has_not /diratime nodiratime
	has_not /async sync
	has_not /nolazytime lazytime
	has /rw rw
	has /atime relatime
	for word in silent loud iversion noiversion nomand x-mark _netdev; do
		has "/$word" rw relatime
	done
	[[ $(mount_of "$CONTAINER" /shared propagation) == shared:* ]]
	[[ $(mount_of "$CONTAINER" /unbindable propagation) == unbindable* ]]
	[[ -z $(mount_of "$CONTAINER" /private propagation)$(mount_of "$CONTAINER" /slave propagation) ]]
}

# spec: config:linux-mount-options-13
@test "options of a mount and all below it: each word with an r in front" {
	local word strict=ro,nosuid,nodev,noexec,nosymfollow,noatime,nodiratime
	mkdir -p plain strict
	mount -t tmpfs tmpfs plain
	mount -t tmpfs tmpfs strict
	mkdir plain/inner strict/inner
	mount -t tmpfs tmpfs plain/inner
	mount -t tmpfs tmpfs strict/inner
	mount -o "remount,bind,$strict" strict/inner
	mount -o "remount,bind,$strict" strict
	run_one 'def each($from; $words): reduce $words[] as $word (.;
			mount({destination: ("/" + $word), source: ($dir + "/" + $from), options: ["rbind", $word]}));
		each("plain"; ["rro", "rnosuid", "rnodev", "rnoexec", "rnosymfollow", "rnoatime", "rnodiratime", "rstrictatime", "rnorelatime"])
		| each("strict"; ["rrw", "rsuid", "rdev", "rexec", "rsymfollow", "rdiratime", "ratime", "rrelatime", "rnostrictatime"])
		| each("plain"; ["ro", "nosuid", "rprivate", "rshared", "rslave", "runbindable"])'
	for word in ro nosuid nodev noexec nosymfollow noatime nodiratime; do
		has "/r$word" "$word"
		has "/r$word/inner" "$word"
	done
	for word in rw:ro suid:nosuid dev:nodev exec:noexec symfollow:nosymfollow diratime:nodiratime \
		atime:noatime relatime:noatime nostrictatime:noatime; do
		has_not "/r${word%:*}" "${word#*:}"
		has_not "/r${word%:*}/inner" "${word#*:}"
	done
	for word in strictatime norelatime; do
		has_not "/r$word" relatime noatime
		has_not "/r$word/inner" relatime noatime
	done
	# Without an r it is the one mount's.
	has /ro ro
	has /ro/inner rw
	has_not /nosuid/inner nosuid
	[[ $(mount_of "$CONTAINER" /rshared/inner propagation) == shared:* ]]
	[[ $(mount_of "$CONTAINER" /runbindable/inner propagation) == unbindable* ]]
	[[ -z $(mount_of "$CONTAINER" /rprivate/inner propagation) ]]
	# The host's are as they were.
	[[ $(mount_of self "$TEST_DIR/plain/inner" options) == rw,relatime ]]
}

# spec: config:linux-mount-options-11
@test "remount changes a mount that is there: its attributes, and its filesystem" {
	mkdir source
	run_one 'mount({destination: "/a", type: "tmpfs", options: ["size=1m"]})
		| mount({destination: "/a/below", type: "tmpfs"})
		| mount({destination: "/b", source: ($dir + "/source"), options: ["bind", "nodev"]})
		| mount({destination: "/a", type: "tmpfs", options: ["remount", "ro", "nosuid", "size=2m"]})
		| mount({destination: "/b", options: ["remount", "bind", "noexec"]})'
	has /a ro nosuid size=2048k
	has /a/below rw
	has /b nodev noexec
	[[ $(grep -c ' /[ab] ' "/proc/$CONTAINER/mountinfo") -eq 2 ]]
	cooper delete --force one
	create_fails 'mounts[3]: mount_setattr: on the mount at /root' 'mount({destination: "/root", options: ["remount", "ro"]})'
	create_fails 'mounts[3]: openat2: /not/there' 'mount({destination: "/not/there", options: ["remount", "ro"]})'
}

# spec: config:linux-mount-options-18 config:posix-platform-mounts-3
@test "what an option cannot do is refused, and named" {
	create_fails 'config.json: mounts[3].options: tmpcopyup needs a tmpfs' \
		'mount({destination: "/a", type: "proc", options: ["tmpcopyup"]})'
	create_fails 'config.json: mounts[3].options: remount changes' \
		'mount({destination: "/proc", options: ["remount", "idmap"], uidMappings: [{containerID: 0, hostID: 1, size: 1}],
			gidMappings: [{containerID: 0, hostID: 1, size: 1}]})'
	create_fails 'config.json: mounts[3].destination: expected a path, found ""' 'mount({destination: "", type: "tmpfs"})'
	create_fails 'config.json: mounts[3].uidMappings: missing; idmap needs them' \
		'mount({destination: "/a", source: $dir, options: ["bind", "idmap"]})'
	create_fails 'config.json: mounts[3].gidMappings: missing beside uidMappings' \
		'mount({destination: "/a", source: $dir, options: ["bind"], uidMappings: [{containerID: 0, hostID: 1, size: 1}]})'
	create_fails 'config.json: mounts[3].uidMappings[0].size: expected at least 1, found 0' \
		'mount({destination: "/a", source: $dir, options: ["bind"], uidMappings: [{containerID: 0, hostID: 1, size: 0}],
			gidMappings: [{containerID: 0, hostID: 1, size: 1}]})'
	create_fails 'config.json: mounts[3].options: ids can be mapped in a bind mount only' \
		'mount({destination: "/a", type: "tmpfs", options: ["idmap"], uidMappings: [{containerID: 0, hostID: 1, size: 1}],
			gidMappings: [{containerID: 0, hostID: 1, size: 1}]})'
}

# --- bind mounts ------------------------------------------------------------------------------

# spec: config:mounts-4 config:mounts-8
@test "bind: files, devices, sockets, and paths of every form" {
	mkdir -p source bundle/volume
	echo file >source/file
	echo volume >bundle/volume/file
	ln -s "$TEST_DIR/source" linked
	perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("source/socket"))'
	run_one 'def bind($from; $to): mount({destination: $to, source: $from, options: ["bind"]});
		bind($dir + "/source/file"; "/new/file") | bind($dir + "/source"; "/new/directory/")
		| bind("/dev/zero"; "/new/zero") | bind($dir + "/source/socket"; "/new/socket")
		| bind("volume"; "relative/target") | bind("volume/file"; "/new/from-bundle")
		| bind($dir + "/linked/"; "/through-link")'
	[[ $(<"$(inside /new/file)") == file && $(<"$(inside /new/directory/file)") == file ]]
	[[ $(stat -c %t:%T "$(inside /new/zero)") == 1:5 && -S $(inside /new/socket) ]]
	[[ $(<"$(inside /relative/target/file)") == volume && $(<"$(inside /new/from-bundle)") == volume ]]
	[[ $(<"$(inside /through-link/file)") == file ]]
	# What was missing was made, for a directory a directory.
	[[ -d bundle/rootfs/new/directory && -f bundle/rootfs/new/socket && -d bundle/rootfs/relative/target ]]
	cooper delete --force one
	create_fails 'mounts[3]: openat2: /etc/passwd' \
		'mount({destination: "/etc/passwd", source: $dir, options: ["bind"]})'
	create_fails 'mounts[3]: move_mount: attach it to /etc' \
		'mount({destination: "/etc", source: ($dir + "/source/file"), options: ["bind"]})'
	create_fails 'mounts[3]: open_tree: a copy of the mount at /not/there for /a: No such file' \
		'mount({destination: "/a", source: "/not/there", options: ["bind"]})'
}

# spec: config:mounts-1
@test "bind: nested in both orders, over an earlier mount, read-only over what is read-only" {
	mkdir -p outer inner read-only
	touch outer/outer inner/inner
	mount -t tmpfs tmpfs read-only
	mkdir read-only/below
	mount -t tmpfs tmpfs read-only/below
	mount -o remount,ro read-only
	run_one 'def bind($from; $to; $options): mount({destination: $to, source: ($dir + "/" + $from), options: $options});
		bind("outer"; "/a"; ["bind"]) | bind("inner"; "/a/b"; ["bind"])
		| bind("inner"; "/c/b"; ["bind"]) | bind("outer"; "/c"; ["bind"])
		| bind("outer"; "/d"; ["bind"]) | bind("inner"; "/d"; ["bind"])
		| bind("read-only"; "/e"; ["rbind", "ro"]) | bind("read-only"; "/f"; ["bind"])'
	[[ -e $(inside /a/outer) && -e $(inside /a/b/inner) ]]
	[[ -e $(inside /c/outer) && ! -e $(inside /c/b/inner) ]]
	[[ -e $(inside /d/inner) && ! -e $(inside /d/outer) ]]
	has /e ro
	has /e/below rw
	run ! touch "$(inside /f/new)"
}

@test "a mount on / is the root from there on" {
	mkdir root
	rootfs_make root/new
	touch root/new/marked
	run_one '.mounts = [{destination: "/..//", source: ($dir + "/root/new"), options: ["rbind", "nosuid"]}] + .mounts
		| .root.readonly = true'
	[[ -e $(inside /marked) ]]
	has / ro nosuid
	[[ $(mount_of "$CONTAINER" /proc type) == proc ]]
}

# --- /proc ------------------------------------------------------------------------------------

@test "nothing is mounted in /proc, but what is known to be harmless there" {
	mkdir source
	echo "0.00 0.00" >source/uptime
	run_one 'mount({destination: "/proc/uptime", source: ($dir + "/source/uptime"), options: ["bind"]})
		| mount({destination: "/proc/net/dev", source: ($dir + "/source/uptime"), options: ["bind"]})
		| mount({destination: "/proc", type: "proc"}) | mount({destination: "/proc/uptime", source: ($dir + "/source/uptime"), options: ["bind"]})'
	[[ $(<"$(inside /proc/uptime)") == "0.00 0.00" ]]
	cooper delete --force one
	create_fails 'mounts[3]: destination: /proc: only a proc can cover a proc' 'mount({destination: "/proc", type: "tmpfs"})'
	create_fails 'mounts[3]: destination: //proc/./: only a proc can cover a proc' \
		'mount({destination: "//proc/./", source: ($dir + "/source"), options: ["rbind"]})'
	create_fails 'mounts[3]: destination: /proc/sys/kernel: in /proc, where nothing may be mounted' \
		'mount({destination: "/proc/sys/kernel", type: "tmpfs"})'
	create_fails 'mounts[3]: destination: /proc/self/attr/exec: in /proc' \
		'mount({destination: "/proc/self/attr/exec", source: ($dir + "/source/uptime"), options: ["bind"]})'
	create_fails 'mounts[3]: destination: /proc/1/stat: in /proc' \
		'mount({destination: "/proc/1/stat", source: ($dir + "/source/uptime"), options: ["bind"]})'
	# By a link of the rootfs.
	rmdir bundle/rootfs/root
	ln -s proc bundle/rootfs/root
	create_fails 'mounts[3]: destination: /root: only a proc can cover a proc' 'mount({destination: "/root", type: "tmpfs"})'
	create_fails 'mounts[3]: destination: /root/version: in /proc' \
		'mount({destination: "/root/version", source: ($dir + "/source/uptime"), options: ["bind"]})'
	# A directory called proc is no proc.
	run_one '.mounts |= map(select(.destination != "/proc")) | mount({destination: "/proc", type: "tmpfs"})'
	[[ $(mount_of "$CONTAINER" /proc type) == tmpfs ]]
}

# --- tmpcopyup --------------------------------------------------------------------------------

@test "tmpcopyup: the tmpfs has what the rootfs has there" {
	mkdir -p bundle
	rootfs_make bundle/rootfs
	(
		cd bundle/rootfs
		mkdir -p var/deep/er var/empty var/mounted/hidden
		echo words >var/file
		chown 5:6 var/file
		chmod 4751 var/file
		ln var/file var/deep/er/again
		ln -s /etc/passwd var/link
		chown -h 7:8 var/link
		mkfifo -m 620 var/pipe
		mknod -m 640 var/node c 1 3
		dd if=/dev/zero of=var/sparse bs=1 count=1 seek=50M status=none
		head -c 3000000 /dev/urandom >var/large
		setfattr -n trusted.mark -v here var/file
		setfattr -n security.capability -v 0sAQAAAgAEAAAAAAAAAAAAAAAAAAA= var/large
		chmod 1770 var
		chown 9:10 var
		touch -d @1000000000 var/file var/empty var
		touch -h -d @1000000000 var/link
	)
	mkdir source
	touch source/file
	run_one 'mount({destination: "/var/mounted", source: ($dir + "/source"), options: ["bind"]})
		| mount({destination: "/var", type: "tmpfs", options: ["tmpcopyup", "ro", "nosuid"]})
		| mount({destination: "/etc", type: "tmpfs", options: ["tmpcopyup", "mode=700", "uid=3"]})
		| mount({destination: "/not/there", type: "tmpfs", options: ["tmpcopyup"]})'
	[[ $(mount_of "$CONTAINER" /var type) == tmpfs ]]
	has /var ro nosuid
	# Names, kinds, modes, owners, times, sizes, links: as they are, but in other blocks.
	local left right
	left=$(cd bundle/rootfs/var && find . ! -path './mounted*' -printf '%P %y %m %U %G %l %n %T@ ' \( -type f -printf '%s\n' -o -printf '\n' \) | sort)
	right=$(cd "$(inside /var)" && find . ! -path './mounted*' -printf '%P %y %m %U %G %l %n %T@ ' \( -type f -printf '%s\n' -o -printf '\n' \) | sort)
	diff <(echo "$left") <(echo "$right")
	cmp bundle/rootfs/var/large "$(inside /var/large)"
	[[ $(stat -c %i "$(inside /var/file)") == "$(stat -c %i "$(inside /var/deep/er/again)")" ]]
	[[ $(stat -c %t:%T "$(inside /var/node)") == 1:3 ]]
	[[ $(stat -c %b "$(inside /var/sparse)") -le 16 ]]
	[[ $(getfattr --only-values -n trusted.mark "$(inside /var/file)") == here ]]
	getfattr -n security.capability "$(inside /var/large)"
	# What is mounted there is not copied, nor what that covers.
	[[ -z $(ls -A "$(inside /var/mounted)") ]]
	# Its own options come before the directory's.
	[[ $(stat -c '%a %u' "$(inside /etc)") == "700 3" && -s $(inside /etc/passwd) ]]
	[[ -z $(ls -A "$(inside /not/there)") ]]
	# The rootfs is as it was.
	[[ -e bundle/rootfs/var/file && -z $(ls -A bundle/rootfs/not/there) ]]
}

@test "tmpcopyup: no link of the rootfs leads out, and what does not fit is an error" {
	mkdir -p bundle host
	rootfs_make bundle/rootfs
	echo secret >host/file
	ln -s "$TEST_DIR/host" bundle/rootfs/etc/out
	rm -r bundle/rootfs/var
	ln -s "$TEST_DIR/host" bundle/rootfs/var
	run_one 'mount({destination: "/etc", type: "tmpfs", options: ["tmpcopyup"]})'
	[[ $(readlink "$(inside /etc/out)") == "$TEST_DIR/host" ]]
	cooper delete --force one
	# (A link to where the rootfs has nothing is an error, as it is for every mount.)
	create_fails 'mounts[3]: openat2: /var' 'mount({destination: "/var", type: "tmpfs", options: ["tmpcopyup"]})'
	head -c 300000 /dev/zero | tr '\0' x >bundle/rootfs/etc/large
	create_fails 'mounts[3]: sendfile: copy what is at /etc into the tmpfs that will cover it: No space left' \
		'mount({destination: "/etc", type: "tmpfs", options: ["tmpcopyup", "size=64k"]})'
}

# --- ids of a mount ---------------------------------------------------------------------------

# users_rootfs DIR: a bundle's rootfs that belongs to the root of USERS.
users_rootfs() {
	mkdir -p "$1"
	rootfs_make "$1/rootfs"
	chown -hR 100000:100000 "$1/rootfs"
	chmod 755 . "$1"
}

# can_map_ids: the filesystem of the tests' directory can.
can_map_ids() {
	users_rootfs probe
	bundle_make probe "mount({destination: \"/a\", source: (\$dir + \"/probe\"), options: [\"bind\", \"idmap\"]}) | $USERS"
	cooper_quietly create --bundle probe probe && cooper delete --force probe
}

# owned_source: "source" with files of root and of user 1000, and in it a mount with one of root's.
owned_source() {
	mkdir -p source/inner
	touch source/root source/user
	chown 1000:1000 source/user
	mount --bind source source
	mkdir -p below
	touch below/root
	mount --bind below source/inner
}

readonly OWN_MAPS='uidMappings: [{containerID: 0, hostID: 5000, size: 1}, {containerID: 1000, hostID: 6000, size: 10}],
	gidMappings: [{containerID: 0, hostID: 7000, size: 2000}]'

# spec: config:linux-mount-options-14 config:linux-mount-options-15 config:linux-mount-options-16
# spec: config:linux-mount-options-17
@test "idmap: a mount with maps of its own, for a container without" {
	skip_unless "this host's filesystems cannot map ids" can_map_ids
	owned_source
	run_one "mount({destination: \"/a\", source: (\$dir + \"/source\"), options: [\"rbind\", \"idmap\", \"ro\", \"nosuid\"], $OWN_MAPS})
		| mount({destination: \"/b\", source: (\$dir + \"/source\"), options: [\"bind\"], $OWN_MAPS})
		| mount({destination: \"/c\", source: (\$dir + \"/source\"), options: [\"bind\"]})"
	[[ $(stat -c %u:%g "$(inside /a/root)" "$(inside /a/user)" | xargs) == "5000:7000 6000:8000" ]]
	# Only the mount itself; ridmap is for those below.
	[[ $(stat -c %u:%g "$(inside /a/inner/root)") == 0:0 ]]
	has /a ro nosuid
	has /a idmapped
	[[ $(stat -c %u:%g "$(inside /b/user)" "$(inside /c/user)" | xargs) == "6000:8000 1000:1000" ]]
	[[ $(stat -c %u:%g source/user) == 1000:1000 ]]
}

# spec: config:linux-mount-options-15
@test "idmap: without maps of its own it has those of the container" {
	skip_unless "this host's filesystems cannot map ids" can_map_ids
	owned_source
	users_rootfs bundle
	run_one "mount({destination: \"/a\", source: (\$dir + \"/source\"), options: [\"rbind\", \"idmap\"]})
		| mount({destination: \"/b\", source: (\$dir + \"/source/user\"), options: [\"bind\", \"idmap\"]})
		| mount({destination: \"/c\", source: (\$dir + \"/source\"), options: [\"bind\"]}) | $USERS"
	[[ $(stat -c %u:%g "$(inside /a/root)" "$(inside /a/user)" "$(inside /b)" | xargs) == "100000:100000 101000:101000 101000:101000" ]]
	[[ $(stat -c %u:%g "$(inside /c/user)") == 1000:1000 ]]
	# What root of the container makes there is root's on the host.
	nsenter --target "$CONTAINER" --user --mount --root /bin/touch /a/made
	[[ $(stat -c %u:%g source/made) == 0:0 ]]
	# In a user namespace that is joined: its maps.
	local joined=$CONTAINER
	users_rootfs other
	bundle_make other "mount({destination: \"/a\", source: (\$dir + \"/source\"), options: [\"bind\", \"idmap\"]})
		| join(\"user\"; \"/proc/$joined/ns/user\")"
	cooper_quietly create --bundle other two
	[[ $(stat -c %u "/proc/$(container_pid two)/root/a/user") == 101000 ]]
}

# spec: config:linux-mount-options-14 config:linux-mount-options-15
@test "ridmap: the mounts below, too" {
	skip_unless "this host's filesystems cannot map ids" can_map_ids
	owned_source
	run_one "mount({destination: \"/a\", source: (\$dir + \"/source\"), options: [\"rbind\", \"ridmap\"], $OWN_MAPS})"
	[[ $(stat -c %u:%g "$(inside /a/root)" "$(inside /a/inner/root)" | xargs) == "5000:7000 5000:7000" ]]
}

# spec: config:linux-mount-options-19 config:posix-platform-mounts-1
@test "idmap of a filesystem that cannot is an error, and nothing is left" {
	create_fails 'mounts[3]: mount_setattr: translate the ids in the mount for /a: Invalid argument' \
		"mount({destination: \"/a\", source: \"/proc\", options: [\"bind\", \"idmap\"], $OWN_MAPS})"
	[[ $stderr == *"hint: the filesystem of /proc cannot translate ids"* ]]
	no_cgroup_named one-
}

# --- in a user namespace ----------------------------------------------------------------------

@test "user namespace: volumes that only root can reach, in full or in part" {
	mkdir -p private/source/inner
	chmod 700 private
	users_rootfs bundle
	touch private/source/here
	mount -t tmpfs tmpfs private/source/inner
	touch private/source/inner/below
	mount --make-shared private/source/inner
	mkdir private/source/inner/guest
	run_one "mount({destination: \"/a\", source: (\$dir + \"/private/source\"), options: [\"bind\"]})
		| mount({destination: \"/b\", source: (\$dir + \"/private/source\"), options: [\"rbind\", \"ro\", \"rshared\"]})
		| mount({destination: \"/c\", source: (\$dir + \"/private/source/here\"), options: [\"bind\", \"nosuid\"]}) | $USERS"
	[[ -e $(inside /a/here) && ! -e $(inside /a/inner/below) ]]
	[[ -e $(inside /b/here) && -e $(inside /b/inner/below) && -f $(inside /c) ]]
	has /b ro
	has /c nosuid
	# Shared, but not with the host.
	[[ $(mount_of "$CONTAINER" /b/inner propagation) == *shared:*master:* ]]
	mounts_inside /b/inner/guest
	not mount_of self "$TEST_DIR/private/source/inner/guest" type
}

@test "user namespace: more volumes than files may be open is an error" {
	users_rootfs bundle
	bundle_make bundle "reduce range(600) as \$i (.; mount({destination: \"/v\\(\$i)\", source: \$dir, options: [\"bind\"]})) | $USERS"
	run -1 --separate-stderr prlimit --nofile=40 "$COOPER_BIN/cooper" create --bundle bundle one
	is_one_error 'cooper: create one: recvmsg: take mount number'
	[[ $stderr == *"Too many open files"* && ! -e /run/cooper/one ]]
}

@test "user namespace: devices, masked and read-only paths" {
	users_rootfs bundle
	mkdir bundle/rootfs/secret bundle/rootfs/fixed
	touch bundle/rootfs/secret/file bundle/rootfs/key bundle/rootfs/fixed/file
	run_one "$USERS | .linux.maskedPaths = [\"/secret\", \"/key\", \"/proc/version\", \"/not/there\"]
		| .linux.readonlyPaths = [\"/fixed\", \"/fixed/file\", \"/proc/sys\"]
		| .linux.devices = [{path: \"/dev/other\", type: \"c\", major: 1, minor: 5}, {path: \"/dev/null\", type: \"c\", major: 1, minor: 3},
			{path: \"/dev/pipe\", type: \"p\", fileMode: 438, uid: 5, gid: 6}]
		| sh(\"head -c 3 /dev/zero | wc -c; head -c 2 /dev/other | wc -c; echo x >/dev/null && cat /key /dev/null /proc/version
			ls /secret; touch /fixed/new; exec sleep 1000\")"
	[[ $(xargs <out) == "3 2" && $(<err) == *"/fixed/new: Read-only file system"* ]]
	[[ $(stat -c '%F %u:%g %a' "$(inside /dev/pipe)") == "fifo 100005:100006 666" ]]
	cooper delete --force one
	create_fails 'linux.devices[0]: /etc/passwd: something else is there already' \
		"$USERS | .linux.devices = [{path: \"/etc/passwd\", type: \"c\", major: 1, minor: 3}]"
	create_fails 'linux.devices[0]: /dev/nothing: this host has no node of device 4095:1048575' \
		"$USERS | .linux.devices = [{path: \"/dev/nothing\", type: \"b\", major: 4095, minor: 1048575}]"
}

# --- propagation ------------------------------------------------------------------------------

# spec: config-linux:rootfs-mount-propagation-1
@test "rootfsPropagation: who sees whose mounts" {
	local kind
	mkdir -p bundle
	mount -t tmpfs tmpfs bundle
	mount --make-shared bundle
	rootfs_make bundle/rootfs
	mkdir bundle/rootfs/{host,guest}
	for kind in none private rprivate slave rslave shared rshared unbindable; do
		run_one ".linux.rootfsPropagation = \"$kind\" | if \"$kind\" == \"none\" then del(.linux.rootfsPropagation) else . end"
		mount -t tmpfs tmpfs bundle/rootfs/host
		mounts_inside /guest
		mount_of "$CONTAINER" /guest type
		# Never out of the container; into it, as long as it is the host's slave.
		not mount_of self "$TEST_DIR/bundle/rootfs/guest" type
		case $kind in
		slave | rslave | shared | rshared) mount_of "$CONTAINER" /host type ;;
		*) not mount_of "$CONTAINER" /host type ;;
		esac
		# A container in the container, as it were.
		case $kind in
		shared | rshared) [[ $(mount_of "$CONTAINER" / propagation) == *shared:* ]] ;;
		unbindable) [[ $(mount_of "$CONTAINER" / propagation) == *unbindable* ]] ;;
		*) [[ $(mount_of "$CONTAINER" / propagation) != *shared:* ]] ;;
		esac
		umount bundle/rootfs/host
		cooper delete --force one
	done
}

@test "a shared volume in a shared root: the mounts of both sides show on the other" {
	mkdir source
	mount -t tmpfs tmpfs source
	mount --make-shared source
	mkdir source/{host,guest}
	run_one 'mount({destination: "/both", source: ($dir + "/source"), options: ["rbind", "rshared"]})
		| mount({destination: "/slave", source: ($dir + "/source"), options: ["rbind", "rslave"]})
		| mount({destination: "/private", source: ($dir + "/source"), options: ["rbind", "rprivate"]})
		| .linux.rootfsPropagation = "shared"'
	mount -t tmpfs tmpfs source/host
	mount_of "$CONTAINER" /both/host type
	mount_of "$CONTAINER" /slave/host type
	not mount_of "$CONTAINER" /private/host type
	mounts_inside /both/guest
	mount_of self "$TEST_DIR/source/guest" type
	mounts_inside /private/guest
	umount source/guest
	not mount_of "$CONTAINER" /both/guest type
	cooper delete --force one
	# With another root it is the container's own.
	run_one 'mount({destination: "/both", source: ($dir + "/source"), options: ["rbind", "rshared"]})'
	mounts_inside /both/guest
	not mount_of self "$TEST_DIR/source/guest" type
}

# --- the root, what is hidden, devices --------------------------------------------------------

# spec: config:root-8
@test "root.readonly, and volumes below that are not" {
	mkdir -p source
	run_one '.root.readonly = true | mount({destination: "/tmp", type: "tmpfs"})
		| mount({destination: "/root", source: ($dir + "/source"), options: ["rbind"]})
		| .linux.maskedPaths = ["/etc"] | .linux.readonlyPaths = ["/tmp/not/there", "/root"]
		| sh("touch /new; touch /tmp/new; touch /root/new; ls /etc; exec sleep 1000")'
	wait_until grep -q "/root/new" err
	[[ $(grep -c 'Read-only file system' err) -eq 2 && -e $(inside /tmp/new) ]]
	has / ro
	has /root ro
	has /tmp rw
	has /etc ro
}

# spec: config-linux:devices-1
@test "devices: every kind, mode and owner, in any place" {
	run_one '.linux.devices = [{path: "/srv/deep/null", type: "c", major: 1, minor: 3, fileMode: 384, uid: 5, gid: 6},
			{path: "/dev/unbuffered", type: "u", major: 1, minor: 5}, {path: "/dev/loop", type: "b", major: 7, minor: 200, fileMode: 432},
			{path: "/dev/pipe", type: "p", fileMode: 73}, {path: "/dev/full", type: "c", major: 1, minor: 7}]'
	local path
	for path in /srv/deep/null /dev/unbuffered /dev/loop /dev/pipe /dev/full; do
		stat -c '%F %t:%T %a %u:%g' "$(inside "$path")"
	done >found
	diff - found <<-'END'
		character special file 1:3 600 5:6
		character special file 1:5 666 0:0
		block special file 7:c8 660 0:0
		fifo 0:0 111 0:0
		character special file 1:7 666 0:0
	END
	# The standard ones, and the links.
	for path in null zero full random urandom tty; do
		[[ -c $(inside "/dev/$path") ]]
	done
	[[ $(readlink "$(inside /dev/ptmx)") == pts/ptmx && $(readlink "$(inside /dev/stdin)") == /proc/self/fd/0 ]]
}

@test "a /dev that is bound keeps what is in it" {
	mkdir source
	touch source/mine
	run_one '.mounts |= map(select(.destination | startswith("/dev") | not))
		| mount({destination: "/dev/", type: "none", source: ($dir + "/source"), options: ["rbind"]})'
	[[ $(ls "$(inside /dev)") == mine ]]
}

# --- cgroups ----------------------------------------------------------------------------------

# cgroups_inside PLACE: each mount of a cgroup filesystem at or below it, and which processes are in
# the cgroup that shows there: "PLACE OPTIONS PIDS".
cgroups_inside() {
	local place options
	while read -r place options; do
		echo "$place ${options%%,*} $(xargs <"$(inside "$place")/cgroup.procs")"
	done < <(awk -v place="$1" 'index($5, place) == 1 && / - cgroup2? / { print $5, $6 }' "/proc/$CONTAINER/mountinfo")
}

@test "cgroup mounts show the container's own cgroup, with and without a namespace" {
	local change found line
	for change in . 'without("cgroup")'; do
		for access in ro rw; do
			run_one "$change | mount({destination: \"/sys/fs/cgroup\", type: \"cgroup\", options: [\"$access\", \"nosuid\", \"nodev\"]})
				| mount({destination: \"/second\", type: \"cgroup2\"})"
			found=$(cgroups_inside /sys/fs/cgroup)
			echo "$found"
			[[ -n $found ]]
			while read -r line; do
				[[ $line == "/sys/fs/cgroup"*" $access $CONTAINER" ]]
			done <<<"$found"
			[[ $(cgroups_inside /second) == "/second rw $CONTAINER" ]]
			has /sys/fs/cgroup "$access" nosuid nodev
			if on_v1; then
				[[ $(mount_of "$CONTAINER" /sys/fs/cgroup type) == tmpfs ]]
				[[ $(<"$(inside /sys/fs/cgroup/memory/cgroup.procs)") == "$CONTAINER" ]]
				[[ $(<"$(inside /sys/fs/cgroup/cpuacct/cgroup.procs)") == "$CONTAINER" ]]
			else
				[[ $(mount_of "$CONTAINER" /sys/fs/cgroup type) == cgroup2 ]]
			fi
			cooper delete --force one
		done
	done
}
