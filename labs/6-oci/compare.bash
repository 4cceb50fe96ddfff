#!/bin/bash
# Lab 6: what the same bundle shows of the command, through the program $1; and what is said of a wrong one.

everything='"user": {"uid": 1000, "gid": 2000, "umask": 63, "additionalGids": [7, 8]},
	"rlimits": [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200}],'
mounts='"hostname": "cask", "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
	{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "ro", "size=1m"]}],'
namespaces='{"type": "mount"}, {"type": "pid"}, {"type": "uts"}'
for words in "id" "umask" "ulimit -n" "hostname" "echo /proc/[0-9]*" "cat /proc/self/mountinfo" "env" "ls /dev"; do
	echo "-- $words"
	PROCESS=$everything MORE=$mounts NAMESPACES=$namespaces make_bundle bundle sh -c "$words"
	"$1" run bundle 2>&1 | sed "s|$1|stage|; s|^6-oci: ||
		s|^[0-9]* [0-9]* [0-9:]* [^ ]* \([^ ]* [^ ]*\).* - \([^ ]*\) .*|\1 \2|"
done
echo "-- check, of a config with four mistakes"
PROCESS='"user": {"uid": -1, "umask": 512},' \
	NAMESPACES='{"type": "mount"}, {"type": "uts", "path": "run/uts"}, {"type": "mount"}' make_bundle wrong
"$1" check wrong 2>&1 | sed 's/^config.json: //'
