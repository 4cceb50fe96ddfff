# The labs: whatever a learner's answer does, run by root or by a plain user, the host stays as it is. Each answer
# stands in the place of a module of lab 1, and "lab check" builds and runs it.
#
# Should a guard have a hole: /etc and /usr are overlays here, so that it shows and does no harm, and no answer
# goes further than is needed to see it.

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # the answers' words, and variables of bats

load ../helpers
load ../labs

# Each answer is built, checked and outlived, by each learner.
setup_file() {
	export BATS_TEST_TIMEOUT=$((180 * TEST_TIMEOUT_FACTOR))
}

setup() {
	local name
	test_setup
	house_make
	SHIELDED=()
	[[ $EUID -eq 0 ]] || return 0
	mount -t tmpfs shield "$(mkdir shield && echo shield)"
	for name in etc usr; do
		mkdir -p "shield/$name/upper" "shield/$name/work"
		mount -t overlay shield -o "lowerdir=/$name,upperdir=shield/$name/upper,workdir=shield/$name/work" "/$name"
		SHIELDED+=("/$name")
	done
}

teardown() {
	local name
	for name in "${SHIELDED[@]}" "$TEST_DIR/shield"; do
		! mountpoint -q "$name" || umount -l "$name"
	done
	! ip link show precious &>/dev/null || ip link del precious
	[[ $EUID -ne 0 ]] || nft flush ruleset
	test_teardown
}

# answer BODY: that of chroot_enter(), in lab 1's working folder.
answer() {
	lab start 1 >/dev/null
	cat >work/1-chroot/chroot.c <<-END
		#include "1-chroot/chroot.h"
		#include <errno.h>
		#include <fcntl.h>
		#include <signal.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/wait.h>
		#include <unistd.h>
		int chroot_enter(const char *root)
		{
			$1
			exit(3);
		}
	END
	give_to_user work
}

host_state() {
	cut -d' ' -f3- /proc/self/mountinfo
	uname -n
	ip -o addr 2>/dev/null | sed 's/valid_lft.*//'
	[[ $EUID -ne 0 ]] || nft list ruleset
	grep -s . /proc/sys/kernel/{core_pattern,sysrq,panic,modprobe} /proc/sys/net/ipv4/ip_forward || true
	[[ $EUID -ne 0 ]] || find shield -mindepth 3
	find "$HOUSE" -type f -printf '%p %s %m %C@\n' | sort
	find "$COOPER_BIN" -type f -exec cksum {} + | sort
}

# is_harmless BODY [LOOK]: the check judges the answer in the end, as a wrong one, and the host is as it was. LOOK
# is called for each learner, with what was said in WORDS.
is_harmless() {
	BODY=$1 LOOK=${2:-true}
	each_learner is_harmless_to
}

is_harmless_to() {
	local status=0 neighbour=()
	[[ ${#AS[@]} -eq 0 ]] || neighbour=("${AS_USER[@]}")
	answer "$BODY"
	start "${neighbour[@]}" sleep 1000
	host_state >before
	lab check 1.1 >said 2>&1 </dev/null || status=$?
	host_state >after
	diff before after
	runs_still "$PID"
	WORDS=$(one_line "$(<said)")
	[[ $status -ne 0 && $WORDS == *"1.1 A root directory of one's own not yet"* ]] || { cat said; return 1; }
	"$LOOK" || { cat said; return 1; }
}

runs_still() {
	grep -q '^State:[[:space:]]*[RS]' "/proc/$1/status"
}

@test "an answer that unmounts everything" {
	is_harmless 'system("mount --make-rshared /; for m in $(cut -d\" \" -f5 /proc/self/mountinfo | sort -r); do "
		"mount -o remount,rw,bind $m; umount $m; umount -l $m; done; umount -l /");'
}

@test "an answer that kills every process" {
	is_harmless 'kill(-1, SIGKILL); kill(1, SIGKILL);'
}

# The bomb is one of 2000 children; the guard allows some hundred.
@test "an answer that forks without end" {
	is_harmless 'int made = 0;
		for (int i = 0; i < 2000; i++) {
			pid_t child = fork();
			if (child == 0)
				for (;;)
					pause();
			made += child > 0;
		}
		printf("made %d\n", made);' made_some_hundred
}

# (Or the check has no room to fork either, and says so.)
made_some_hundred() {
	[[ $WORDS == *"fork: retry: Resource temporarily unavailable"* ]] ||
		[[ $WORDS =~ "made "([0-9]+) && ${BASH_REMATCH[1]} -gt 0 && ${BASH_REMATCH[1]} -lt 600 ]]
}

@test "an answer that takes all the memory" {
	is_harmless 'for (int i = 0; i < 1000; i++) {
			char *some = malloc(1 << 20);
			if (!some) {
				printf("had %d\n", i);
				exit(3);
			}
			memset(some, 1, 1 << 20);
		}
		printf("had 1000\n");' had_some_hundred
}

had_some_hundred() {
	[[ $WORDS == *"ended with status 137 "* || $WORDS =~ "had "[1-5]?[0-9]?[0-9]" " ]]
}

@test "an answer that fills the disk" {
	is_harmless 'system("cd /; for i in tmp run dev dev/shm scratch lab lab/bin usr etc usr/local .; do "
		"dd if=/dev/zero of=$i/full bs=1M count=1000; done 2>/dev/null; "
		"all=$(du -cm --apparent-size /*/full /*/*/full /full 2>/dev/null | tail -n 1); "
		"rm -f /scratch/full; echo filled $all");' filled_some_hundred
}

filled_some_hundred() {
	[[ $WORDS =~ "filled "([0-9]+) && ${BASH_REMATCH[1]} -gt 0 && ${BASH_REMATCH[1]} -lt 600 ]] &&
		[[ -z $(find "$TMPDIR" /tmp -xdev -name full) ]]
}

@test "an answer that writes to /proc/sysrq-trigger and the kernel's settings" {
	is_harmless 'system("echo tried; for i in /proc/sysrq-trigger /proc/sys/kernel/core_pattern "
		"/proc/sys/kernel/sysrq /proc/sys/kernel/panic /proc/sys/kernel/modprobe /proc/sys/vm/overcommit_memory "
		"/sys/power/state /sys/kernel/mm/ksm/run /proc/1/oom_score_adj; do "
		"mount -o remount,rw /sys; mount -o remount,rw,bind /proc; "
		"[ ! -e $i ] || { : >>$i && echo opened $i; }; done 2>/dev/null");' opened_nothing
}

# (Its own score is its own business.)
opened_nothing() {
	[[ $WORDS == *tried* && ${WORDS/opened \/proc\/1\/oom_score_adj/} != *opened* ]]
}

@test "an answer that moves and removes the interfaces, and flushes the rules" {
	if [[ $EUID -eq 0 ]]; then
		ip link add precious type veth peer name treasure
		ip addr add 192.0.2.77/24 dev precious
		nft add table ip precious
	fi
	is_harmless 'system("for i in $(ls /sys/class/net); do ip link set $i down; ip link set $i netns 1; "
		"ip link del $i; done; ip link del precious; nft flush ruleset; ip route flush table all; "
		"hostname broken; echo 1 >/proc/sys/net/ipv4/ip_forward");'
	[[ $EUID -ne 0 ]] || nft delete table ip precious
}

@test "an answer that deletes /etc, and all that it finds" {
	is_harmless 'system("exec 2>/dev/null; rm -rf /etc/* /lab/* /usr/local /usr/share; : >/etc/passwd; touch /etc/new; "
		"chmod -R 0 /etc; chown -R 0:0 /etc; rm -rf --no-preserve-root /");'
}

@test "an answer that overwrites programs, its own and the guard's" {
	is_harmless 'system("exec 2>/dev/null; for i in /proc/[0-9]*/exe /lab/bin/* /usr/bin/env; do "
		"chmod 777 $i; echo overwritten >>$i && echo wrote $i; done");' wrote_nothing
}

wrote_nothing() {
	[[ $WORDS != *wrote* ]]
}

# bats test_tags=root
@test "with cgroups of its own, nothing in the guard takes its limits away" {
	mkdir folder
	run -0 env LAB_CGROUP=1 "$HOUSE/labs/lib/guard" folder bash -c '
		cd /sys/fs/cgroup
		for file in $(find . -maxdepth 2 -name "memory.*limit_in_bytes" -o -maxdepth 2 -name "*.max"); do
			{ echo 1000000000 >$file; } 2>/dev/null && echo "wrote $file"
		done
		for place in . memory; do
			[[ ! -e $place/cgroup.procs ]] || { mkdir $place/below && echo made; }
		done'
	[[ $output == made* && $output != *wrote* ]]
}

# Nothing of what a compiler may read and write is the host's.
@test "an answer that reads the host's secrets while it is compiled" {
	local words=
	echo "secret $RANDOM" >secret
	chmod 600 secret
	words=$(<secret)
	cp secret /etc/cooper-labs-secret 2>/dev/null || true
	reads_nothing() {
		local file
		for file in "$TEST_DIR/secret" /etc/cooper-labs-secret; do
			answer ""
			printf '#include "%s"\n' "$file" >>work/1-chroot/chroot.c
			run -1 lab check 1.1
			[[ $output == *"does not compile"* && $output != *"$words"* ]]
			answer ""
			printf '__asm__(".section .rodata\\n.incbin \\"%s\\"\\n.text");\n' "$file" >>work/1-chroot/chroot.c
			run -1 lab check 1.1
			[[ $output == *"does not compile"* ]]
		done
		ln -sf "$TEST_DIR/secret" work/1-chroot/chroot.c
		run -1 lab check 1.1
		[[ $output == *"does not compile"* && $output != *"$words"* ]]
	}
	each_learner reads_nothing
}

@test "an answer that has no end while it is compiled, or is bigger than the disk" {
	never_ends() {
		answer ""
		echo '#include "/dev/zero"' >>work/1-chroot/chroot.c
		run -1 lab check 1.1
		[[ $output == *"does not compile"* ]]
		answer ""
		echo 'char big[1ul << 36] = {1};' >>work/1-chroot/chroot.c
		run -1 lab check 1.1
		[[ $output == *"does not compile"* ]]
	}
	each_learner never_ends
}

@test "an answer that does not end: the time of a check is limited" {
	hangs() {
		answer 'sigset_t all; sigfillset(&all); sigprocmask(SIG_SETMASK, &all, NULL); for (;;) pause();'
		LAB_TIMEOUT=2 run lab check 1.1
		[[ $status -ne 0 && $output == *"2 seconds are over"* ]]
	}
	each_learner hangs
}
