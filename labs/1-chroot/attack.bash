#!/bin/bash
# Lab 1's break-outs, both of root inside: by its pid it kills a process outside; and by another chroot, below its
# working directory, it climbs out.

if kills_outside; then
	echo "It has killed it: a chroot is about files, and all processes are still in one"
	echo "list. Lab 2 ends with this attack failing."
else
	echo "The process outside still runs."
fi
echo
echo "Now another way, by files."
echo
if escapes_chroot; then
	echo "It is out: it lists the root outside. The program made a directory, called"
	echo "chroot on it, and went up by \"..\". The kernel stops that only at the current"
	echo "root, and the process had stepped past it. Lab 3 ends with this attack failing."
else
	echo "It did not get out."
fi
