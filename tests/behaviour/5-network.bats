# Stage 5: a network of its own: a link to a bridge, an address, a way out, published ports.
#
# The host that tests/run has made for this file is 192.0.2.1; the world outside is 192.0.2.2.

# bats file_tags=root

load ../helpers
load ../checks

STAGE=$COOPER_BIN/5-network

setup() {
	test_setup
	outside_make
}

# What the killed stages leave is cleaned up by then, or the next test would see it.
teardown() {
	test_teardown
	outside_remove
	wait_until host_is_clean
}

# --- helpers ----------------------------------------------------------------------------------

host_is_clean() {
	not ip link show cooper0 &>/dev/null && [[ -z $(ip -o link show type veth) ]] &&
		[[ -z $(nft list tables) ]]
}

# start_container [OPTION...]: a container that says "ready" and waits. INIT is its init's pid, IP
# its address.
start_container() {
	start_stage "$@" rootfs sh -c 'echo ready; exec sleep 1000'
	await_output ready
	look_at_container
}

look_at_container() {
	INIT=$(container_init "$PID")
	IP=$(address_of "$INIT")
}

# The IPv4 address of eth0 in the network of the process.
address_of() {
	in_network_of "$1" ip -j -4 addr show dev eth0 2>/dev/null |
		jq -r '.[].addr_info[]? | .local'
}

# start_web TEXT [OPTION...]: a container with a web server on port 80 that says TEXT and whom it
# talks to.
start_web() {
	local text=$1
	shift
	# shellcheck disable=SC2016 # for the shell inside
	start_stage --env "TEXT=$text" "$@" rootfs sh -c 'mkdir -p /cgi-bin
		printf "#!/bin/sh\necho; echo $TEXT to \$REMOTE_ADDR\n" >/cgi-bin/who
		chmod +x /cgi-bin/who
		exec httpd -f -p 0.0.0.0:80 -h /'
	wait_until container_listens "$PID" :80
	look_at_container
}

# container_listens PID PORT: a TCP server has taken the port inside.
container_listens() {
	local init
	init=$(container_init "$1") && in_network_of "$init" ss -Hltn | grep -q "$2 "
}

# fetch ADDRESS:PORT SECONDS [RUNNER...]: what the web server there says. (bash is the client: the
# wget of a static busybox crashes on some machines.)
fetch() {
	local address=${1%:*} port=${1#*:} seconds=$2
	shift 2
	# shellcheck disable=SC2016 # for the inner shell
	"$@" timeout "$seconds" bash -c 'exec {socket}<>"/dev/tcp/$0/$1" &&
		printf "GET /cgi-bin/who HTTP/1.0\r\n\r\n" >&"$socket" && tail -n 1 <&"$socket"' \
		"$address" "${port/$address/80}"
}

# says ADDRESS[:PORT] TEXT [RUNNER...]: the web server there says that.
says() {
	local where=$1 text=$2
	shift 2
	run -0 fetch "$where" 5 "$@"
	[[ $output == "$text" ]]
}

# does_not_answer ADDRESS[:PORT] [RUNNER...]
does_not_answer() {
	local where=$1
	shift
	run ! fetch "$where" 1 "$@"
}

# udp_says ADDRESS PORT TEXT [RUNNER...]: the answer to a datagram "hello".
udp_says() {
	local address=$1 port=$2 text=$3 said
	shift 3
	# shellcheck disable=SC2016 # for the inner shell
	said=$("$@" timeout $((5 * TEST_TIMEOUT_FACTOR)) bash -c 'exec {socket}<>"/dev/udp/$0/$1" && printf hello >&"$socket" &&
		head -c "${#2}" <&"$socket"' "$address" "$port" "$text")
	echo "$said"
	[[ $said == "$text" ]]
}

# --- none, host, bridge -----------------------------------------------------------------------

@test "as root, the default is a network namespace of its own with a link to the bridge" {
	local host_end
	rootfs_make rootfs
	start_container
	[[ $(namespace "$INIT" net) != "$(namespace self net)" ]]
	[[ $IP == 10.93.0.2 ]]
	run -0 in_network_of "$INIT" ip -o link
	[[ ${#lines[@]} -eq 2 && $output == *"eth0@"*UP* && ${lines[0]} == *"lo: <LOOPBACK,UP"* ]]
	run -0 in_network_of "$INIT" ip route
	[[ ${lines[0]} == "default via 10.93.0.1 dev eth0"* ]]
	# The host's end carries the address in its name, and is plugged into the bridge.
	host_end=$(ip -j link show master cooper0 | jq -r '.[].ifname')
	[[ $host_end == veth0a5d0002 ]]
	[[ $(ip -j -4 addr show dev cooper0 | jq -r '.[].addr_info[].local') == 10.93.0.1 ]]
}

@test "the network works from the command's first moment on" {
	rootfs_make rootfs
	run -0 stage rootfs ping -c 1 -W 1 10.93.0.1
}

@test "--network none: lo is up, and nothing else is there" {
	rootfs_make rootfs
	start_container --network none
	[[ $(namespace "$INIT" net) != "$(namespace self net)" ]]
	run -0 in_network_of "$INIT" ip -o link
	[[ ${#lines[@]} -eq 1 && $output == *"lo: <LOOPBACK,UP"* ]]
	run -0 in_network_of "$INIT" ip route show table main
	[[ -z $output ]]
	host_is_clean_but_uplink
	run -0 stage --network none rootfs ping -c 1 127.0.0.1
	run ! stage --network none rootfs ping -c 1 -W 1 192.0.2.2
	# No name server could be reached.
	run ! stage --network none rootfs cat /etc/resolv.conf
}

host_is_clean_but_uplink() {
	not ip link show cooper0 && [[ -z $(nft list tables) ]]
	[[ $(ip -o link show type veth | wc -l) -eq 1 ]]
}

@test "--network host: the host's network namespace" {
	rootfs_make rootfs
	start_container --network host
	[[ $(namespace "$INIT" net) == "$(namespace self net)" ]]
	host_is_clean_but_uplink
	run -0 stage --network host rootfs ip -o -4 addr
	[[ $output == *192.0.2.1* ]]
}

@test "without root: none is the default, host works, bridge is refused" {
	rootless
	rootfs_make rootfs
	give_to_user rootfs
	start_container
	[[ $(namespace "$INIT" net) != "$(namespace self net)" ]]
	run -0 in_network_of "$INIT" ip -o link
	[[ ${#lines[@]} -eq 1 && $output == *"lo: <LOOPBACK,UP"* ]]
	run -1 stage --network bridge rootfs true
	[[ ${lines[0]} == "5-network: --network bridge: making links on the host needs root" ]]
	hint_matches '--network none'
	run -1 stage --publish 8080:80 rootfs true
	[[ $output == *"needs root"* ]]
}

@test "with --user, root's bridge reaches into a namespace that belongs to the container" {
	rootfs_make rootfs
	start_container --user
	[[ $(namespace "$INIT" user) != "$(namespace self user)" && $IP == 10.93.0.2 ]]
	run -0 busybox ping -c 1 -W 1 "$IP"
}

# --- addresses --------------------------------------------------------------------------------

@test "each container gets the first address that is free" {
	local first
	rootfs_make rootfs
	start_container
	first=$PID
	start_container
	[[ $IP == 10.93.0.3 ]]
	kill -TERM "$first"
	wait_until not ip link show veth0a5d0002
	start_container
	[[ $IP == 10.93.0.2 ]]
}

@test "--address and --range: that address, and a gateway in its range" {
	rootfs_make rootfs
	start_container --range 172.30.9.0/24 --address 172.30.9.77
	[[ $IP == 172.30.9.77 ]]
	run -0 in_network_of "$INIT" ip route
	[[ $output == *"default via 172.30.9.1 dev eth0"* && $output == *172.30.9.0/24* ]]
	# Another range on the same bridge.
	start_container
	[[ $IP == 10.93.0.2 ]]
	run -0 in_network_of "$INIT" busybox ping -c 1 -W 1 172.30.9.77
}

@test "--address: one that is taken is an error, and its owner keeps it" {
	rootfs_make rootfs
	start_container --address 10.93.5.5
	run -1 stage --address 10.93.5.5 rootfs true
	[[ $output == "5-network: --address 10.93.5.5: another container has it" ]]
	run -0 busybox ping -c 1 -W 1 10.93.5.5
	[[ $(ip -o link show master cooper0 | wc -l) -eq 1 ]]
	[[ $(nft list tables | wc -l) -eq 1 ]]
}

@test "a range without a free address is an error" {
	rootfs_make rootfs
	start_container --range 172.30.9.0/30
	[[ $IP == 172.30.9.2 ]]
	run -1 stage --range 172.30.9.0/30 rootfs true
	[[ $output == "5-network: --range 172.30.9.0/30: all addresses are taken" ]]
}

@test "twenty at once get twenty addresses, and leave nothing behind" {
	local number
	rootfs_make rootfs
	for number in {1..20}; do
		start_stage rootfs sleep 1000
	done
	wait_until twenty_addresses
	for number in "${STARTED[@]}"; do
		kill -TERM "$number"
	done
	outside_remove
	wait_until host_is_clean
}

twenty_addresses() {
	local pid init
	for pid in "${STARTED[@]}"; do
		init=$(container_init "$pid") && address_of "$init"
	done | sort -u >addresses
	[[ $(grep -c '^10\.93\.0\.' addresses) -eq 20 ]]
}

@test "one leaves while another comes: the bridge is there for who stays" {
	local _
	rootfs_make rootfs
	for _ in {1..10}; do
		start_stage rootfs true
		run -0 stage rootfs ping -c 1 -W 2 10.93.0.1
		await_exit
		# shellcheck disable=SC2153 # await_exit sets it
		[[ $STATUS -eq 0 ]]
	done
}

@test "who comes waits for who is about to come or leave, and a killed one releases the rest" {
	rootfs_make rootfs
	start flock --no-fork /proc/self/ns/net sleep 1000
	local holder=$PID
	wait_until grep -q "FLOCK.* $holder " /proc/locks
	start_stage rootfs sh -c 'echo ready; exec sleep 1000'
	wait_until grep -q -e "-> FLOCK.* $PID " /proc/locks
	not ip link show veth0a5d0002
	kill -KILL "$holder"
	await_output ready
	ip link show veth0a5d0002
}

# --- who reaches whom -------------------------------------------------------------------------

@test "two containers reach each other by their own addresses" {
	rootfs_make rootfs
	start_web first
	local first=$IP
	start_web second
	says "$first" "first to $IP" in_network_of "$INIT"
}

@test "the outside is reached, and sees the host's address" {
	rootfs_make rootfs
	mkdir -p www/cgi-bin
	# shellcheck disable=SC2016 # for the shell out there
	printf '#!/bin/sh\necho; echo outside to $REMOTE_ADDR\n' >www/cgi-bin/who
	chmod +x www/cgi-bin/who
	start nsenter --net=/run/netns/outside busybox httpd -f -p 0.0.0.0:80 -h www
	wait_until outside_listens
	start_container
	says 192.0.2.2 "outside to 192.0.2.1" in_network_of "$INIT"
}

outside_listens() {
	outside ss -Hltn | grep -q ':80 '
}

# reached_from_everywhere HOST-PORT: who calls, and whom the server sees.
reached_from_everywhere() {
	says "192.0.2.1:$1" "web to 192.0.2.2" outside
	says "192.0.2.1:$1" "web to 192.0.2.1"
	says "127.0.0.1:$1" "web to 10.93.0.1"
	says "10.93.0.1:$1" "web to 10.93.0.1"
	# From another container, by the host's addresses, outer and inner.
	start_container
	says "192.0.2.1:$1" "web to 10.93.0.1" in_network_of "$INIT"
	says "10.93.0.1:$1" "web to 10.93.0.1" in_network_of "$INIT"
}

@test "a published port answers the outside, the host, its loopback, another container, itself" {
	rootfs_make rootfs
	start_web web --publish 8080:80
	local web=$INIT
	reached_from_everywhere 8080
	says 192.0.2.1:8080 "web to 10.93.0.1" in_network_of "$web"
}

@test "the same where netfilter does not see what the bridge forwards, and where it does" {
	local setting
	skip_unless "this kernel has no br_netfilter" test -e /proc/sys/net/bridge/bridge-nf-call-iptables
	rootfs_make rootfs
	start_web web --publish 8080:80
	local web=$INIT
	for setting in 0 1; do
		echo "$setting" >/proc/sys/net/bridge/bridge-nf-call-iptables
		says 192.0.2.1:8080 "web to 10.93.0.1" in_network_of "$web"
		reached_from_everywhere 8080
	done
}

@test "a published UDP port answers, too" {
	rootfs_make rootfs
	cp "$COOPER_BIN/udp-echo" rootfs/bin
	start_stage --publish 5353:53/udp rootfs udp-echo 53
	await_output ready
	udp_says 192.0.2.1 5353 "192.0.2.2: hello" outside
	udp_says 192.0.2.1 5353 "192.0.2.1: hello" env
	udp_says 127.0.0.1 5353 "10.93.0.1: hello" env
	start_container
	udp_says 192.0.2.1 5353 "10.93.0.1: hello" in_network_of "$INIT"
	# The TCP port of the same number is free.
	start_container --publish 5353:80
}

@test "--publish with an address: only there" {
	rootfs_make rootfs
	start_web web --publish 127.0.0.1:8080:80 --publish 192.0.2.1:8081:80
	says 127.0.0.1:8080 "web to 10.93.0.1"
	does_not_answer 192.0.2.1:8080 outside
	does_not_answer 192.0.2.1:8080
	says 192.0.2.1:8081 "web to 192.0.2.2" outside
	does_not_answer 127.0.0.1:8081
}

# --- what stays closed ------------------------------------------------------------------------

@test "a neighbour that routes the range through this host reaches no port that is not published" {
	rootfs_make rootfs
	start_web web --publish 8080:80
	outside ip route add 10.93.0.0/16 via 192.0.2.1
	does_not_answer "$IP" outside
	says 192.0.2.1:8080 "web to 192.0.2.2" outside
}

@test "neither neighbours nor containers reach what listens on the host's loopback" {
	rootfs_make rootfs
	mkdir -p www/cgi-bin
	printf '#!/bin/sh\necho; echo secret\n' >www/cgi-bin/who
	chmod +x www/cgi-bin/who
	start busybox httpd -f -p 127.0.0.1:9999 -h www
	start_web web --publish 127.0.0.1:8080:80
	says 127.0.0.1:9999 secret
	# Packets to 127.0.0.1 go out through the link, as an attacker would send them.
	to_loopback_by_the_link outside uplink 192.0.2.1
	does_not_answer 127.0.0.1:9999 outside
	does_not_answer 127.0.0.1:8080 outside
	start_container
	to_loopback_by_the_link "in_network_of $INIT" eth0 10.93.0.1
	does_not_answer 127.0.0.1:9999 in_network_of "$INIT"
	does_not_answer 127.0.0.1:8080 in_network_of "$INIT"
}

# to_loopback_by_the_link RUNNER LINK GATEWAY
to_loopback_by_the_link() {
	local words
	read -ra words <<<"$1"
	"${words[@]}" sh -c "echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet"
	"${words[@]}" ip rule del pref 0 lookup local
	"${words[@]}" ip rule add pref 10 lookup local
	"${words[@]}" ip route add table 7 default via "$3" dev "$2" src "$(
		"${words[@]}" ip -j -4 addr show dev "$2" | jq -r '.[].addr_info[].local')"
	"${words[@]}" ip rule add pref 5 to 127.0.0.0/8 lookup 7
}

@test "a container's network is its own: links made inside do not show outside" {
	rootfs_make rootfs
	start_stage rootfs sh -c 'ip link add inner type bridge && echo ready; exec sleep 1000'
	await_output ready
	run ! ip link show inner
}

# --- ports that are taken ---------------------------------------------------------------------

@test "a port that another container has published is an error, and it keeps it" {
	rootfs_make rootfs
	start_web web --publish 8080:80
	run -1 stage --publish 8080:81 rootfs true
	[[ ${lines[0]} == "5-network: --publish 8080:81: port 8080/tcp is already published" ]]
	hint_matches published-tcp-8080
	says 127.0.0.1:8080 "web to 10.93.0.1"
	[[ $(ip -o link show master cooper0 | wc -l) -eq 1 ]]
	[[ $(nft list tables | wc -l) -eq 1 ]]
	# It is free again when its taker is gone.
	kill -TERM "$PID"
	await_exit
	run -0 stage --publish 8080:81 rootfs true
}

@test "a port that a program of the host listens on is an error" {
	rootfs_make rootfs
	start busybox httpd -f -p 0.0.0.0:8080
	wait_until host_listens
	run -1 stage --publish 8080:80 rootfs true
	[[ $output == *"--publish 8080:80"*"Address already in use"* ]]
	not ip link show cooper0
}

host_listens() {
	ss -Hltn | grep -q ':8080 '
}

@test "an address that the host does not have cannot be published on" {
	rootfs_make rootfs
	run -1 stage --publish 198.51.100.7:8080:80 rootfs true
	[[ $output == *"--publish 198.51.100.7:8080:80"*"Cannot assign requested address"* ]]
	not ip link show cooper0
}

# --- names ------------------------------------------------------------------------------------

# in_host_with FILE TEXT COMMAND...: on a host whose file has that content.
in_host_with() {
	local file=$1
	printf '%s\n' "$2" >content
	shift 2
	# shellcheck disable=SC2016 # for the inner shell
	run -0 unshare --mount sh -c 'mount --bind "$0" "$1" && shift && exec "$@"' \
		"$TEST_DIR/content" "$file" "$@"
}

@test "/etc/resolv.conf: the host's, without name servers on the host's loopback" {
	rootfs_make rootfs
	in_host_with /etc/resolv.conf $'nameserver 127.0.0.53\nnameserver 192.0.2.53\nsearch example.org' \
		"$STAGE" rootfs cat /etc/resolv.conf
	[[ $output == $'nameserver 192.0.2.53\nsearch example.org' ]]
	# The host's network comes with the host's loopback.
	in_host_with /etc/resolv.conf $'nameserver 127.0.0.53' \
		"$STAGE" --network host rootfs cat /etc/resolv.conf
	[[ $output == 'nameserver 127.0.0.53' ]]
}

@test "/etc/resolv.conf: where the host has only its loopback, systemd's list, or a public server" {
	rootfs_make rootfs
	in_host_with /etc/resolv.conf 'nameserver 127.0.0.53' "$STAGE" rootfs cat /etc/resolv.conf
	[[ $output == 'nameserver 9.9.9.9' ]]
	mkdir -p /run/systemd/resolve
	echo 'nameserver 192.0.2.54' >/run/systemd/resolve/resolv.conf
	in_host_with /etc/resolv.conf 'nameserver 127.0.0.53' "$STAGE" rootfs cat /etc/resolv.conf
	removal /run/systemd
	[[ $output == 'nameserver 192.0.2.54' ]]
}

@test "/etc/resolv.conf: a link in the rootfs leads nowhere else, and the rootfs is unchanged" {
	rootfs_make rootfs
	echo untouched >victim
	ln -s "$TEST_DIR/victim" rootfs/etc/resolv.conf
	in_host_with /etc/resolv.conf 'nameserver 192.0.2.53' "$STAGE" rootfs cat /etc/resolv.conf
	[[ $output == 'nameserver 192.0.2.53' && $(<victim) == untouched ]]
	[[ $(readlink rootfs/etc/resolv.conf) == "$TEST_DIR/victim" ]]
}

# --- the end ----------------------------------------------------------------------------------

@test "when the command ends, all is gone before the stage is" {
	rootfs_make rootfs
	run -7 stage --publish 8080:80 rootfs sh -c 'exit 7'
	host_is_clean_but_uplink
	run -127 stage --publish 8080:80 rootfs no-such-command
	host_is_clean_but_uplink
	run -1 stage --publish 8080:80 missing true
	host_is_clean_but_uplink
}

@test "a killed stage leaves no link, no rule, no bridge" {
	rootfs_make rootfs
	start_web web --publish 8080:80
	[[ $(nft list tables) == "table ip cooper-5-network-$PID-"* ]]
	kill -KILL "$PID"
	wait_until host_is_clean_but_uplink
	wait_until gone "$INIT"
}

@test "killed at any moment of its start, it leaves nothing" {
	local step
	rootfs_make rootfs
	for step in clone3 'link: make the pair' 'link: give' 'route:' 'run: nft' 'link: make the bridge' \
		'link: plug' 'overlay:'; do
		killed_at "$step"
		wait_until host_is_clean_but_uplink
		wait_until no_container_left
	done
}

# The line that announces the step is the sign to kill. Where that comes too late, it comes later.
killed_at() {
	mkfifo steps
	env "$STAGE" --explain --publish 8080:80 "$TEST_DIR/rootfs" sleep 1000 2>steps >/dev/null 3>&- &
	PID=$!
	STARTED+=("$PID")
	while IFS= read -r line; do
		[[ $line != *"$1"* ]] || break
	done <steps
	kill -KILL "$PID"
	rm steps
	[[ $line == *"$1"* ]]
}

no_container_left() {
	not pgrep -x -f 'sleep 1000'
}

@test "the other containers stay connected when one is killed" {
	rootfs_make rootfs
	start_web web --publish 8080:80
	start_container
	kill -KILL "$PID"
	wait_until not ip link show veth0a5d0003
	says 192.0.2.1:8080 "web to 192.0.2.2" outside
}

# --- bad input --------------------------------------------------------------------------------

@test "bad values are errors that name them, and nothing is made" {
	local value
	rootfs_make rootfs
	for value in abc 80 : 8080: :80 0:80 8080:0 70000:80 8080:70000 -1:80 80:80/sctp \
		1.2.3:80:80 a:b:c:d 8080:80/; do
		run -1 stage --publish "$value" rootfs true
		[[ $output == "5-network: --publish: expected "* ]]
	done
	for value in bogus Bridge container; do
		run -1 stage --network "$value" rootfs true
		[[ $output == "5-network: --network: expected none, host or bridge, found \"$value\"" ]]
	done
	for value in abc 10.93.0 10.93.0.256 10.93.0.9/16; do
		run -1 stage --address "$value" rootfs true
		[[ $output == "5-network: --address: expected an IPv4 address"* ]]
	done
	for value in 10.0.0.0 10.0.0.0/0 10.0.0.0/31 10.0.0.0/33 127.0.0.0/8 224.0.0.0/8 x/24; do
		run -1 stage --range "$value" rootfs true
		[[ $output == "5-network: --range: expected a range"* ]]
	done
	for value in 10.93.0.0 10.93.0.1 10.93.255.255 10.94.0.2; do
		run -1 stage --address "$value" rootfs true
		[[ $output == "5-network: --address $value: expected one from 10.93.0.2 to 10.93.255.254 "* ]]
	done
	host_is_clean_but_uplink
}

@test "options of the bridge need the bridge" {
	rootfs_make rootfs
	run -1 stage --network none --publish 8080:80 rootfs true
	[[ $output == "5-network: --publish, --address and --range need --network bridge" ]]
	run -1 stage --network host --address 10.93.0.2 rootfs true
	run -1 stage --network host --range 10.93.0.0/16 rootfs true
}

@test "without nft, an error says so, and nothing is left" {
	rootfs_make rootfs
	mkdir empty
	run -1 unshare --mount sh -c 'mount --bind empty /usr/sbin && exec "$@"' - "$STAGE" rootfs true
	[[ $output == *nft* ]]
	host_is_clean_but_uplink
}

# --- what it does not hold back ---------------------------------------------------------------

@test "what it still lets through: a container can take another one's address" {
	rootfs_make rootfs
	start_container
	local first=$IP
	run -0 stage rootfs ip addr add "$first/16" dev eth0
}

@test "what it still lets through: what the host offers on all its addresses" {
	rootfs_make rootfs
	mkdir -p www/cgi-bin
	# shellcheck disable=SC2016 # for the shell that runs it
	printf '#!/bin/sh\necho; echo host to $REMOTE_ADDR\n' >www/cgi-bin/who
	chmod +x www/cgi-bin/who
	start busybox httpd -f -p 0.0.0.0:8080 -h www
	wait_until host_listens
	start_container
	says 10.93.0.1:8080 "host to $IP" in_network_of "$INIT"
}

# --- what every stage owes --------------------------------------------------------------------

@test "exit statuses are the command's" {
	check_exit_statuses
}

@test "signals reach the command" {
	check_signals
}

@test "usage errors" {
	check_usage_errors
}

@test "--help" {
	check_help
}

@test "--explain" {
	check_explain
}
