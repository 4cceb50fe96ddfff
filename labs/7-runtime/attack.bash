#!/bin/bash
# Lab 7: what worked against stage 6 fails; and the last way out, that from the container into the runtime's
# own file, fails with what the learner has written.
# shellcheck disable=SC1091 # it is where the guard has it
source /lab/bundle.bash

has_come() {
	grep -q . said.inside
}

has_ended() {
	! runs "$INSIDE"
}

# Comes in again and again, until the program inside has seen it.
enter_until_seen() {
	local tries
	for ((tries = 0; tries < 200; tries++)); do
		./cooper --root state exec one /bin/sh </dev/null >/dev/null 2>&1
		! has_come || return 0
	done
}

setting=/proc/sys/user/max_net_namespaces
echo "Lab 6's break-out: root inside takes back what the config has set up, and"
echo "changes a setting of the host's."
echo
echo "\$ stage run --bundle box box"
LINUX='"maskedPaths": ["/proc/version"], "readonlyPaths": ["/proc/sys"],' bundle box sh -xc \
	"umount /proc/version; mount -o remount,bind,rw /proc/sys; echo 0 >$setting"
stage --root state run --bundle box box >said 2>&1
sed 's/^/  /' said
if ! grep -q '+ umount' said; then
	echo "There is no container to break out of yet."
	exit
elif [[ $(<"$setting") -eq 0 ]]; then
	echo "It has changed it."
else
	echo "It fails: the config lists no capabilities, so root inside has none, and may"
	echo "not mount."
fi
echo
echo "A new one: the image's /bin/sh is \"#!/proc/self/exe\". Whoever comes in by"
echo "\"cooper exec one /bin/sh\" executes the runtime's own file, in there; and a"
echo "program waits for that, to write to it."
echo
cp /lab/bin/stage cooper
bundle b /bin/overwrite
cp /lab/bin/overwrite b/rootfs/bin/overwrite
rm b/rootfs/bin/sh
echo '#!/proc/self/exe' >b/rootfs/bin/sh
chmod 755 b/rootfs/bin/sh
./cooper --root state run --detach --bundle b one </dev/null >said.inside 2>&1
INSIDE=$(state_of one pid)
if ! runs "$INSIDE"; then
	sed 's/^/  /' said.inside
	echo "There is no container to come into: \"lab check\" says why."
	exit
fi
echo "\$ cooper exec one /bin/sh"
enter_until_seen
in_the_end has_ended
sed 's/^/  /' said.inside
echo
if ! has_come; then
	echo "The program inside has not seen who came in; try again."
elif cmp -s cooper /lab/bin/stage; then
	echo "The runtime's file is as it was. That was the last break-out of this course."
	echo "What is still open is in docs/security.md: \"What it does not promise\"."
else
	echo "\$ cooper --version"
	./cooper --version 2>&1 | head -n 3 | sed 's/^/  /'
	echo
	echo "Who starts a container next starts this, as root, outside. Task 7.6 closes it."
fi
