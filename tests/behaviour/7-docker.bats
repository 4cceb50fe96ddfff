# cooper under Docker: dockerd, with cooper in runc's place.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154 # other shells' variables, and those of bats

load ../helpers
load ../bundle
load ../engines

readonly NEEDS=(dockerd docker iptables)

setup_file() {
	engine_is_there || return 0
	outside_make
	# shellcheck disable=SC2119
	engine_start dockerd --host "unix://$ENGINE/docker.sock" --data-root "$ENGINE/data" \
		--exec-root "$ENGINE/exec" --pidfile "$ENGINE/pid" --cgroup-parent /cooper-docker \
		--add-runtime "cooper=$RUNTIME" --default-runtime cooper --bip 172.31.0.1/24
	engine_await docker version
	image_tar | docker import --change 'ENV PATH=/bin' - box
}

teardown_file() {
	[[ -e $ENGINE/daemon ]] || return 0
	engine_stop
	ip link del docker0
	nft flush ruleset
	ip route del default
	ip link del uplink
	ip netns del outside
	cgroups_prune cooper-docker
	cgroups_prune docker
}

teardown() {
	docker ps --all --quiet 2>/dev/null | xargs --no-run-if-empty docker rm --force --volumes >/dev/null
	test_teardown
}

export DOCKER_HOST=unix://$ENGINE/docker.sock

# A container holds the output of its creator open, and so would keep a "run" of bats waiting.
detached() {
	docker run --detach "$@" 3>&- >/dev/null
}

inspect() {
	docker inspect --format "$2" "$1"
}

@test "docker run: output, input, exit status" {
	run -0 --separate-stderr docker run --rm box sh -c 'echo out; echo err >&2'
	[[ $output == out && $stderr == err ]]
	run -7 docker run --rm box sh -c 'exit 7'
	run -0 docker run --rm --interactive box cat <<<"some input"
	[[ $output == "some input" ]]
	[[ $(docker run --rm --env ONE=1 --workdir /tmp --hostname cask box sh -c 'echo $ONE; pwd; hostname' | xargs) == "1 /tmp cask" ]]
	[[ $(docker info --format '{{.DefaultRuntime}}') == cooper ]]
}

@test "docker run: a command that is missing ends with 127, one that cannot be run with 126" {
	run -127 docker run --rm box no-such-command
	[[ $output == *'executable file not found in $PATH'* ]]
	run -126 docker run --rm box /etc/passwd
	[[ ${output,,} == *'permission denied'* ]]
	[[ -z $(docker ps --all --quiet) ]]
}

@test "docker run -it: a terminal, of the window's size" {
	pty_start "stty rows 33 cols 77; docker run --rm -it --env PS1=inside: box sh"
	pty_await 'inside:'
	# (Docker gives the size when the container runs already. Busybox does not call it an error that there is none.)
	pty_type 'tty; until stty size | grep .; do sleep 0.1; done\n'
	pty_await '^/dev/pts/0'
	pty_await '^33 77'
	pty_type 'exit 3\n'
	await_exit
	[[ $STATUS -eq 3 ]]
}

@test "docker run -d, logs, exec, ps, top, stop, kill" {
	detached --name one --stop-timeout 1 box sh -c 'trap "exit 4" TERM; echo ready; while :; do sleep 0.1; done'
	wait_until eval 'docker logs one | grep -q ready'
	run -5 docker exec --env TWO=2 one sh -c 'echo $TWO; exit 5'
	[[ $output == 2 ]]
	run docker exec one no-such-command
	[[ $status -eq 126 || $status -eq 127 ]]
	run -0 docker exec --user 7:8 one id -u
	[[ $output == 7 ]]
	[[ $(docker top one -o pid,comm | grep -c sh) -ge 1 ]]
	docker stop one
	[[ $(inspect one '{{.State.Status}} {{.State.ExitCode}}') == "exited 4" ]]
	docker start one
	docker kill one
	wait_until eval '[[ $(inspect one "{{.State.ExitCode}}") == 137 ]]'
	docker rm one
}

@test "docker exec -it: a terminal in a running container" {
	detached --name one box sleep 1000
	pty_start "docker exec -it --env PS1=inside: one sh"
	pty_await 'inside:'
	pty_type 'tty; exit 6\n'
	pty_await '^/dev/pts/0'
	await_exit
	[[ $STATUS -eq 6 ]]
}

@test "docker pause, unpause" {
	local pid
	detached --name one box sh -c 'while :; do :; done'
	pid=$(inspect one '{{.State.Pid}}')
	docker pause one
	[[ $(inspect one '{{.State.Status}}') == paused ]]
	grep -q FROZEN "$(cgroup_of "$pid" freezer)/freezer.state" 2>/dev/null ||
		grep -q 'frozen 1' "$(cgroup_of "$pid" freezer)/cgroup.events"
	docker unpause one
	[[ $(inspect one '{{.State.Status}}') == running ]]
}

@test "docker: limits, stats, update" {
	local pid
	detached --name one --memory 64m --memory-swap 64m --pids-limit 50 --cpus 0.5 --cpu-shares 512 box sleep 1000
	pid=$(inspect one '{{.State.Pid}}')
	[[ $(limit_of "$pid" memory memory.limit_in_bytes memory.max) == 67108864 ]]
	[[ $(limit_of "$pid" pids pids.max pids.max) == 50 ]]
	[[ $(limit_of "$pid" cpu cpu.cfs_quota_us cpu.max) == 50000* ]]
	[[ $(docker stats --no-stream --format '{{.MemUsage}} {{.PIDs}}' one) =~ /\ 64MiB\ 1$ ]]
	docker update --memory 96m --memory-swap 96m --pids-limit 60 one
	[[ $(limit_of "$pid" memory memory.limit_in_bytes memory.max) == 100663296 ]]
	[[ $(limit_of "$pid" pids pids.max pids.max) == 60 ]]
}

# limit_of PID CONTROLLER V1-FILE V2-FILE
limit_of() {
	local directory
	directory=$(cgroup_of "$1" "$2")
	cat "$directory/$3" 2>/dev/null || cat "$directory/$4"
}

@test "docker: a container that takes too much memory ends with 137" {
	docker run --name one --memory 16m --memory-swap 16m box sh -c 'tail /dev/zero' || STATUS=$?
	[[ $STATUS -eq 137 ]]
}

# (Of a container that ends at once, containerd at times asks the cgroup when that is gone.)
@test "docker: that a container had too little memory is seen" {
	detached --name one --memory 16m --memory-swap 16m box sh -c 'tail /dev/zero; sleep 1000'
	wait_until ran_out_of_memory one
	docker kill one
	wait_until is_stopped one
	[[ $(inspect one '{{.State.OOMKilled}}') == true ]]
}

ran_out_of_memory() {
	docker events --since 0 --until "$(date +%s)" --filter "container=$1" --filter event=oom | grep .
}

is_stopped() {
	[[ $(inspect "$1" '{{.State.Running}}') == false ]]
}

@test "docker run -p: a published port is reached from outside, and the container reaches out" {
	detached --name one --publish 8080:80 box sh -c 'mkdir /www; echo hello >/www/index.html; httpd -f -h /www -p 80'
	wait_until outside bash -c 'exec {s}<>/dev/tcp/192.0.2.1/8080 && printf "GET / HTTP/1.0\r\n\r\n" >&$s && grep -q hello <&$s'
	docker exec one ping -c 1 192.0.2.2
}

@test "docker: --user, --read-only, volumes, tmpfs, capabilities, ulimits" {
	mkdir shared
	chmod 777 shared
	run -0 docker run --rm --user 7:8 --volume "$TEST_DIR/shared:/shared" box sh -c 'id -u; touch /shared/mine'
	[[ $output == 7 && $(stat -c %u shared/mine) == 7 ]]
	run -1 docker run --rm --read-only --tmpfs /tmp box sh -c 'touch /tmp/x && touch /x'
	[[ $output == *"Read-only file system"* ]]
	run -0 docker run --rm --cap-drop ALL --cap-add NET_RAW --ulimit nofile=77:88 --sysctl net.ipv4.ip_forward=1 \
		box sh -c 'grep CapEff /proc/self/status; ulimit -n; cat /proc/sys/net/ipv4/ip_forward'
	[[ ${lines[0]} == *0000000000002000 && ${lines[1]} == 77 && ${lines[2]} == 1 ]]
}

@test "docker: Docker's seccomp filter, its device rules and its AppArmor profile are in force" {
	detached --name one box sleep 1000
	! has_apparmor || [[ $(profile_of "$(inspect one '{{.State.Pid}}')") == "docker-default (enforce)" ]]
	[[ $(status_of "$(inspect one '{{.State.Pid}}')" Seccomp) == 2 ]]
	run ! docker exec one unshare --user true
	run ! docker exec one sh -c 'mknod /disk b 254 0 && head -c 1 /disk'
	run -0 docker exec one sh -c 'head -c 1 /dev/urandom | wc -c; echo >/dev/null'
	[[ $output == 1 ]]
	run -0 docker run --rm --security-opt seccomp=unconfined box grep Seccomp: /proc/self/status
	[[ $output == *0 ]]
}

@test "docker: many containers, one after the other and at once" {
	local number pids=()
	for number in 1 2 3 4 5 6; do
		docker run --rm box true 3>&- &
		pids+=("$!")
	done
	for number in "${pids[@]}"; do
		wait "$number"
	done
	[[ -z $(docker ps --all --quiet) ]]
	wait_until not eval "find /sys/fs/cgroup -path '*cooper-docker/*' -type d | grep ."
}

@test "compare has a column for docker, and takes its image away again" {
	rootfs_make stock
	COMPARE_ROOTFS=$PWD/stock "$COOPER_BIN/columns" --column docker pid memory chroot-climb reach >matrix
	run -0 jq -r '.columns[].facts[] | "\(.fact) \(.verdict)"' matrix
	[[ $(xargs <<<"$output") == "memory limited chroot-climb closed pid closed from-host closed from-neighbour closed published-port closed" ]]
	[[ $(docker images --format '{{.Repository}}') == box ]]
}
