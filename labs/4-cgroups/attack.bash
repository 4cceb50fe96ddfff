#!/bin/bash
# Lab 4's break-outs: that of lab 3, which used up memory, fails; one that uses the host's network does not.

make_rootfs rootfs
echo "\$ stage --memory 32M --swap 0 rootfs dd if=/dev/zero of=/dev/null bs=64M count=1"
stage --memory 32M --swap 0 rootfs sh -c 'exec dd if=/dev/zero of=/dev/null bs=64M count=1 2>/dev/null' 2>&1 | sed 's/^/  /'
if [[ ${PIPESTATUS[0]} -ne 137 ]]; then
	echo
	echo "The kernel did not kill it. Is the lab done?"
	exit
fi
echo
echo "It asked for 64 MiB, and the kernel has killed it at 32. Now another way."
echo
echo "The host has a web server for itself only, on 127.0.0.1, port 8080."
ip link set lo up
mkdir site
word >site/secret
busybox httpd -f -p 127.0.0.1:8080 -h site &
server=$!
url=http://127.0.0.1:8080/secret
in_the_end busybox wget -q -O /dev/null "$url"
echo
echo "\$ stage --memory 32M --pids 10 rootfs wget -q -O - $url"
seen=$(stage --memory 32M --pids 10 rootfs wget -q -O - "$url" 2>&1)
echo "  $seen"
echo
echo "\$ stage --pids 10 rootfs ip link set lo down"
stage --pids 10 rootfs ip link set lo down 2>&1 | sed 's/^/  /'
echo "  the host's lo: $(ip link show lo | grep -o 'state [A-Z]*')"
kill "$server"
echo
if [[ $seen == "$(cat site/secret)" ]]; then
	echo "It has read what was for the host only, and switched the host's link off. It is"
	echo "in the host's network, and no limit is about that. Lab 5 gives it its own."
else
	echo "It did not get through."
fi
