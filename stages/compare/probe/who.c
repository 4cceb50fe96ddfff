/* Who the process is: what it is called inside, and what the host takes it for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "compare/probe/answer.h"
#include "compare/probe/facts.h"
#include "compare/probe/outside.h"
#include "compare/probe/proc.h"

static void who_pid(struct answer *answer)
{
	int hosts = is_hosts_namespace("pid");
	/* This process is a child of the one that was asked. */
	note(answer, "getppid: %d", getppid());
	if (hosts < 0)
		return nobody_outside(answer, "a namespace to compare with");
	found(answer, hosts ? OPEN : CLOSED, "%d", getppid());
}

static void who_user(struct answer *answer)
{
	note(answer, "getuid: %d, getgid: %d", getuid(), getgid());
	found(answer, getuid() == 0 ? OPEN : CLOSED, "%d", getuid());
}

/* The first line of the map that has the id in it tells which one it is outside. See
 * user_namespaces(7). */
static void who_user_outside(struct answer *answer)
{
	char map[512];
	unsigned int first, outside_first, count;
	if (attempt(answer, proc_read("self/uid_map", map, sizeof(map)),
		    "read /proc/self/uid_map") < 0)
		return refused(answer);
	char *rest = map;
	for (const char *line; (line = strsep(&rest, "\n"));)
		if (sscanf(line, "%u %u %u", &first, &outside_first, &count) == 3 &&
			getuid() >= first && getuid() - first < count) {
			unsigned int id = getuid() - first + outside_first;
			note(answer, "user %u here is user %u there", getuid(), id);
			return found(answer, id == 0 ? OPEN : CLOSED, "%u", id);
		}
	found(answer, CLOSED, "nobody");
}

static const char *const capability_names[] = {"chown", "dac_override", "dac_read_search", "fowner",
	"fsetid", "kill", "setgid", "setuid", "setpcap", "linux_immutable", "net_bind_service",
	"net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio",
	"sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
	"sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write",
	"audit_control", "setfcap", "mac_override", "mac_admin", "syslog", "wake_alarm",
	"block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore"};

/* In a user namespace of one's own they are all there, and good for what belongs to it. */
static void who_capabilities(struct answer *answer, const char *set)
{
	char *end;
	unsigned long long bits = strtoull(proc_status(set), &end, 16);
	if (end == proc_status(set))
		return nobody_outside(answer, "a /proc");
	int count = __builtin_popcountll(bits);
	char names[400] = "";
	for (size_t i = 0; i < sizeof(capability_names) / sizeof(*capability_names); i++)
		if (bits >> i & 1) {
			size_t length = strlen(names);
			snprintf(names + length, sizeof(names) - length, "%s%s", length ? " " : "",
				capability_names[i]);
		}
	note(answer, "%s: %s", set, count ? names : "none");
	bool mighty = bits >> 21 & 1; /* sys_admin */
	bool hosts = is_hosts_namespace("user") != 0;
	found(answer, !count ? CLOSED : mighty && hosts ? OPEN : LIMITED, "%d", count);
}

static void who_effective(struct answer *answer)
{
	who_capabilities(answer, "CapEff");
}

static void who_bounding(struct answer *answer)
{
	who_capabilities(answer, "CapBnd");
}

/* A mode: 0 none, 1 strict, 2 a filter. See seccomp(2). */
static void who_seccomp(struct answer *answer)
{
	int mode = atoi(proc_status("Seccomp"));
	note(answer, "Seccomp: %d in /proc/self/status", mode);
	found(answer, mode ? LIMITED : OPEN, mode ? "a filter" : "no filter");
}

static void who_new_privileges(struct answer *answer)
{
	int set = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	attempt(answer, set, "prctl: PR_GET_NO_NEW_PRIVS is %d", set);
	found(answer, set == 1 ? CLOSED : OPEN, set == 1 ? "none" : "allowed");
}

static void who_securebits(struct answer *answer)
{
	int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
	if (attempt(answer, bits, "prctl: PR_GET_SECUREBITS is %d", bits) < 0)
		return refused(answer);
	found(answer, bits ? LIMITED : OPEN, "0x%x", (unsigned int)bits);
}

static void who_namespaces(struct answer *answer)
{
	static const char *const names[] = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user",
		"uts"};
	int own = 0, count = sizeof(names) / sizeof(*names);
	for (int i = 0; i < count; i++) {
		int hosts = is_hosts_namespace(names[i]);
		if (hosts == 0)
			note(answer, "own %s", names[i]);
		own += hosts == 0;
	}
	if (!outside("namespace-pid"))
		return nobody_outside(answer, "namespaces to compare with");
	note(answer, "%d of %d are its own", own, count);
	found(answer, own == 0 ? OPEN : own < count ? LIMITED : CLOSED, "%d of %d", own, count);
}

const struct fact who_facts[] = {
	{"pid", who_pid, "Is its process id the host's?"},
	{"user", who_user, "Is it root inside?"},
	{"user-outside", who_user_outside, "Is it root outside?"},
	{"capabilities", who_effective, "Which powers of root has it?"},
	{"bounding-set", who_bounding, "Which powers could it get?"},
	{"seccomp", who_seccomp, "May it use every system call?"},
	{"new-privileges", who_new_privileges, "Does a setuid program give it more?"},
	{"securebits", who_securebits, "Is user 0 still treated as root?"},
	{"namespaces", who_namespaces, "How much of its world is its own?"},
	{},
};
