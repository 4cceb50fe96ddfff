# Stage 7: network interfaces that move into the container.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's words, and variables of bats

load ../helpers
load ../bundle

# The test file has a network of its own; each test leaves it empty.
teardown() {
	local link
	containers_remove
	for link in $(ip -br link | sed -n 's/^\(\(dev\|peer-\)[a-z0-9]*\).*/\1/p'); do
		ip link del "$link" 2>/dev/null || true # the other one of a pair has gone with the first
	done
	test_teardown
}

# link_make NAME: one end of a pair, as every kernel has them.
link_make() {
	ip link add "$1" type veth peer name "peer-$1"
}

# inside COMMAND...: on the host, in the container's network.
inside() {
	in_network_of "$(container_pid one)" "$@"
}

# spec: config-linux:network-devices-1 config-linux:network-devices-5 config-linux:network-devices-6
# spec: config-linux:namespace-lifecycle-and-container-termination-2
@test "an interface moves with all that belongs to it, and is up" {
	link_make deva
	ip link set deva mtu 1400 txqueuelen 77 address 02:00:00:00:00:07 alias "for the test" up
	ip link property add dev deva altname dev-other
	ip addr add 192.0.2.7/24 broadcast 192.0.2.255 dev deva
	ip addr add 192.0.2.8/32 dev deva label deva:one
	ip addr add 192.0.2.9/24 dev deva metric 77 noprefixroute
	ip addr add 10.1.0.1 peer 10.1.0.2/30 dev deva
	ip addr add 2001:db8::7/64 dev deva
	ip addr add 192.0.2.10/24 dev deva valid_lft 1000 preferred_lft 1000
	ip addr add 198.51.100.1/24 dev deva scope link
	run_detached one '.linux.netDevices = {deva: {}}'
	not ip link show deva
	inside ip -d link show deva >shown
	grep -q 'mtu 1400 .*UP.* qlen 77' shown || grep -q '<.*UP.*> mtu 1400 .*qlen 77' shown
	grep -q '02:00:00:00:00:07' shown
	grep -q 'alias for the test' shown
	grep -q 'altname dev-other' shown
	inside ip -o addr show dev deva >addresses
	cat addresses
	grep -q 'inet 192.0.2.7/24 brd 192.0.2.255 scope global' addresses
	grep -q 'inet 192.0.2.8/32 ' addresses
	grep -q 'inet 192.0.2.9/24 metric 77 scope global .*noprefixroute' addresses
	grep -q 'inet 10.1.0.1 peer 10.1.0.2/30 ' addresses
	grep -q 'inet6 2001:db8::7/64 scope global' addresses
	# What lasts for a while, or only there, stays behind.
	not grep -q -e 192.0.2.10 -e 198.51.100.1 addresses
	# A virtual one ends with the network that it is in.
	cooper delete --force one
	not ip link show deva
}

# spec: config-linux:network-devices-4 config-linux:network-devices-6
@test "an interface gets another name, also one that the kernel shall number" {
	link_make deva
	ip link add devb type veth peer name devc
	link_make devd0
	ip addr add 192.0.2.1/24 dev deva
	ip addr add 192.0.2.2/24 dev devb
	run_detached one '.linux.netDevices = {deva: {name: "inside"}, devb: {name: "eth%d"}, devc: {name: "eth%d"}, devd0: {name: ""}}'
	[[ $(ip -br link | grep -c ^dev) -eq 0 ]]
	[[ $(inside ip -br link | awk '{ sub("@.*", "", $1); print $1 }' | sort | xargs) == "devd0 eth0 eth1 inside lo" ]]
	[[ $(inside ip -o -4 addr show dev inside | awk '{ print $4 }') == 192.0.2.1/24 ]]
	[[ $(inside ip -o -4 addr show dev eth0 | awk '{ print $4 }') == 192.0.2.2/24 ]]
	inside ip link show inside | grep -q '<.*UP.*>'
}

# spec: config-linux:network-devices-3 config-linux:namespace-lifecycle-and-container-termination-2
@test "a number or a name that is taken there is no obstacle to another" {
	link_make deva
	start_in_namespaces --net
	# The same number as the host's, and the same name.
	in_network_of "$OTHER" ip link add deva index "$(ip -o link show deva | cut -d: -f1)" type veth peer name peer-deva
	run_detached one ".linux.netDevices = {deva: {name: \"devb\"}} | join(\"network\"; \"/proc/$OTHER/ns/net\")"
	in_network_of "$OTHER" ip link show devb | grep -q '<.*UP.*>'
	not ip link show deva
	cooper delete --force one
	# A network that is not the container's own keeps it.
	in_network_of "$OTHER" ip link show devb
	link_make devc
	create_fails 'linux.netDevices["devc"]: name: there is a "devb" in the container'"'"'s network already' \
		".linux.netDevices = {devc: {name: \"devb\"}} | join(\"network\"; \"/proc/$OTHER/ns/net\")"
	ip link show devc
}

# spec: config-linux:network-devices-2 config-linux:network-devices-3
@test "what cannot move is an error, and then none has moved" {
	link_make deva
	create_fails 'linux.netDevices["devx"]: the host has no such network interface' '.linux.netDevices = {deva: {}, devx: {}}'
	ip link show deva
	create_fails 'linux.netDevices["deva"]: name: there is a "lo" in the container' '.linux.netDevices = {deva: {name: "lo"}}'
	ip link show deva
	ip link add devbridge type bridge
	create_fails 'linux.netDevices["devbridge"]: link: move' '.linux.netDevices = {devbridge: {}}'
	create_fails 'linux.netDevices["lo"]: link: move' '.linux.netDevices = {lo: {name: "dev1"}}'
	create_fails 'config.json: linux.netDevices: nowhere to move them; linux.namespaces needs one of type network' \
		'.linux.netDevices = {deva: {}} | without("network")'
	create_fails 'config.json: linux.netDevices["deva"].name: expected the name of a network interface, found "a/b"' \
		'.linux.netDevices = {deva: {name: "a/b"}}'
	create_fails 'config.json: linux.netDevices["deva"].name: expected the name of a network interface, found "a%s"' \
		'.linux.netDevices = {deva: {name: "a%s"}}'
	create_fails 'config.json: linux.netDevices["a-name-of-16-byt"]: not the name' '.linux.netDevices = {"a-name-of-16-byt": {name: "a"}}'
	create_fails 'config.json: linux.netDevices["b"].name: "a" a second time' '.linux.netDevices = {a: {}, b: {name: "a"}}'
	ip link show deva
}

@test "an interface moves into the network of a user namespace, too" {
	link_make deva
	ip addr add 192.0.2.7/24 dev deva
	mkdir bundle
	rootfs_make bundle/rootfs
	chown -hR 100000:100000 bundle/rootfs
	chmod 755 . bundle
	run_detached one '.linux.netDevices = {deva: {}} | .linux.namespaces += [{type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings'
	[[ $(inside ip -o -4 addr show dev deva) == *192.0.2.7/24* ]]
}
