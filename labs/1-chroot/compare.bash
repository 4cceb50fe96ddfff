#!/bin/bash
# Lab 1: what the command sees, through the program $1.

make_rootfs rootfs
for words in "pwd" "ls /" "env" "ls /no-such-file" "no-such-command"; do
	echo "-- $words"
	# shellcheck disable=SC2086 # words
	SECRET=key "$1" rootfs $words 2>&1 | sed "s|$1|stage|; s|^1-chroot: ||"
	echo "   status ${PIPESTATUS[0]}"
done
