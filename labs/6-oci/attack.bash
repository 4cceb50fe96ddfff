#!/bin/bash
# Lab 6's break-outs: that of lab 5, by the host's settings, fails where the config makes them read-only; one that
# first takes that back does not.

setting=/proc/sys/user/max_net_namespaces
protected='"maskedPaths": ["/proc/version"], "readonlyPaths": ["/proc/sys"],'

# in_bundle SCRIPT: runs it, in namespaces of its own.
in_bundle() {
	MORE='"mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],' LINUX=$protected \
		NAMESPACES='{"type": "mount"}, {"type": "pid"}, {"type": "network"}' make_bundle bundle sh -xc "$1"
	stage run bundle 2>&1 | fold -s -w 75 | sed 's/^/  /'
}

in_bundle true >said
if ! grep -q '+ true' said; then
	cat said
	echo "There is no container to break out of yet."
	exit
fi
echo "The config says what is the host's: $protected" | fold -s -w 79
echo "Lab 5's break-out, and a look at what is hidden:"
echo
echo "\$ stage run bundle"
in_bundle "echo 0 >$setting
cat /proc/version"
show cat "$setting"
echo
if [[ $(<"$setting") -eq 0 ]]; then
	echo "The settings are not read-only."
	exit
fi
echo "It fails. The new one takes back what was set up, and then does the same:"
echo
echo "\$ stage run bundle"
in_bundle "umount /proc/version
cat /proc/version
mount -o remount,bind,rw /proc/sys
echo 0 >$setting"
show cat "$setting"
echo "\$ stage run bundle"
in_bundle "echo hello"
echo
if [[ $(<"$setting") -eq 0 ]]; then
	echo "The host can start no container with a network any more. The mounts are in the"
	echo "container's namespace, and root inside may mount and unmount there. Lab 7 takes"
	echo "that right away, and others with it."
else
	echo "It could not change the host's settings."
fi
