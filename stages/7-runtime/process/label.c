/*
 * A security module of the kernel asks a question before most system calls: may a process with this
 * label do that to a thing with that one? AppArmor's labels are names of profiles, lists of what a
 * program may do; SELinux's are contexts, and a policy says which may meet.
 *
 * What must hold: a container that asks for one runs with it or not at all. A kernel without the
 * module would take the config, do nothing, and look just the same.
 */
#include "7-runtime/process/label.h"

#include <fcntl.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

enum { PROFILES_MOST = 4 << 20 };

static bool is_set(const char *label)
{
	return label && *label;
}

static bool apparmor_is_on(void)
{
	_cleanup_free char *enabled =
		file_read(AT_FDCWD, "/sys/module/apparmor/parameters/enabled", 64, NULL);
	error_clear();
	return enabled && *enabled == 'Y';
}

static bool selinux_is_on(void)
{
	return file_exists(AT_FDCWD, "/sys/fs/selinux/enforce");
}

/* A line of the list is "NAME (MODE)". */
static bool lists_profile(const char *list, const char *name)
{
	size_t length = strlen(name);
	for (const char *line = list; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, length) && !strncmp(line + length, " (", 2))
			return true;
	}
	return false;
}

/*
 * The list may be hidden, and does not have what is put together of several profiles; the kernel
 * answers for those. Here only what is plainly missing is found in good time.
 */
static int check_profile(const char *name)
{
	if (!apparmor_is_on())
		return fail("%s is asked for, but AppArmor is not switched on in this kernel",
			name);
	_cleanup_free char *list =
		file_read(AT_FDCWD, "/sys/kernel/security/apparmor/profiles", PROFILES_MOST, NULL);
	error_clear();
	if (!list || *name == ':' || strstr(name, "//") || !strcmp(name, "unconfined") ||
		lists_profile(list, name))
		return 0;
	fail("there is no profile %s in the kernel", name);
	return fail_hint("load it first: apparmor_parser -r FILE");
}

static int check_selinux(const char *property, const char *label)
{
	step_for("%s", property);
	if (is_set(label) && !selinux_is_on())
		return fail("%s is asked for, but SELinux is not switched on in this kernel",
			label);
	return 0;
}

int label_check(const struct config *config, const struct config_process *process)
{
	step_for("process.apparmorProfile");
	if (is_set(process->apparmor_profile) && check_profile(process->apparmor_profile) < 0)
		return -1;
	if (check_selinux("process.selinuxLabel", process->selinux_label) < 0 ||
		check_selinux("linux.mountLabel", config->linux.mount_label) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

/* Several modules can share the old file; AppArmor has one of its own since Linux 5.8. */
static int apply_profile(const char *name, int proc)
{
	const char *own = "attr/apparmor/exec";
	_cleanup_free char *text = text_format("exec %s", name);
	if (!text)
		return -1;
	step_for("process.apparmorProfile");
	return file_write(proc, file_exists(proc, own) ? own : "attr/exec", text);
}

int label_apply(const struct config_process *process, int proc)
{
	if (is_set(process->apparmor_profile) && apply_profile(process->apparmor_profile, proc) < 0)
		return -1;
	step_for("process.selinuxLabel");
	if (is_set(process->selinux_label) &&
		file_write(proc, "attr/exec", process->selinux_label) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

int label_keys(const char *label, int proc)
{
	return file_write(proc, "attr/keycreate", label ? label : "\n");
}
