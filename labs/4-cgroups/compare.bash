#!/bin/bash
# Lab 4: what the command sees of its cgroup, through the program $1.

make_rootfs rootfs
# see WHAT SCRIPT: what the script shows inside.
see() {
	echo "-- $1"
	"$program" --memory 48M --swap 16M --pids 24 --cpus 1.5 rootfs sh -c "cd /sys/fs/cgroup; $2" 2>&1 |
		sed "s|$program|stage|; s|^4-cgroups: ||; s|4-cgroups-[-0-9a-f]*|OWN|"
	echo "   status ${PIPESTATUS[0]}"
}

program=$1
see "cat /proc/self/cgroup" "cat /proc/self/cgroup"
see "its memory" "cat memory.max memory/memory.limit_in_bytes 2>/dev/null | head -n 1"
see "with the swap" "cat memory.swap.max memory/memory.memsw.limit_in_bytes 2>/dev/null | head -n 1"
see "its processes" "cat pids.max pids/pids.max 2>/dev/null | head -n 1"
see "its processor time" "cat cpu.max cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us 2>/dev/null | head -n 2"
see "to change a limit" "echo 1000 >pids.max || echo 1000 >pids/pids.max"
see "too much memory" "dd if=/dev/zero of=/dev/null bs=100M count=1"
