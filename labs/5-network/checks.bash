#!/bin/bash
# Lab 5: links, addresses, routes and rules, on both sides, and who reaches whom.
# shellcheck source=network.bash
source /lab/network.bash

make_world

# start_container [OPTION...]: on a fresh host, in a network drawn anew; 80 inside is where WORD is said. What
# came and went meanwhile on the host is in ./links.
start_container() {
	fresh_host
	draw_network
	WORD=$(word)
	make_rootfs root
	cp /lab/bin/answer root/bin
	watch_links
	start_stage "${NETWORK[@]}" "$@" root /bin/sh -c "/bin/answer $WORD 80 & exec /bin/sleep 1000" ||
		why_it_ended "$@"
	in_the_end listens "$COMMAND" 80
}

# The monitor is there when it tells of a link made for that.
watch_links() {
	ip -o monitor link >links 3>&- &
	STARTED+=("$!")
	in_the_end told_of_marker first
}

told_of_marker() {
	ip link add "$1" type bridge 2>/dev/null
	ip link del "$1"
	grep -q " $1[:@]" links
}

# seen NAME: a link of that name, an extended regular expression, has been on the host. When the
# monitor tells of a link made afterwards, it has told of all before.
seen() {
	in_the_end told_of_marker last
	grep -qE "^[0-9]+: $1[:@]" links
}

# fault_of TASK: a mistake there, whichever task is being checked.
fault_of() {
	[[ " ${FUNCNAME[*]} " == *" check_${1/./_} "* ]] || blame "$1"
}

# All of the tasks are on the way to the command.
why_it_ended() {
	local words=${OUTPUT%%$'\n'*}
	words=${words#5-network: }
	in_the_end told_of_marker last
	case $words in
	"link: make the pair"*) why_no_pair "$words" ;;
	"link: give it the further name"*) why_not_outside ;;
	*"number 0 "*) why_not_inside ;;
	address:* | route:*) why_no_route "$words" "$@" ;;
	"link: wait until"* | "link: plug"*) why_not_plugged "$words" "$@" ;;
	"run: nft"*) why_no_rules "$@" ;;
	esac
	ended_early
}

links_seen() {
	sed -n 's/^[0-9]*: \([^:@]*\)[:@].*/\1/p' links | grep -vxE 'first|last|uplink|cooper0' | sort -u | paste -sd' '
}

# What the kernel was asked for is in a trace.
why_no_pair() {
	local asked
	fault_of 5.1
	asked=$(strace -f -s 4096 -e trace=sendto /lab/bin/stage "${NETWORK[@]}" root /bin/true 2>&1 | grep -m1 NLM_F_CREATE)
	[[ $asked != *"nla_len=4, nla_type=NLA_F_NESTED"* ]] || wrong "the kernel says: $1" "it to make a pair" \
		"a nest is empty for the kernel: message_end_nest() writes its length, for each of the three, the inner one first" \
		"strace -f -e trace=sendto stage ROOTFS true"
	[[ $asked == *IFLA_INFO_DATA* ]] || wrong "the kernel says: $1" "it to make a pair" \
		"the data of the kind are no nest of their own: VETH_INFO_PEER means something else outside of IFLA_INFO_DATA" \
		"strace -f -e trace=sendto stage ROOTFS true"
	[[ $asked == *IFLA_INFO_KIND*'"veth"'* ]] || wrong "the kernel says: $1" "it to make a pair" \
		"it was not told that the link is of the kind \"veth\": IFLA_INFO_KIND" "strace -f -e trace=sendto stage ROOTFS true"
	[[ $1 != *"Bad file descriptor"* ]] || wrong "the kernel says: $1" "it to make a pair" \
		"IFLA_NET_NS_FD is the number of an open file: @namespace" "strace -f -e trace=sendto stage ROOTFS true"
	wrong "the kernel says: $1" "it to make a pair" \
		"it cannot read the message: is each attribute in the right nest, and of the right size?" \
		"strace -f -e trace=sendto stage ROOTFS true"
}

# Nothing has the name on the host that the lease is.
why_not_outside() {
	fault_of 5.1
	if seen eth0; then
		wrong "on the host was no link $LEASE, but eth0" "$LEASE on the host, and eth0 in the container" \
			"the wrong end went in: IFLA_NET_NS_FD stands outside of the nest of the peer" "ip monitor link, meanwhile"
	fi
	wrong "on the host was no link $LEASE, but: $(links_seen)" "one of that name" \
		"this end has no IFLA_IFNAME, so the kernel has chosen a name" "ip monitor link, meanwhile"
}

# Nothing has the name eth0 inside. Where is the other end?
why_not_inside() {
	fault_of 5.1
	if seen eth0; then
		wrong "both ends, $LEASE and eth0, were on the host" "eth0 in the container" \
			"the end that is to go in was left outside: IFLA_NET_NS_FD is missing in the nest of the peer" \
			"ip monitor link, meanwhile"
	fi
	if seen 'veth[0-9]'; then
		wrong "both ends were on the host, by the names: $(links_seen)" "eth0 in the container" \
			"what describes the peer is not understood: before its attributes comes @any, which is part of message_begin_nest()" \
			"ip monitor link, meanwhile"
	fi
	wrong "inside there is no link eth0, and the host has had one end only" "the other end, eth0, in the container" \
		"the peer is in the container, but by another name: it has an IFLA_IFNAME of its own" \
		"stage --explain ROOTFS true"
}

# steps OPTION...: what the program says that it does, between the pair and the rules.
steps() {
	run_stage --explain "${NETWORK[@]}" "$@" root /bin/true
	sed -n '/link: make the pair/,/run: nft/p' <<<"$OUTPUT"
}

why_no_route() {
	local words=$1 said
	shift
	fault_of 5.2
	if [[ $words == *"etwork is unreachable"* || $words == *"etwork is down"* ]]; then
		said=$(steps "$@")
		[[ $said == *"link: set number"* ]] || wrong "the kernel refuses the default route: ${words##*: }" "$RANGE by eth0, and the rest via $GATEWAY" \
			"a link that is down has no routes, and the gateway is not reached: set it up before" \
			"stage --explain ROOTFS ip route"
		[[ $said == *"$ADDRESS/$PREFIX"* ]] || wrong "the kernel refuses the default route: ${words##*: }" "$RANGE by eth0, and the rest via $GATEWAY" \
			"the address has another prefix than /$PREFIX: what lies beyond it is no neighbour, the gateway included" \
			"stage --explain ROOTFS ip route"
	fi
	ended_early
}

# What "link: wait until" has waited for in vain.
why_not_plugged() {
	local words=$1 said
	shift
	if ! has_been "$LEASE" UP; then
		fault_of 5.3
		wrong "the host's end, $LEASE, was never up" "both ends to be up" \
			"a cable carries packets when both of its ends are up: link_set_up() for @link, too" "ip monitor link, meanwhile"
	elif ! has_been "$LEASE" LOWER_UP; then
		fault_of 5.2
		said=$(steps "$@")
		[[ $said == *"$ADDRESS/"* ]] || wrong "eth0 inside had no address, and was never up" "$ADDRESS/$PREFIX" \
			"nothing is done inside: task 5.2 is still to be done" "nsenter -t PID -n ip addr"
		[[ $said != *"number 1 $ADDRESS/"* ]] || wrong "eth0 inside was never up; number 1, lo, got its address" "eth0 to get it" \
			"the link is looked for by another name than INSIDE_NAME" "nsenter -t PID -n ip addr"
		wrong "the host's end, $LEASE, was up, but eth0 inside was not" "both ends to be up" \
			"nobody has set up the end inside" "nsenter -t PID -n ip link"
	elif [[ $words == *plug* ]]; then
		fault_of 5.3
		wrong "the kernel refuses to plug it in: ${words##*: }" "$LEASE to be plugged into cooper0" \
			"link_join_bridge() takes the link first, and then the bridge: nothing can be plugged the other way" \
			"stage --explain ROOTFS true"
	elif ! grep -E "^[0-9]+: $LEASE@" links | grep -q 'master cooper0'; then
		fault_of 5.3
		wrong "the bridge never ran: nothing was plugged into it" "$LEASE to be" \
			"link_join_bridge() is missing: a bridge without a link carries nothing" "ip monitor link, meanwhile"
	elif ! has_been cooper0 UP; then
		fault_of 5.3
		wrong "the bridge cooper0 was never up" "it to be up, as the links are" \
			"it is a link of the host as well, and begins down: link_set_up() for it, too" "ip monitor link, meanwhile"
	fi
	ended_early
}

# has_been NAME FLAG: the monitor has told that of the link.
has_been() {
	grep -qE "^[0-9]+: $1[:@].*[<,]$2[,>]" links
}

# Runs it again, with an nft in the way that keeps what it was given.
why_no_rules() {
	local line text said
	mkdir -p keep
	printf '#!/bin/sh\ntee -a %q/keep/rules | exec /usr/sbin/nft "$@"\n' "$PWD" >keep/nft
	chmod +x keep/nft
	PATH=$PWD/keep:$PATH run_stage "${NETWORK[@]}" "$@" root /bin/true
	line=$(sed -n '1s/.*stdin:\([0-9]*\):.*/\1/p' <<<"$OUTPUT")
	[[ $line ]] || ended_early
	text=$(sed -n "${line}s/^ *//p" keep/rules)
	said=$(sed -n '1s/.*Error: \(.*\) (it ended with.*/\1/p' <<<"$OUTPUT")
	case $(head -n "$line" keep/rules | sed -n 's/^ *chain \([a-z]*\).*/\1/p' | tail -n 1) in
	postrouting) fault_of 5.4 ;;
	prerouting | output) fault_of 5.5 ;;
	forward) fault_of 5.6 ;;
	esac
	case $text in
	*masquerade*) wrong "nft refuses \"$text\"" "it to take the rule" \
		"a source is translated when the packet is about to leave: in a chain of the type nat with the hook postrouting" \
		"strace -f -s 4096 -e trace=write stage ROOTFS true shows all rules" ;;
	*dport*) wrong "nft refuses \"$text\"" "it to take the rule" \
		"a port belongs to a protocol: \"tcp dport\" or \"udp dport\"" "strace -f -s 4096 -e trace=write stage ROOTFS true shows all rules" ;;
	esac
	wrong "nft refuses \"$text\": $said" "it to take the rule" \
		"that is not nft's language: a rule a line, and the quotes and braces in pairs" "strace -f -s 4096 -e trace=write stage ROOTFS true shows all rules"
}

# When no answer came: rules of task 5.6 that drop it. in or out: who has called whom.
why_dropped() {
	local rules
	rules=$(chain forward)
	[[ $rules == *drop* ]] || return 0
	if [[ $(sed -n 2p <<<"$rules") == drop ]]; then
		fault_of 5.6
		wrong "nothing that is passed on to the container gets there" "answers, and what came by published ports" \
			"the rules are tried from the top, and drop is the end: it comes last" "nft list ruleset"
	elif [[ $rules != *established* ]]; then
		fault_of 5.6
		wrong "a call from inside to the world gets no answer" "the answer to arrive" \
			"answers are dropped, too: ct state established,related lets them in" "nft list ruleset"
	elif [[ $1 == in && $rules != *"status dnat"* ]]; then
		fault_of 5.6
		wrong "a call from the world to a published port gets no answer" "the call to arrive" \
			"what came by a published port is dropped, too: ct status dnat tells it" "nft list ruleset"
	fi
}

# chain NAME: its rules in the container's table.
chain() {
	nft list ruleset | awk -v name="$1" '$1 == "table" { ours = /cooper-/ } ours && $1 == "chain" { on = $2 == name; next }
		/^\t}/ { on = 0 } on { sub(/^[ \t]+/, ""); print }'
}

check_5_1() {
	local hex
	start_container
	# shellcheck disable=SC2046,SC2183 # four words
	hex=$(printf '02:63:%02x:%02x:%02x:%02x' $(tr . ' ' <<<"$ADDRESS"))
	ip link show "$LEASE" &>/dev/null || why_not_outside
	inside ip link show eth0 &>/dev/null || why_not_inside
	[[ $(inside ip link show eth0) == *" $hex "* ]] ||
		wrong "eth0 inside has another hardware address than it was to have" "$hex" \
			"IFLA_ADDRESS is missing in the nest of the peer, or stands outside of it: so the kernel has drawn one" \
			"nsenter -t PID -n ip link"
}

check_5_2() {
	local has
	start_container
	has=$(inside ip -o -4 addr show dev eth0 | awk '{ print $4 }')
	if [[ $has != "$ADDRESS/$PREFIX" ]]; then
		! inside ip -o -4 addr show dev lo | grep -qF "$ADDRESS" || wrong "lo has the address $ADDRESS, and eth0 none" \
			"eth0 to have it" "the link is looked for by another name than INSIDE_NAME" "nsenter -t PID -n ip addr"
		[[ $has ]] || wrong "eth0 inside has no address" "$ADDRESS/$PREFIX" \
			"no address yet: task 5.2 is still to be done" "nsenter -t PID -n ip addr"
		wrong "eth0 inside has the address $has" "$ADDRESS/$PREFIX" \
			"the address, or how many bits of it are the network, is another" "nsenter -t PID -n ip addr"
	fi
	[[ $(inside ip link show eth0) == *[\<,]UP[,\>]* ]] || wrong "eth0 inside is down" "it to be up" \
		"a link begins down: link_set_up()" "nsenter -t PID -n ip link"
	has=$(inside ip route show default)
	if [[ -z $has ]]; then
		run_stage --explain "${NETWORK[@]/$ADDRESS/${ADDRESS%.*}.251}" root /bin/true
		[[ $OUTPUT != *"route: by default"* ]] || wrong "there is no default route inside, though it was tried" \
			"one by way of $GATEWAY" "it failed, since the link was not up yet, and the result is not looked at" \
			"stage --explain ROOTFS ip route"
		wrong "there is no default route inside" "one by way of $GATEWAY" \
			"the container knows its neighbours only: link_add_default_route()" "nsenter -t PID -n ip route"
	fi
	[[ $has == *"via $GATEWAY dev eth0"* ]] || wrong "the default route inside is: $has" "via $GATEWAY" \
		"the gateway is another: range_gateway() says which it is" "nsenter -t PID -n ip route"
}

check_5_3() {
	local said gateway
	start_container
	gateway=$(ip -o -4 addr show dev cooper0 | awk '{ print $4 }')
	[[ $(ip link show "$LEASE") == *"master cooper0"* ]] || wrong "$LEASE is not plugged into the bridge" "it to be" \
		"the bridge is there, and nothing is done with it: task 5.3 is still to be done" "ip link show master cooper0"
	[[ $(ip link show "$LEASE") == *[\<,]UP[,\>]* ]] || wrong "$LEASE is down" "it to be up" \
		"both ends of the cable have to be up" "ip link show $LEASE"
	if [[ $gateway != "$GATEWAY/$PREFIX" ]]; then
		[[ $(ip -o -4 addr show dev "$LEASE") != *"$GATEWAY/"* ]] ||
			wrong "$LEASE has the address $GATEWAY/$PREFIX, and cooper0 has none" "cooper0 to have it" \
				"what is plugged in is a mere port; the bridge is the one that all containers talk to" "ip addr"
		[[ $gateway ]] || wrong "cooper0 has no address" "$GATEWAY/$PREFIX" \
			"the gateway that the containers send to does not exist: link_add_address() for the bridge" "ip addr show cooper0"
		wrong "cooper0 has the address $gateway" "$GATEWAY/$PREFIX" \
			"the prefix says who is a neighbour; it is the same on the bridge as inside" "ip addr show cooper0"
	fi
	[[ $(ip link show cooper0) == *[\<,]UP[,\>]* ]] || wrong "cooper0 is down" "it to be up" \
		"it is a link of the host as well, and begins down" "ip link show cooper0"
	serve "host-$WORD" 1234
	said=$(ask "$GATEWAY" 1234 inside)
	[[ $said == "host-$WORD to $ADDRESS" ]] || wrong "inside, a call to $GATEWAY, port 1234, gave: ${said:-nothing}" \
		"the host's answer" "is all of it up, and plugged in?" "nsenter -t PID -n ping $GATEWAY"
}

# A port that this check publishes itself, as task 5.5 is still to be done.
publish_ourselves() {
	nft -f - <<-END
		table ip lab {
			chain prerouting { type nat hook prerouting priority -90; fib daddr type local tcp dport $1 dnat to $ADDRESS:80; }
			chain output { type nat hook output priority -90; fib daddr type local tcp dport $1 dnat to $ADDRESS:80; }
		}
	END
}

check_5_4() {
	local said port rules
	port=$(number 2000 9000)
	start_container
	rules=$(chain postrouting)
	serve "world-$WORD" "$port" "$WORLD_NETWORK"
	said=$(ask "$WORLD" "$port" inside)
	if [[ $said != "world-$WORD to $UPLINK" ]]; then
		[[ $rules ]] || wrong "nobody in the world answers $ADDRESS" "an answer" \
			"the world knows no way back to $ADDRESS: task 5.4 is still to be done" "nft list ruleset"
		[[ $rules != *snat\ to* ]] || wrong "the world got packets from: $(sed -n 's/.*snat to \([^ ]*\).*/\1/p' <<<"$rules")" \
			"from $UPLINK" "the world has to know the new address, too; masquerade takes that of the link by which the packet leaves" \
			"nft list ruleset"
		[[ $rules != *"ip daddr $ADDRESS oifname"* ]] || wrong "nobody in the world answers; the rule is for packets to $ADDRESS" \
			"it to be for packets from there" "on the way out the container is the source: saddr" "nft list ruleset"
		[[ $rules != *'oifname "cooper0" masq'* ]] ||
			wrong "nobody in the world answers; the rule is for packets that leave by the bridge" \
				"it to be for those that leave by another link" "!= is missing: by the bridge nothing leaves the host" "nft list ruleset"
		why_dropped out
		wrong "a call from inside to the world gave: ${said:-nothing}" "an answer to $UPLINK" \
			"no rule gives the packets the host's address" "nft list ruleset"
	fi
	publish_ourselves "$port"
	said=$(ask "$UPLINK" "$port" world)
	[[ $said == "$WORD to $WORLD" ]] || {
		[[ $said != "$WORD to $GATEWAY" ]] || wrong "a call from the world, $WORLD, seems to come from $GATEWAY inside" \
			"from $WORLD" "too much is masqueraded: whoever calls from outside keeps their address, which the container can answer" \
			"nft list ruleset"
		why_dropped in
		wrong "a call from the world to a published port gave: ${said:-nothing}" "$WORD to $WORLD" \
			"is it the right rule, in the right chain?" "nft list ruleset"
	}
	said=$(ask 127.0.0.1 "$port")
	[[ $said == "$WORD to $GATEWAY" ]] ||
		wrong "a call to a published port at the host's 127.0.0.1 gave: ${said:-nothing}" "$WORD to $GATEWAY" \
			"the container would send its answer to its own 127.0.0.1: the second kind of packets needs a rule, too" \
			"nft list ruleset; curl 127.0.0.1:PORT"
	start_neighbour
	said=$(ask "$UPLINK" "$port" inside)
	[[ $said == "$WORD to $GATEWAY" ]] || wrong "a neighbour's call to a published port of the host was not answered by way of the host" \
		"$WORD to $GATEWAY" \
		"the answer goes straight across the bridge, from one that the neighbour has not called; a neighbour's network is in the set, too" \
		"nft list ruleset"
}

# start_neighbour: one more container in the same range; "inside" means its network from now on.
start_neighbour() {
	local first=$COMMAND
	start_stage --range "$RANGE" root /bin/sleep 1000 || ended_early
	in_the_end newest_is_not "$first"
}

newest_is_not() {
	COMMAND=$(pgrep -n -f '^/bin/sleep 1000$')
	[[ $COMMAND != "$1" ]]
}

check_5_5() {
	local said tcp udp own rules
	tcp=$(number 2000 3999) udp=$(number 4000 5999) own=$(number 6000 7999)
	start_container --publish "$tcp:80" --publish "$udp:80/udp" --publish "127.0.0.1:$own:80"
	rules=$(chain prerouting)
	said=$(ask "$UPLINK" "$tcp" world)
	if [[ $said != "$WORD to $WORLD" ]]; then
		[[ $rules == *dport* ]] || wrong "nobody answers at the published port $tcp" "the container to" \
			"there is no rule for it: task 5.5 is still to be done" "nft list ruleset"
		[[ $rules != *"dport 80 "* ]] || wrong "nobody answers at the port $tcp; the rule has: $(grep -m1 -o 'dport 80 .*' <<<"$rules")" \
			"dport $tcp … dnat to $ADDRESS:80" "the two ports are the wrong way round: port->host is what is called" \
			"nft list ruleset"
		[[ $rules != *redirect* ]] || wrong "nobody answers at the port $tcp" "the container to" \
			"redirect leads to another port of the host itself; dnat leads to another address" "nft list ruleset"
		wrong "a call from the world to $UPLINK, port $tcp, gave: ${said:-nothing}" "$WORD to $WORLD" \
			"is it the right port, and the right address?" "nft list ruleset"
	fi
	said=$(ask_by_datagram "$UPLINK" "$udp" world)
	[[ $said == "$WORD to $WORLD" ]] || {
		[[ $rules == *"udp dport $udp"* ]] || wrong "nobody answers at the port $udp of UDP; its rule is for TCP" \
			"the container to" "TCP and UDP have ports of their own: port->udp says which it is" "nft list ruleset"
		wrong "a datagram from the world to $UPLINK, port $udp, gave: ${said:-nothing}" "$WORD to $WORLD" \
			"is it the right port, and the right address?" "nft list ruleset"
	}
	serve "world-$WORD" "$tcp" "$WORLD_NETWORK"
	said=$(ask "$WORLD" "$tcp" inside)
	[[ $said == "world-$WORD to $UPLINK" ]] || wrong "the container called port $tcp of the world, and got: ${said:-nothing}" \
		"world-$WORD to $UPLINK" \
		"the rule takes whatever is sent to port $tcp of anybody; only what is for the host is meant (fib daddr type local)" \
		"nft list ruleset"
	said=$(ask 127.0.0.1 "$own")
	[[ $said == "$WORD to $GATEWAY" ]] || wrong "a call to 127.0.0.1, port $own, gave: ${said:-nothing}" "$WORD to $GATEWAY" \
		"it was published at 127.0.0.1: port->address is that address, as a number" "nft list ruleset"
	! grep "dport $own " <<<"$rules" | grep -q 'type local' ||
		wrong "port $own, published at 127.0.0.1 only, is open at every address of the host" "at 127.0.0.1" \
			"port->address is not looked at; what is meant for this host alone is open to the world" "nft list ruleset"
}

# arrived_inside: how many packets have come to the port 81 inside since count_inside.
count_inside() {
	inside nft -f - <<-END
		table ip lab { chain in { type filter hook prerouting priority 0; udp dport 81 counter; }; }
	END
}

arrived_inside() {
	inside nft list ruleset | sed -n 's/.*counter packets \([0-9]*\).*/\1/p'
}

# A datagram from the world through this host to one that has nothing to do with us; whether it was passed on.
passes_elsewhere() {
	ip link add elsewhere type veth peer name beyond
	ip addr add 198.19.0.1/24 dev elsewhere
	ip link set elsewhere up
	ip link set beyond up
	ip neigh add 198.19.0.2 lladdr 02:00:00:00:00:01 dev elsewhere
	nft -f - <<<'table ip lab2 { chain out { type filter hook postrouting priority 0; udp dport 81 counter; }; }'
	world ip route add 198.19.0.0/24 via "$UPLINK"
	world bash -c 'echo hello >/dev/udp/198.19.0.2/81'
	world ip route del 198.19.0.0/24
	in_the_end counted_elsewhere
}

counted_elsewhere() {
	! nft list table ip lab2 | grep -q 'counter packets 0 '
}

check_5_6() {
	local said port rules
	port=$(number 2000 9000)
	start_container --publish "$port:80"
	rules=$(chain forward)
	serve "world-$WORD" "$port" "$WORLD_NETWORK"
	said=$(ask "$WORLD" "$port" inside)
	if [[ $said != "world-$WORD to $UPLINK" ]]; then
		why_dropped out
		wrong "a call from inside to the world gave: ${said:-nothing}" "world-$WORD to $UPLINK" \
			"what answers is to be let in" "nft list ruleset"
	fi
	said=$(ask "$UPLINK" "$port" world)
	if [[ $said != "$WORD to $WORLD" ]]; then
		why_dropped in
		wrong "a call from the world to the published port gave: ${said:-nothing}" "$WORD to $WORLD" \
			"what came by a published port is to be let in" "nft list ruleset"
	fi
	# One datagram straight to the container, then a call that gets an answer: by then the first is in, or dropped.
	count_inside
	world ip route add "$RANGE" via "$UPLINK"
	world bash -c "echo hello >/dev/udp/$ADDRESS/81"
	ask "$UPLINK" "$port" world >/dev/null
	world ip route del "$RANGE"
	if [[ $(arrived_inside) -gt 0 ]]; then
		[[ $rules ]] || wrong "a machine of the world that routes $RANGE through this host reached every port inside" \
			"the published ones only" "nothing is kept out: task 5.6 is still to be done" "ip route add $RANGE via HOST, elsewhere"
		[[ $rules != *"hook input"* && $rules != *"hook output"* ]] ||
			wrong "a machine of the world reached a port that is not published" "the published ones only" \
				"the chain has another hook: packets that go through the host pass \"forward\" only" "nft list ruleset"
		wrong "a machine of the world that routes $RANGE through this host reached a port that is not published" \
			"the published ones only" "nothing is dropped in the end: a packet that no rule decides is accepted" "nft list ruleset"
	fi
	passes_elsewhere || wrong "what the host passes on to others, who are no container, is dropped, too" "it to pass" \
		"drop is the end of a packet, whatever others' rules say: let go first what is not for $ADDRESS" "nft list ruleset"
}
