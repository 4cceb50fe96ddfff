#!/bin/bash
# Lab 5: what the command sees, and what the host has meanwhile, through the program $1.
# shellcheck source=network.bash
source /lab/network.bash

# tidy PROGRAM: what differs each time, or does not matter here, left out; and narrow, for two columns.
tidy() {
	sed "s|$1|stage|; s|^5-network: ||; s|,M-DOWN||; s|table ip .* {|table|; /^[[:space:]]*type /d; s|\t| |g
		s|^[0-9]: \([^:@]*\)\(@[^:]*\)\?: <\([^>]*\)>.*ether \([0-9a-f:]*\).*|\1 <\3> \4|
		s|^[0-9]: ||; s|scope.*||; s| mtu .*||" | fold -s -w 36 | sed 's| *$||'
}

fresh_host
make_rootfs rootfs
for words in "ip -o link" "ip -o -4 addr" "ip route" "ping -c 1 -W 1 10.93.0.1 | grep transmitted"; do
	echo "-- $words"
	"$1" rootfs sh -c "$words" 2>&1 | tidy "$1"
done
"$1" --publish 8080:80 rootfs /bin/sleep 1000 &>said &
disown
in_the_end pgrep -f '^/bin/sleep 1000$' >/dev/null
echo "-- outside: ip link"
ip -brief link | sed 's/@[^ ]*//' | awk '{ print $1, $2 }'
echo "-- outside: nft list ruleset"
nft list ruleset | tidy "$1"
pkill -f '^/bin/sleep 1000$'
fresh_host
