#!/bin/bash
# Lab 2's break-out: that of lab 1, since the root is still a chroot.

make_rootfs rootfs
cp /lab/bin/escape rootfs/bin/escape
echo "The rootfs holds:         $(cd rootfs && echo *)"
echo "The guard's root holds:   $(cd / && echo *)"
echo
echo "\$ stage rootfs /bin/escape"
seen=$(stage rootfs /bin/escape 2>&1)
printf '%s\n' "$seen" | paste -sd' ' | sed 's/^/  /'
echo
if grep -qx scratch <<<"$seen"; then
	echo "It is out, as in lab 1: the mounts are a copy, but of everything, and \"..\" leads up to it."
	echo "Lab 3 takes the host's mounts away, so that there is nothing above."
else
	echo "It did not get out."
fi
