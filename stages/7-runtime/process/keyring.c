/*
 * The kernel keeps keys and passwords for users (for network filesystems, encrypted directories),
 * and no namespace divides them. A process finds those of its session through a keyring that it has
 * inherited. So a container that kept its creator's could read the creator's secrets.
 *
 * The keyring has a name, by which an exec finds it; for that, its user must be allowed to search
 * it.
 */
#include "7-runtime/process/keyring.h"

#include <errno.h>
#include <limits.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "7-runtime/process/label.h"
#include "common/error.h"
#include "common/step.h"

/* All for who has it; view, read and search for its user. See keyctl_setperm(3). */
#define PERMISSIONS 0x3f0b0000U

int keyring_join(const char *id, const char *label, int proc)
{
	char name[NAME_MAX + sizeof("_ses.")];
	snprintf(name, sizeof(name), "_ses.%s", id);
	if (label && *label && label_keys(label, proc) < 0)
		return -1;
	step("keyctl: a session keyring of the container's own, %s", name);
	long keyring = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name);
	if (keyring < 0 && errno == ENOSYS)
		return 0;
	if (keyring < 0 || syscall(SYS_keyctl, KEYCTL_SETPERM, keyring, PERMISSIONS) < 0) {
		fail_errno();
		return fail_hint("--no-new-keyring goes without one");
	}
	return label && *label ? label_keys(NULL, proc) : 0;
}
