/*
 * What must hold: after the filter is loaded the process still has something to do, if only an exec
 * to make. What the filter refuses it then is an error that the user sees. But what it lets
 * somebody answer who has not even been called yet, stops everything for ever: so that is refused
 * beforehand.
 */
#include "7-runtime/process/seccomp.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "6-oci/errors.h"
#include "7-runtime/process/seccomp_code.h"
#include "7-runtime/process/seccomp_numbers.h"
#include "7-runtime/release.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

static int seccomp(unsigned operation, unsigned long flags, void *argument)
{
	return (int)syscall(SYS_seccomp, operation, flags, argument);
}

/* --- what this kernel cannot do --------------------------------------------------------------- */

static bool kernel_has_action(const struct config_choice *action)
{
	uint32_t asked = (uint32_t)action->value;
	/* Before Linux 4.14 it could not be asked; those before that one are there then. */
	return seccomp(SECCOMP_GET_ACTION_AVAIL, 0, &asked) == 0;
}

/* With no filter to read the kernel gets as far as that only when it knows the flag. */
static bool kernel_has_flag(unsigned long flag)
{
	if (flag == SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
		flag |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	return seccomp(SECCOMP_SET_MODE_FILTER, flag, NULL) == 0 || errno == EFAULT;
}

static int check_action(const struct config_choice *action)
{
	return kernel_has_action(action) ? 0 : fail("this kernel does not know %s", action->name);
}

static int check_kernel(const struct config_seccomp *seccomp)
{
	step_for("linux.seccomp.defaultAction");
	if (check_action(seccomp->default_action) < 0)
		return -1;
	for (size_t i = 0; i < seccomp->syscalls.count; i++) {
		step_for("linux.seccomp.syscalls[%zu].action", i);
		if (check_action(seccomp->syscalls.items[i].action) < 0)
			return -1;
	}
	for (size_t i = 0; i < seccomp->flags.count; i++) {
		step_for("linux.seccomp.flags[%zu]", i);
		if (!kernel_has_flag(seccomp->flags.items[i]->value))
			return fail("this kernel does not know %s", seccomp->flags.items[i]->name);
	}
	return 0;
}

/* --- what the runtime needs itself ------------------------------------------------------------ */

/* Between the filter and the exec, while somebody waits for the process... */
static const char *const needed[] = {"prctl", "recvmsg", "sendmsg", "write", NULL};

/* ... and when it has been loaded as root, before the process has become its user. */
static const char *const needed_early[] = {"access", "capget", "capset", "chdir", "close",
	"faccessat", "faccessat2", "fstat", "getcwd", "newfstatat", "openat", "openat2", "poll",
	"ppoll", "read", "rt_sigaction", "rt_sigprocmask", "setgroups", "setresgid", "setresuid",
	"stat", "umask", NULL};

static bool is_one_of(const char *const names[], const char *name)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static int check_notified(const struct config_seccomp *seccomp, bool early)
{
	for (size_t i = 0; i < seccomp->syscalls.count; i++) {
		const struct config_syscall *syscall = &seccomp->syscalls.items[i];
		if (syscall->action->value != SECCOMP_RET_USER_NOTIF)
			continue;
		for (size_t j = 0; j < syscall->names.count; j++) {
			const char *name = syscall->names.items[j];
			if (!is_one_of(needed, name) && !(early && is_one_of(needed_early, name)))
				continue;
			step_for("linux.seccomp.syscalls[%zu].names[%zu]", i, j);
			fail("SCMP_ACT_NOTIFY cannot be for %s; the runtime itself has to call it",
				name);
			return early && !is_one_of(needed, name)
				       ? fail_hint("with process.noNewPrivileges the filter is "
						   "loaded later, and this would be possible")
				       : -1;
		}
	}
	return 0;
}

static void warn_of_unknown(const struct config_seccomp *seccomp)
{
	const struct architecture *native = architecture_native();
	struct syscall_memory memory = {};
	struct syscall_number number;
	for (size_t i = 0; native && i < seccomp->syscalls.count; i++) {
		const struct config_strings *names = &seccomp->syscalls.items[i].names;
		for (size_t j = 0; j < names->count; j++)
			if (!syscall_find(native, &memory, names->items[j], &number))
				warn("linux.seccomp.syscalls[%zu].names[%zu]: no system call %s is "
				     "known; passed over",
					i, j, quoted(names->items[j]));
	}
}

/* --- the filter ------------------------------------------------------------------------------- */

static bool notifies(const struct config_seccomp *seccomp)
{
	for (size_t i = 0; i < seccomp->syscalls.count; i++)
		if (seccomp->syscalls.items[i].action->value == SECCOMP_RET_USER_NOTIF)
			return true;
	return false;
}

static unsigned long flags_of(const struct config_seccomp *seccomp, bool listener)
{
	unsigned long flags = listener ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
	for (size_t i = 0; i < seccomp->flags.count; i++)
		flags |= seccomp->flags.items[i]->value;
	/* Without a listener there is nothing to wait for. */
	if (!listener)
		flags &= ~SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	/* Both want to return something: this one makes do with an error. */
	if (listener && flags & SECCOMP_FILTER_FLAG_TSYNC)
		flags |= SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	return flags;
}

static int write_filter(struct seccomp_filter *filter, const struct config_seccomp *seccomp)
{
	struct seccomp_program program = {};
	if (seccomp_write(&program, seccomp) < 0)
		return -1;
	size_t count = program.count;
	if (count <= BPF_MAXINSNS)
		filter->instructions = program_finish(&program);
	else
		fail("it comes to a filter of %zu instructions; the kernel takes %d at most", count,
			BPF_MAXINSNS);
	free(program.written);
	filter->count = (unsigned short)count;
	return filter->instructions ? 0 : -1;
}

int seccomp_filter_make(struct seccomp_filter *filter, const struct config *config,
	const struct config_process *process)
{
	const struct config_seccomp *seccomp = config->linux.seccomp;
	*filter = (struct seccomp_filter){};
	if (!seccomp)
		return 0;
	filter->early = !process || !process->no_new_privileges;
	filter->notifies = notifies(seccomp);
	filter->flags = flags_of(seccomp, filter->notifies);
	warn_of_unknown(seccomp);
	if (check_kernel(seccomp) < 0 || check_notified(seccomp, filter->early) < 0)
		return -1;
	step_for("linux.seccomp");
	if (write_filter(filter, seccomp) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

void seccomp_filter_free(struct seccomp_filter *filter)
{
	free(filter->instructions);
	*filter = (struct seccomp_filter){};
}

int seccomp_filter_load(const struct seccomp_filter *filter, int line)
{
	struct sock_fprog program = {.len = filter->count, .filter = filter->instructions};
	step_for("linux.seccomp");
	step("seccomp: a filter of %u instructions for every system call from here on",
		filter->count);
	/* A listener closes by itself at the exec; to close it takes a call that may not be
	 * allowed. */
	int listener = seccomp(SECCOMP_SET_MODE_FILTER, filter->flags, &program);
	if (listener < 0)
		return fail_errno();
	if (filter->notifies && release_send_word(line, 's', listener) < 0)
		return -1;
	step_for(NULL);
	return 0;
}
