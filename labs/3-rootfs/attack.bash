#!/bin/bash
# Lab 3's break-outs: that of labs 1 and 2 fails; one that uses up memory does not.

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
	echo "It is out: the old root is still above."
	exit
fi
echo "It climbed as high as it goes, and that is the container's own root. Above it is nothing."
echo
echo "\$ stage rootfs dd if=/dev/zero of=/dev/null bs=64M count=1     # dd holds 64 MiB of memory"
stage rootfs sh -c 'dd if=/dev/zero of=/dev/null bs=64M count=1 2>&1 | tail -n 1' | sed 's/^/  /'
echo
echo "64 MiB, or as many as it asks for: nothing counts them. Lab 4 does."
