#!/bin/bash
# Lab 2: what the command sees, through the program $1.

make_rootfs rootfs
for words in "hostname" "echo /proc/[0-9]*" "cat /proc/self/mountinfo" "id" "ls -l /proc/self/ns"; do
	echo "-- $words"
	"$1" --user --hostname cask rootfs sh -c "$words" 2>&1 |
		sed "s|$1|stage|; s|^2-namespaces: ||; s|.*self/ns/||; s|^.* -> ||; s|:\[[0-9]*\]||; s|^[0-9]* [0-9]* [0-9:]* ||"
done
