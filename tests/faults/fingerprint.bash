# shellcheck shell=bash
# What a process is shut in by, as the kernel tells it from outside: two containers of the same config
# have the same, byte by byte. Numbers that are new each time (pids, inodes, names) are left out.

# fingerprint PID NAME: of the process PID, of the container NAME.
fingerprint() {
	local proc=/proc/$1
	fingerprint_files "$proc" | sed -e "s|$2-[0-9]*-[0-9a-f]*|CGROUP|g; s|$2|ID|g; s|$MY|MY|g; s|$WORK|WORK|g"
	fingerprint_namespaces "$proc"
	fingerprint_cgroup "$proc"
	fingerprint_inside "$1"
}

fingerprint_files() {
	awk '
		FNR == 1 { name = FILENAME; sub(/.*\/proc\/[0-9]*/, "", name) }
		name == "/status" {
			if ($1 ~ /^(Name|Umask|Uid|Gid|Groups|NoNewPrivs|Seccomp|Seccomp_filters|Cap|Cpus_allowed_list|Sig[BI]|Shd)/ ||
				$1 ~ /^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|SigBlk|SigIgn|SigCgt):/)
				print name, $0
			if ($1 ~ /^NS/)
				print name, $1, NF, $NF
			next
		}
		name == "/mountinfo" {
			# The filesystem itself, without its numbers.
			line = $4 " " $5 " " $6
			for (i = 7; i <= NF; i++)
				line = line " " $i
			gsub(/(shared|master):[0-9]+/, "&", line)
			gsub(/:[0-9]+/, ":N", line)
			print name, line
			next
		}
		name == "/stat" {
			sub(/.*\) /, "")
			print name, "priority", $16, "nice", $17, "terminal", $5, "realtime", $38, "policy", $39
			next
		}
		name == "/cgroup" { sub(/^[0-9]*:/, "") }
		{ print name, $0 }
	' "$1"/{status,mountinfo,stat,cgroup,limits,uid_map,gid_map,oom_score_adj,personality,setgroups} \
		"$1"/{timens_offsets,loginuid}
	tr '\0' '\n' 2>/dev/null <"$1/attr/current"
	tr '\0' '\n' <"$1/cmdline"
	tr '\0' '\n' <"$1/environ" | sort
	ionice -p "${1#/proc/}"
	# A copy in memory shelters as well as one of the mount (shelter.c).
	readlink "$1/cwd" "$1/exe" | sed 's|^/memfd:cooper (deleted)$|/|'
	# The three streams lead to where the test has led them; no other file may be open.
	ls "$1/fd"
	stat -c '%n %F %a %u %g %t:%T' "$1"/root/dev/* "$1"/root/{tmp,etc/motd} | sed "s|^$1||"
}

fingerprint_namespaces() {
	local type theirs ours
	for type in cgroup ipc mnt net pid time user uts; do
		theirs=$(readlink "$1/ns/$type") ours=$(readlink "/proc/self/ns/$type")
		[[ $theirs == "$ours" ]] && echo "$type of the host" || echo "$type of its own"
	done
}

fingerprint_cgroup() {
	local file directory
	while IFS=: read -r _ file directory; do
		file=${file#name=}
		directory=/sys/fs/cgroup/${file:-$([[ ! -d /sys/fs/cgroup/unified ]] || echo unified)}/$directory
		for file in "$directory"/{memory.{limit_in_bytes,max},pids.max,cpu.{shares,weight,max,cfs_quota_us}} \
			"$directory"/{cpuset.cpus,devices.list,hugetlb.2MB.max}; do
			[[ ! -r $file ]] || echo "${file##*/} $(<"$file")"
		done
	done <"$1/cgroup"
}

# What can only be seen from inside; the program that looks is the host's.
fingerprint_inside() {
	nsenter --target "$1" --net --uts --ipc sh -c '
		cd /proc/sys
		grep . kernel/hostname kernel/domainname kernel/msgmax fs/mqueue/msg_max net/ipv4/ip_forward
		ip -br addr | sed "s/@if[0-9]*//; s/  */ /g"'
}
