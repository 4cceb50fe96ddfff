# Stage 7 beside its peers: one bundle, made by runc, under runc, crun and cooper.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # the container's variables, and those of bats

load ../helpers
load ../bundle

teardown() {
	containers_remove
	removal /run/{runc,crun}
	test_teardown
}

# What a process can tell of the container it is in. (How a mask and /dev/console are mounted is the
# runtime's affair, and in what shape the hierarchies of a hybrid host show. /dev/core, a name for the
# masked /proc/kcore, is none of the specification's.)
readonly FACTS='
id; pwd; hostname; umask; env | sort; ulimit -a
grep -E "^(Cap|NoNewPrivs|Seccomp|Sig[BC])" /proc/self/status
for file in $(ls -d /dev/* | grep -vx /dev/core) /proc/sys /proc/kcore /etc; do stat -c "%n %F %a %u %g %t %T" "$file"; done
while read -r _ _ _ _ place options rest; do echo "$place $options ${rest##*- }"; done </proc/self/mountinfo |
	cut -d " " -f 1-3 | grep -v -e "^/proc/" -e "^/sys/" -e "^/dev/console " | sort
for file in /proc/keys /proc/timer_list /proc/latency_stats /sys/firmware/*; do head -c 10 "$file"; done
touch /x 2>&1; echo x 2>&1 >/proc/sys/kernel/hostname; mount -t tmpfs none /tmp 2>&1
readlink /proc/self/fd/0; ps -o comm
'

# facts_of RUNTIME: the same session on a terminal under that runtime.
facts_of() {
	rm -f keys
	pty_start "$1 run --bundle bundle one"
	pty_await '# '
	pty_type 'sh /facts >/dev/shm/facts 2>&1; cat /dev/shm/facts; echo the"-end"; exit 5\n'
	pty_await '^the-end'
	await_exit
	[[ $STATUS -eq 5 ]]
	sed -e 's/\r$//' -e '1,/cat .dev.shm.facts/d' -e '/^the-end/,$d' screen >"${1##*/}"
}

runc_bundle() {
	skip_unless_installed runc
	mkdir bundle
	rootfs_make bundle/rootfs
	echo "$FACTS" >bundle/rootfs/facts
	runc spec --bundle bundle
}

@test "a bundle made by runc spec gives the same under runc and cooper" {
	runc_bundle
	facts_of runc
	facts_of "$COOPER_BIN/cooper"
	[[ $(wc -l <cooper) -gt 40 ]]
	diff runc cooper
}

@test "a bundle made by runc spec gives the same under crun and cooper" {
	skip_unless_installed crun
	skip_unless "crun does not run on a hybrid host" crun_runs
	runc_bundle
	facts_of crun
	facts_of "$COOPER_BIN/cooper"
	diff crun cooper
}

crun_runs() {
	! on_v1 || [[ ! -d /sys/fs/cgroup/unified ]]
}
