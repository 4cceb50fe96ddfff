#!/bin/bash
# Lab 6's break-outs: that of lab 5 fails, since there is nothing to plug the container into. One that takes back what the
# config has set up does not: root inside is all of root.

host=10.93.0.1
mounts='"mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],'
hidden='"maskedPaths": ["/proc/version"], "readonlyPaths": ["/proc/sys"],'

echo "A service of the host, on all its addresses:"
ip link set lo up
ip address add "$host/32" dev lo
mkdir www
echo "for the host's own" >www/index.html
/bin/busybox httpd -f -p 80 -h www 3>&- &
server=$!
in_the_end /bin/busybox wget -q -O /dev/null "http://$host/"
show /bin/busybox wget -q -O - "http://$host/"
echo
echo "\$ stage run bundle                    # the command: wget -O - http://$host/"
MORE=$mounts NAMESPACES='{"type": "mount"}, {"type": "pid"}, {"type": "network"}' \
	make_bundle bundle wget -q -O - "http://$host/"
stage run bundle >seen 2>&1
sed 's/^/  /' seen
kill "$server"
echo
if ! grep -q '^wget: ' seen; then
	echo "It did not come to that."
	exit
fi
echo "It did not get there. Now a bundle that shares the host's network, but hides and"
echo "protects some of the host:"
echo
echo 0 >/proc/sys/net/ipv4/ip_forward
echo "$hidden" | sed 's/^/  /; s/,$//'
echo
MORE=$mounts LINUX=$hidden NAMESPACES='{"type": "mount"}, {"type": "pid"}' make_bundle bundle sh -xc '
	cat /proc/version
	echo 1 >/proc/sys/net/ipv4/ip_forward
	umount /proc/version
	cat /proc/version
	mount -o remount,bind,rw /proc/sys
	echo 1 >/proc/sys/net/ipv4/ip_forward'
stage run bundle 2>&1 | sed 's/^/  /'
echo
show cat /proc/sys/net/ipv4/ip_forward
echo
if [[ $(cat /proc/sys/net/ipv4/ip_forward) == 1 ]]; then
	echo "The second time it worked: what was hidden is seen, and the host forwards"
	echo "packets, by order of the container."
	echo "Whoever may mount may unmount. Lab 7 takes that right away, and most of the others."
else
	echo "It did not change the host."
fi
