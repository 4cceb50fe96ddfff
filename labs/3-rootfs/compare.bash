#!/bin/bash
# Lab 3: what the command sees, through the program $1.

make_rootfs rootfs
mkdir layer
echo above >layer/above
for words in "ls /" "cat /above" "cat /proc/self/mountinfo" "ls -l /dev" "ls -l /proc/self/fd" "echo x >/new; ls /"; do
	echo "-- $words"
	"$1" --layer layer rootfs sh -c "$words" 2>&1 | sed "s|$1|stage|; s|^3-rootfs: ||
		s|^[0-9]* [0-9]* [0-9:]* ||; s|^\([-a-z]*\).* \([^ ]*\)\$|\1 \2|; s,\(socket\|pipe\):.*,\1,"
done
