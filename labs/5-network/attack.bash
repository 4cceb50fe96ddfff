#!/bin/bash
# Lab 5's break-outs: that of lab 4, by the host's network, fails; one by the host's settings does not.

make_rootfs rootfs
cp /lab/bin/call rootfs/bin
if ! stage rootfs true 2>said; then
	sed 's/^/  /' said
	echo "There is no container to break out of yet."
	exit
fi
echo "The host has a service for itself only, on 127.0.0.1, port 8080."
/lab/bin/answer secret 8080 127.0.0.1 &
server=$!
in_the_end call 127.0.0.1 8080 &>/dev/null
echo
show stage rootfs call 127.0.0.1 8080
show stage rootfs ip link set lo down
echo "And the host has now: lo $(ip -oneline link show lo | grep -o '<.*>')"
seen=$(stage rootfs call 127.0.0.1 8080 2>&1)
kill "$server"
echo
if [[ $seen == *secret* || $(ip link show lo) != *,UP,* ]]; then
	echo "It is in the host's network."
	exit
fi
echo "It has a loopback of its own: nobody listens there, and it may switch it off."
echo "Now another way."
echo
setting=/proc/sys/user/max_net_namespaces
echo "\$ stage rootfs sh -c 'echo 0 >$setting'"
stage rootfs sh -c "echo 0 >$setting" 2>&1 | sed 's/^/  /'
show cat "$setting"
echo "\$ stage rootfs echo hello"
stage rootfs echo hello 2>&1 | fold -s -w 75 | sed 's/^/  /'
echo
if [[ $(<"$setting") -eq 0 ]]; then
	echo "The host cannot start a container with a network any more. Much of /proc/sys is"
	echo "in no namespace: these are the host's settings, and root inside changes them."
	echo "In lab 6 a config.json says which paths are read-only."
else
	echo "It could not change the host's settings."
fi
