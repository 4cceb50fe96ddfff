#!/bin/bash
# Lab 7: a container's life, and what its processes are left with, through the program $1.
# shellcheck disable=SC1091 # it is where the guard has it
source /lab/bundle.bash

# life WORD...: what the program says, without what differs from run to run.
life() {
	echo "-- $*"
	timeout 5 "$program" --root state "$@" </dev/null 2>&1 3>&- | sed "s|$PWD|...|; s|$program|stage|; s|^cooper: ||
		s|\"pid\": [1-9][0-9]*|\"pid\": PID|; s|\"created\": .*|\"created\": ...|"
}

program=$1
caps='["CAP_CHOWN", "CAP_KILL"]'
MORE='"hooks": {"createRuntime": [{"path": "/bin/sh", "args": ["sh", "-c", "cat >'"$PWD"'/hook.said"]}]},' \
	PROCESS='"user": {"uid": 1000, "gid": 1000}, "noNewPrivileges": true, "capabilities": {"bounding": '"$caps"',
		"permitted": '"$caps"', "effective": '"$caps"', "inheritable": '"$caps"', "ambient": '"$caps"'},' \
	LINUX='"seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["lseek"], "action": "SCMP_ACT_ERRNO",
		"errnoRet": 77, "args": [{"index": 1, "op": "SCMP_CMP_EQ", "value": 4294967303}]}]},' \
	bundle b /bin/sh -c '/bin/call lseek 4294967303 lseek 7; grep -E "^(Cap|NoNew|Seccomp:)" /proc/self/status; sleep 1000'
cp /lab/bin/call b/rootfs/bin/call
has_stopped() {
	[[ $(state_of one status) == stopped ]]
}

said() {
	[[ -s out ]] && grep -q Seccomp: out
}
"$program" --root state create --bundle b one </dev/null >out 2>&1 3>&-
life state one
echo "-- what the hook has read"
grep -E '"(id|status)"' hook.said
life start one
in_the_end said
echo "-- what the command says"
cat out
pid=$(state_of one pid)
[[ $pid -eq 0 ]] || kill -KILL "$pid" # 0 would be this process's own group
in_the_end has_stopped
life state one
life delete one
