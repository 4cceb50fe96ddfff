/*
 * The checks of linux.seccomp: an errno for an action that returns none, and what only goes
 * together with a listener.
 */
#include <inttypes.h>
#include <linux/seccomp.h>
#include <stdio.h>

#include "6-oci/validate.h"

#define SECCOMP "linux.seccomp."

/* MAX_ERRNO of the kernel's; it cuts what is larger. */
enum { LARGEST_ERRNO = 4095 };

static void validate_errno(const struct config_choice *action, const uint32_t *number,
	const char *property, struct config_errors *errors)
{
	if (!action || !number)
		return;
	uint32_t most = action->value == SECCOMP_RET_TRACE ? UINT16_MAX : LARGEST_ERRNO;
	if (action->value != SECCOMP_RET_ERRNO && action->value != SECCOMP_RET_TRACE)
		config_errors_add(errors, "%s: %s returns no errno", property, action->name);
	else if (*number > most)
		config_errors_add(errors, "%s: expected a whole number from 0 to %u, found %u",
			property, most, *number);
}

static bool notifies(const struct config_choice *action)
{
	return action && action->value == SECCOMP_RET_USER_NOTIF;
}

static void validate_listener(const struct config_seccomp *seccomp, const char *property,
	struct config_errors *errors)
{
	if (!seccomp->listener_path || !*seccomp->listener_path)
		config_errors_add(errors, "%s: SCMP_ACT_NOTIFY needs a " SECCOMP "listenerPath",
			property);
}

static void validate_syscall(const struct config_seccomp *seccomp, size_t i,
	struct config_errors *errors)
{
	const struct config_syscall *syscall = &seccomp->syscalls.items[i];
	char property[64];
	snprintf(property, sizeof(property), SECCOMP "syscalls[%zu].errnoRet", i);
	validate_errno(syscall->action, syscall->errno_ret, property, errors);
	snprintf(property, sizeof(property), SECCOMP "syscalls[%zu].action", i);
	if (notifies(syscall->action))
		validate_listener(seccomp, property, errors);
	if (syscall->names.count == 0)
		config_errors_add(errors,
			SECCOMP "syscalls[%zu].names: expected a name at least, found nothing", i);
}

void validate_seccomp(const struct config_seccomp *seccomp, struct config_errors *errors)
{
	validate_errno(seccomp->default_action, seccomp->default_errno_ret,
		SECCOMP "defaultErrnoRet", errors);
	/* The runtime's own calls, from the filter to the exec, would wait for an answer, too. */
	if (notifies(seccomp->default_action))
		config_errors_add(errors,
			SECCOMP "defaultAction: SCMP_ACT_NOTIFY cannot be the default; nobody "
				"could start the container");
	for (size_t i = 0; i < seccomp->syscalls.count; i++)
		validate_syscall(seccomp, i, errors);
	if (seccomp->listener_metadata && !seccomp->listener_path)
		config_errors_add(errors,
			SECCOMP "listenerMetadata: needs a " SECCOMP "listenerPath");
}
