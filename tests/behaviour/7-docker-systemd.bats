# cooper under Docker where systemd runs: Docker asks for systemd's scopes (--systemd-cgroup).

# bats file_tags=root,systemd

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # other shells' variables, and those of bats

load ../helpers
load ../bundle

readonly ENGINE=/run/cooper-engine
export DOCKER_HOST=unix://$ENGINE/docker.sock

setup_file() {
	[[ -d /run/systemd/system ]] && command -v dockerd >/dev/null || return 0
	mkdir "$ENGINE"
	dockerd --host "$DOCKER_HOST" --data-root "$ENGINE/data" --exec-root "$ENGINE/exec" --pidfile "$ENGINE/pid" \
		--exec-opt native.cgroupdriver=systemd --add-runtime "cooper=$COOPER_BIN/cooper" \
		--default-runtime cooper --bridge none --iptables=false </dev/null >"$ENGINE/log" 2>&1 3>&- &
	TEST_DIR=$ENGINE wait_until docker version
	rootfs_make "$ENGINE/image"
	tar -C "$ENGINE/image" -c . | docker import --change 'ENV PATH=/bin' - box
}

teardown_file() {
	local pid
	[[ -e $ENGINE/pid ]] || return 0
	pid=$(<"$ENGINE/pid")
	kill "$pid" && TEST_DIR=$ENGINE wait_until gone "$pid"
	awk '$5 ~ /^\/run\/(cooper-engine|docker)\// { print $5 }' /proc/self/mountinfo | tac | xargs -r umount -l
	rm -rf --one-file-system "$ENGINE" /run/docker /run/containerd
}

setup() {
	test_setup
	skip_unless "this host has not been booted with systemd" test -d /run/systemd/system
	skip_unless_installed dockerd
}

teardown() {
	docker ps --all --quiet 2>/dev/null | xargs --no-run-if-empty docker rm --force >/dev/null
	test_teardown
}

inspect() {
	docker inspect --format "$2" one
}

# property NAME: what systemd knows of the container's scope.
property() {
	systemctl show --property="$1" --value "docker-$(inspect one '{{.Id}}').scope"
}

@test "docker with systemd: a scope in system.slice, with Docker's limits, gone afterwards" {
	local scope
	docker run --detach --name one --memory 64m --memory-swap 64m --pids-limit 50 box sleep 1000 >/dev/null 3>&-
	scope=docker-$(inspect one '{{.Id}}').scope
	[[ $(docker info --format '{{.CgroupDriver}} {{.DefaultRuntime}}') == "systemd cooper" ]]
	[[ $(property ActiveState) == active && $(property Slice) == system.slice ]]
	[[ $(property MemoryMax) == 67108864 && $(property TasksMax) == 50 ]]
	[[ $(sed -n 's/^0:://p' "/proc/$(inspect one '{{.State.Pid}}')/cgroup") == */"$scope"* ]]
	docker update --memory 96m --memory-swap 96m --pids-limit 60 one
	[[ $(property MemoryMax) == 100663296 && $(property TasksMax) == 60 ]]
	docker exec one true
	docker pause one
	[[ $(inspect one '{{.State.Status}}') == paused ]]
	docker unpause one
	docker kill one
	docker rm one
	wait_until not eval "systemctl list-units --all --plain --no-legend '$scope' | grep ."
}

@test "docker with systemd: a container that takes too much memory ends with 137" {
	run -137 docker run --name one --memory 16m --memory-swap 16m box sh -c 'tail /dev/zero'
	[[ $(inspect one '{{.State.OOMKilled}}') == true ]]
}
