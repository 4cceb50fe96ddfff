#!/bin/bash
# For the checks, predictions and the rest of lab 4: cgroups and their files, on v2 as on v1.

on_v2() {
	[[ -e /sys/fs/cgroup/cgroup.controllers ]]
}

# cgroup_of PID CONTROLLER: the directory of its cgroup, in the tree that has the controller, or in the v2 tree
# beside those of v1 ("unified").
cgroup_of() {
	local top=/sys/fs/cgroup/$2 path
	path=$(awk -F: -v controller="$2" '$1 == 0 { own = $3 }
		index("," $2 ",", "," controller ",") { own = $3; exit } END { print own }' "/proc/$1/cgroup")
	! on_v2 || top=/sys/fs/cgroup
	path=$top$path
	echo "${path%/}"
}

# trees_of PID: a line a tree, with the process's cgroup there. One without controllers is systemd's.
trees_of() {
	grep -v ':name=' "/proc/$1/cgroup" | sort
}

# same_trees PID PID: those in which both are in the same cgroup.
same_trees() {
	comm -12 <(trees_of "$1") <(trees_of "$2")
}

# limit DIRECTORY V2-FILE V1-FILE: what stands there; "none" for no limit. (Version 2 has no file where nobody has
# asked for the controller.)
limit() {
	local file=$2 text
	on_v2 || file=$3
	text=$(cat "$1/$file") || text=none
	# Version 1 rounds down the largest number that there is to whole pages.
	[[ $text != max && $text != -1 && ${#text} -lt 19 ]] || text=none
	echo "$text"
}

memory_limit() {
	limit "$1" memory.max memory.limit_in_bytes
}

soft_limit() {
	limit "$1" memory.low memory.soft_limit_in_bytes
}

# Version 2 counts swap alone, version 1 memory and swap together.
swap_limit() {
	local both
	if on_v2; then
		limit "$1" memory.swap.max
		return
	fi
	both=$(limit "$1" "" memory.memsw.limit_in_bytes)
	[[ $both == none ]] || both=$((both - $(memory_limit "$1")))
	echo "$both"
}

# cpu_limit DIRECTORY: the quota and the period.
cpu_limit() {
	if on_v2; then
		sed 's/max/none/' "$1/cpu.max"
	else
		echo "$(limit "$1" "" cpu.cfs_quota_us) $(cat "$1/cpu.cfs_period_us")"
	fi
}

# cgroups_left: how many cgroups of the program there are.
cgroups_left() {
	find /sys/fs/cgroup -name '4-cgroups-*' -type d | wc -l
}
