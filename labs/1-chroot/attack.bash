#!/bin/bash
# Lab 1's break-out: root inside a chroot makes another one below its working directory, and climbs out.

if escapes_chroot; then
	echo "It is out: it lists the root outside. The program made a directory, called chroot on it, and went up"
	echo "by \"..\". The kernel stops that only at the current root, and the process had stepped past it. Lab 3"
	echo "ends with this attack failing."
else
	echo "It did not get out."
fi
