#!/bin/bash
# Lab 2's break-outs: that of lab 1 by pid fails; that by files does not, since the root is still a chroot.

if kills_outside; then
	echo "It has killed it: it is in the list of processes outside."
	exit
fi
echo "It fails: the container has its own list of processes, and nobody outside is"
echo "in it."
echo
echo "Now the way by files."
echo
if escapes_chroot; then
	echo "It is out, as in lab 1: the mounts are a copy, but of everything, and \"..\""
	echo "leads up to it. Lab 3 takes the host's mounts away, so that there is nothing"
	echo "above."
else
	echo "It did not get out."
fi
