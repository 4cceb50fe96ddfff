#!/bin/bash
# lab doctor: can this machine do the labs? Each finding comes with its remedy, and says which labs need it,
# so that "your machine cannot" never looks like "you are wrong". Fails when a lab cannot be done.

lab_doctor() {
	FINDINGS=0
	DOCTOR=$(mktemp -d "${TMPDIR:-/tmp}/cooper-doctor.XXXXXX")
	trap 'rm -rf --one-file-system "$DOCTOR"' EXIT
	chmod 755 "$DOCTOR"
	echo "${BOLD}This machine${PLAIN}"
	good "$(uname -sr), $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release 2>/dev/null)"
	look_at_surroundings
	look_at_tools
	echo "${BOLD}What the kernel lets you do${PLAIN}"
	look_at_user_namespaces && look_at_guard
	look_at_cgroups
	echo
	if [[ $FINDINGS -eq 0 ]]; then
		echo "${GREEN}All seven labs can be done here.${PLAIN}"
	else
		echo "${YELLOW}In the way: $FINDINGS of these.${PLAIN} Or take the machine that has it all: make vm"
	fi
	[[ $FINDINGS -eq 0 ]]
}

good() {
	printf '  %sok%s    %s\n' "$GREEN" "$PLAIN" "$1"
}

# bad WHAT WHO-NEEDS-IT REMEDY
bad() {
	FINDINGS=$((FINDINGS + 1))
	printf '  %sno%s    %s\n' "$RED" "$PLAIN" "$1"
	printf '        needed by %s\n' "$2"
	fold -s -w 63 <<<"$3" | sed 's/ *$//; 1s/^/        remedy: /; 2,$s/^/                /'
}

remark() {
	fold -s -w 70 <<<"$1" | sed "s/ *\$//; 1s/^/  note  /; 2,\$s/^/        /"
}

look_at_surroundings() {
	if [[ -e /.dockerenv || -e /run/.containerenv ]] || grep -qaE 'docker|lxc|kubepods|libpod' /proc/1/cgroup; then
		remark "This is a container already. What is refused below may be its doing: start it with --privileged, or work in \"make vm\"."
	fi
	if [[ $EUID -eq 0 ]]; then
		good "you are root"
	else
		good "you are $(learner_name); what needs root is said below"
	fi
}

look_at_tools() {
	local tool missing=()
	for tool in gcc make busybox ip nft strace; do
		PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || missing+=("$tool")
	done
	if [[ ${#missing[@]} -gt 0 ]]; then
		bad "not installed: ${missing[*]}" "all labs" "sudo make deps, or your distribution's packages of these names"
	elif ! reference_builds; then
		bad "the reference does not build: $(tail -n 1 "$DOCTOR/words")" "all labs" "sudo make deps, then: make build"
	else
		good "compiler and tools; the reference builds"
	fi
}

reference_builds() {
	[[ -n ${LAB_OBJECTS:-} ]] || make -s -C "$HOUSE" build >"$DOCTOR/words" 2>&1
}

look_at_user_namespaces() {
	local said knob
	if said=$(unshare --user --map-root-user true 2>&1); then
		good "user namespaces: you can be root in one"
		return 0
	fi
	for knob in kernel/unprivileged_userns_clone:0:1 kernel/apparmor_restrict_unprivileged_userns:1:0 \
		user/max_user_namespaces:0:15000; do
		IFS=: read -r name is should <<<"$knob"
		if [[ $(cat "/proc/sys/$name" 2>/dev/null) == "$is" ]]; then
			bad "user namespaces are refused: ${name//\//.} is $is" "all labs: the checks run in one" \
				"sudo sysctl ${name//\//.}=$should (until the next boot)"
			return 1
		fi
	done
	bad "user namespaces are refused: ${said##*: }" "all labs: the checks run in one" \
		"a seccomp filter or a security module may be in the way; \"make vm\" works anywhere"
	return 1
}

# Each line of this runs in the guard, and so finds out what a check finds there.
look_at_guard() {
	mkdir "$DOCTOR/lab"
	cat >"$DOCTOR/lab/try" <<-'END'
		mkdir -p lower upper work merged
		mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,userxattr merged && echo overlay
		ip link add lab0 type veth peer name lab1 && echo veth
		ip link add lab2 type bridge && echo bridge
		nft add table ip lab && nft add chain ip lab nat '{ type nat hook postrouting priority 100; }' && echo nft
		[ "$(wc -l </proc/self/uid_map)" -gt 1 ] || [ "$(awk '{ print $3 }' /proc/self/uid_map)" -gt 1 ] && echo range
	END
	local can
	can=$(timeout 60 "$LABS/lib/guard" "$DOCTOR/lab" bash /lab/try 2>"$DOCTOR/words")
	if [[ -z $can ]]; then
		bad "the guard, in which the checks run, does not start: $(head -n 1 "$DOCTOR/words")" "all labs" \
			"the line above says what was refused"
		return
	fi
	good "the guard starts: nothing that runs in it can hurt this machine"
	in_it overlay "overlayfs in a user namespace" "lab 3" "a kernel of 5.11 or later: sudo modprobe overlay"
	in_it veth "veth pairs" "lab 5" "sudo modprobe veth"
	in_it bridge "bridges" "lab 5" "sudo modprobe bridge"
	in_it nft "nftables with NAT" "lab 5" "sudo modprobe nf_tables nft_chain_nat nft_masq"
	[[ " ${can//$'\n'/ } " == *" range "* ]] ||
		remark "You have one id only inside, so that task 2.5 is checked in part only. Give yourself a range: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(learner_name)"
}

in_it() {
	if [[ " ${can//$'\n'/ } " == *" $1 "* ]]; then
		good "$2"
	else
		bad "$2: $(grep -iE "$1|${2%% *}" "$DOCTOR/words" | head -n 1)" "$3" "$4"
	fi
}

look_at_cgroups() {
	local version=v1 controllers own
	if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
		version=v2 controllers=$(cat /sys/fs/cgroup/cgroup.controllers)
	elif [[ -e /sys/fs/cgroup/unified ]]; then
		version="v1, with v2 beside it"
	fi
	if [[ $EUID -eq 0 ]]; then
		good "cgroup $version${controllers:+: $controllers}"
		return
	fi
	own=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
	if [[ $version == v2 && -w $own/cgroup.procs && -w $own ]]; then
		good "cgroup v2, delegated to you: $(cat "$own/cgroup.controllers")"
	elif [[ $version == v2 ]] && systemd-run --user --scope --quiet --property=Delegate=yes true 2>/dev/null; then
		good "cgroup v2; your systemd gives you some to make others in"
	else
		bad "cgroup $version: no cgroup is yours to make others in" "lab 4" \
			"log in where your systemd runs (loginctl shows it), so that it can give you some; otherwise root, or \"make vm\""
	fi
}
