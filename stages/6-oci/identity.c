/*
 * What must hold: the order. Limits first, since raising one takes a privilege that the user may
 * not have; groups before the user, since afterwards they cannot be changed; the working directory
 * last, since it must be one that the user may enter.
 */
#include "6-oci/identity.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "3-rootfs/inside.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

int identity_limit(const struct config_process *process)
{
	for (size_t i = 0; i < process->rlimits.count; i++) {
		const struct config_rlimit *asked = &process->rlimits.items[i];
		const struct rlimit limit = {.rlim_cur = asked->soft, .rlim_max = asked->hard};
		step_for("process.rlimits[%zu]", i);
		step("setrlimit: %s to %llu, at most %llu", asked->type->name,
			(unsigned long long)asked->soft, (unsigned long long)asked->hard);
		if (setrlimit((int)asked->type->value, &limit) < 0)
			return fail_errno();
	}
	step_for(NULL);
	return 0;
}

/* A file or a device on the host stays its owner's, whoever has opened it for the container. */
static bool can_be_given(const struct stat *stream, const struct config_process *process)
{
	return S_ISFIFO(stream->st_mode) || S_ISSOCK(stream->st_mode) ||
	       (S_ISCHR(stream->st_mode) && process->terminal);
}

void identity_own_streams(const struct config_process *process)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		struct stat stream;
		if (fstat(fd, &stream) < 0 || stream.st_uid == process->user.uid ||
			!can_be_given(&stream, process))
			continue;
		step("fchown: file descriptor %d to the user %u", fd, process->user.uid);
		if (fchown(fd, process->user.uid, (gid_t)-1) < 0)
			step("skip: it stays as it is");
	}
}

int identity_become(const struct config_process *process)
{
	const struct config_user *user = &process->user;
	step_for("process.user");
	step("setgroups: %zu additional groups", user->additional_gids.count);
	/* In a user namespace that its own user made, groups cannot be changed: there are none. */
	if (setgroups(user->additional_gids.count, user->additional_gids.items) < 0 &&
		(errno != EPERM || user->additional_gids.count > 0))
		return fail_errno();
	step("setresgid: become group %u", user->gid);
	if (setresgid(user->gid, user->gid, user->gid) < 0)
		return fail_errno();
	step("setresuid: become user %u", user->uid);
	if (setresuid(user->uid, user->uid, user->uid) < 0)
		return fail_errno();
	if (user->umask)
		umask(*user->umask);
	step_for(NULL);
	return 0;
}

int identity_make_directory(const struct config_process *process, int root)
{
	step_for("process.cwd");
	_cleanup_fd int directory = inside_make_directory(root, process->cwd);
	if (directory < 0)
		return -1;
	step_for(NULL);
	return 0;
}

int identity_change_directory(const struct config_process *process)
{
	char reached[PATH_MAX] = "";
	step_for("process.cwd");
	step("chdir: %s", process->cwd);
	if (chdir(process->cwd) < 0)
		return fail_errno();
	/* A magic link such as /proc/self/fd/7 leads to places that have no name in this root. */
	step("getcwd: whether %s is in the container", process->cwd);
	if (!getcwd(reached, sizeof(reached)) && errno != ENOENT)
		return fail_errno();
	if (reached[0] != '/')
		return fail("%s: leads out of the container", process->cwd);
	step_for(NULL);
	return 0;
}
