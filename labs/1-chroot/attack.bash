#!/bin/bash
# Lab 1's break-out: root inside a chroot makes another one below its working directory, and climbs out.

make_rootfs rootfs
cp /lab/bin/escape rootfs/bin/escape
echo "The rootfs holds:         $(cd rootfs && echo *)"
echo "The guard's root holds:    $(cd / && echo *)"
echo
echo "\$ stage rootfs /bin/escape      # mkdir trapdoor; chroot trapdoor; cd .. .. .. ; chroot ."
seen=$(stage rootfs /bin/escape 2>&1)
if grep -qx scratch <<<"$seen"; then
	printf '%s\n' "$seen" | paste -sd' ' | sed 's/^/  /'
	echo
	echo "It is out: it lists the root outside. The kernel stops \"..\" only at the current root,"
	echo "and the process had stepped past that. Lab 3 ends with this attack failing."
else
	printf '%s\n' "$seen" | sed 's/^/  /'
	echo
	echo "It did not get out."
fi
