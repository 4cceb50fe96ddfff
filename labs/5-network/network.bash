#!/bin/bash
# shellcheck disable=SC2034 # checks and others use what is set here
# For lab 5: the guard's network as that of a host, a world beyond it, and who can call whom.

WORLD_NETWORK=/run/netns/world

# make_world: another machine, "world", at the other end of this host's link "uplink". Sets UPLINK, the host's
# address there, and WORLD, that of the other.
make_world() {
	local network
	network=198.18.$(number 1 254)
	UPLINK=$network.$(number 2 99)
	WORLD=$network.$(number 100 250)
	ip netns add world
	ip link add uplink type veth peer name uplink netns world
	ip addr add "$UPLINK/24" dev uplink
	ip link set uplink up
	world ip addr add "$WORLD/24" dev uplink
	world ip link set uplink up
}

# world COMMAND...: there. ("ip -n" and "ip netns exec" want to mount a /sys, which not everybody may.)
world() {
	nsenter --net="$WORLD_NETWORK" "$@"
}

# inside COMMAND...: a program of ours in the network of the container that was started last.
inside() {
	nsenter -t "$COMMAND" -n "$@"
}

# draw_network: a range, and an address in it: RANGE, PREFIX, GATEWAY, ADDRESS, and LEASE, which is the name of
# the host's end that holds it; NETWORK are the options that ask for it.
draw_network() {
	local second third last
	second=$(number 100 199) third=$(($(number 1 60) * 4)) last=$(number 2 250)
	PREFIX=$(number 22 24)
	RANGE=10.$second.$third.0/$PREFIX
	GATEWAY=10.$second.$third.1
	ADDRESS=10.$second.$third.$last
	LEASE=$(printf 'veth0a%02x%02x%02x' "$second" "$third" "$last")
	NETWORK=(--range "$RANGE" --address "$ADDRESS")
}

# serve WORD PORT [NAMESPACE]: answers there, or in the network of that file, until the check ends.
serve() {
	nsenter --net="${3:-/proc/self/ns/net}" /lab/bin/answer "$1" "$2" 3>&- &
	STARTED+=("$!")
	in_the_end listens "$!" "$2"
}

# listens PID PORT: in the network of that process, somebody does.
listens() {
	grep -q "^ *[0-9]*: 00000000:$(printf %04X "$2") .* 0A " "/proc/$1/net/tcp"
}

# ask ADDRESS PORT [RUNNER...]: what whoever listens there answers.
ask() {
	"${@:3}" /lab/bin/call "$1" "$2" 2>/dev/null 3>&-
}

# ask_by_datagram ADDRESS PORT [RUNNER...]
ask_by_datagram() {
	"${@:3}" /lab/bin/call "$1" "$2" udp 2>/dev/null 3>&-
}

# fresh_host: nothing is left of a container that was there before.
fresh_host() {
	local link
	in_the_end nobody_cleans_up
	nft flush ruleset
	ip -o link | sed -n 's/^[0-9]*: \([^:@]*\).*/\1/p' | grep -vxE 'lo|uplink' | while read -r link; do
		ip link del "$link" 2>/dev/null
	done
}

nobody_cleans_up() {
	! pgrep -f '^/lab/bin/stage' >/dev/null
}
