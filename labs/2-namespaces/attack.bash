#!/bin/bash
# Lab 2's break-out: that of lab 1, since the root is still a chroot.

if escapes_chroot; then
	echo "It is out, as in lab 1: the mounts are a copy, but of everything, and \"..\" leads up to it."
	echo "Lab 3 takes the host's mounts away, so that there is nothing above."
else
	echo "It did not get out."
fi
