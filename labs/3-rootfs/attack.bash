#!/bin/bash
# Lab 3's break-outs: that of labs 1 and 2 fails; one that uses up memory does not.

if escapes_chroot; then
	echo "It is out: the old root is still above."
	exit
fi
echo "It climbed as high as it goes, and that is the container's own root. Above it is nothing."
echo
echo "\$ stage rootfs dd if=/dev/zero of=/dev/null bs=64M count=1     # dd holds 64 MiB of memory"
stage rootfs sh -c 'dd if=/dev/zero of=/dev/null bs=64M count=1 2>&1 | tail -n 1' | sed 's/^/  /'
echo
echo "64 MiB, or as many as it asks for: nothing counts them. Lab 4 does."
