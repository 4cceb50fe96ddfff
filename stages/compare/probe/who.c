/* Who the process is: what it is called inside, and what the host takes it for. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
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

/*
 * The map tells the id one namespace further out (user_namespaces(7)). Whether that is the host's
 * is told by a file of /proc that belongs to the host's root: it shows as whom we are, or as
 * nobody.
 */
static void who_user_outside(struct answer *answer)
{
	char map[512];
	unsigned int first, further_out, count, id = 0;
	struct stat hosts;
	if (attempt(answer, proc_read("self/uid_map", map, sizeof(map)),
		    "read /proc/self/uid_map") < 0 ||
		attempt(answer, fstatat(proc_open(), "sys/kernel/panic", &hosts, 0),
			"whose is /proc/sys/kernel/panic") < 0)
		return refused(answer);
	char *rest = map;
	for (const char *line; (line = strsep(&rest, "\n"));)
		if (sscanf(line, "%u %u %u", &first, &further_out, &count) == 3 &&
			getuid() >= first && getuid() - first < count)
			id = getuid() - first + further_out;
	bool root = hosts.st_uid == getuid();
	note(answer, "user %u here is user %u further out, and %s the host's root", getuid(), id,
		root ? "is" : "is not");
	found(answer, root ? OPEN : CLOSED, root || id ? "%u" : "not root", id);
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

/* AppArmor's profile, SELinux's context. */
static void who_confined(struct answer *answer)
{
	char profile[256];
	if (attempt(answer, proc_read("self/attr/current", profile, sizeof(profile)),
		    "read /proc/self/attr/current") < 0) {
		depends(answer, "no-security-module");
		return found(answer, UNKNOWN, "%s", strerrorname_np(answer->error));
	}
	note(answer, "found %s", profile);
	found(answer, strcmp(profile, "unconfined") == 0 ? OPEN : LIMITED, "%s", profile);
}

/* The runner has a group besides the usual ones. */
static void who_groups(struct answer *answer)
{
	gid_t groups[1024];
	int count = getgroups(1024, groups);
	if (!outside("group"))
		return nobody_outside(answer, "a group to look for");
	if (attempt(answer, count, "getgroups") < 0)
		return refused(answer);
	bool there = false;
	for (int i = 0; i < count; i++)
		there |= groups[i] == strtoul(outside("group"), NULL, 10);
	note(answer, "%d groups, %s group %s of who runs it", count, there ? "among them" : "not",
		outside("group"));
	found(answer, there ? OPEN : CLOSED, "%d", count);
}

/* Where a session's keys are, a disk's password among them. See session-keyring(7). */
static void who_keyring(struct answer *answer)
{
	if (!outside("keyring"))
		return nobody_outside(answer, "a session keyring to compare with");
	int keyring = session_keyring();
	if (attempt(answer, keyring, "keyctl: the session's keyring") < 0)
		return refused(answer);
	bool hosts = keyring == atoi(outside("keyring"));
	found(answer, hosts ? OPEN : CLOSED, hosts ? "the host's" : "its own");
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
	{"security-module", who_confined, "Does a security module hold it back?"},
	{"groups", who_groups, "Has it the groups of who runs it?"},
	{"session-keyring", who_keyring, "Has it the keys of who runs it?"},
	{"namespaces", who_namespaces, "How much of its world is its own?"},
	{},
};
