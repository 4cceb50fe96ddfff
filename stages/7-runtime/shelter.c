/*
 * A process of this program that enters a container is still this program. Whoever may look at it
 * in there finds the host's file behind /proc/PID/exe, and a command that is "#!/proc/self/exe" is
 * that file. Held open until the process has ended, it can be opened once more, for writing, by a
 * root that is the host's as well: and the next container is started by what the last one left
 * (CVE-2019-5736).
 *
 * So a command that enters containers starts itself again, from a copy of the mount that its file
 * is on: read-only, attached nowhere, gone with its last user. Where it may not mount, from a copy
 * of the file in memory, sealed. A plain user's container that could not write to the file anyway
 * needs neither.
 *
 * What must hold: this comes before all else. What is open or known by now would be lost.
 */
#include "7-runtime/shelter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "3-rootfs/mount.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

#define SELF  "/proc/self/exe"
#define BY_FD "/dev/fd/" /* what execveat(2) calls a file that has no path */

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

/* A word of an option may be one of these, too: then this is done for nothing. */
static bool enters_container(char **argv)
{
	static const char *const verbs[] = {"run", "create", "exec"};
	for (; *argv; argv++)
		for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
			if (!strcmp(*argv, verbs[i]))
				return true;
	return false;
}

static bool is_sheltered(int self)
{
	struct statx file;
	struct statvfs mount;
	if (fcntl(self, F_GET_SEALS) > 0 && fcntl(self, F_GET_SEALS) & F_SEAL_WRITE)
		return true;
	/* The file itself is what is mounted, and not the directory that it is in. */
	return statx(self, "", AT_EMPTY_PATH, STATX_TYPE, &file) == 0 &&
	       file.stx_attributes & STATX_ATTR_MOUNT_ROOT && fstatvfs(self, &mount) == 0 &&
	       mount.f_flag & ST_RDONLY;
}

/* Nobody in a user's container is more than the user. */
static bool is_out_of_reach(int self)
{
	struct stat info;
	return geteuid() != 0 && fstat(self, &info) == 0 && info.st_uid != geteuid() &&
	       faccessat(AT_FDCWD, SELF, W_OK, AT_EACCESS) < 0 && errno == EACCES;
}

/*
 * From all that are not root of this program's user namespace, its children until their exec
 * included. A plain user's must stay in sight: their parent, who is no more than they are, has yet
 * to write into their /proc/PID.
 */
static int hide(void)
{
	step("prctl: let no container look at this process (PR_SET_DUMPABLE)");
	if (geteuid() == 0 && prctl(PR_SET_DUMPABLE, 0) < 0)
		return fail_errno();
	return 0;
}

static int copy_file(int self)
{
	enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	ssize_t count;
	step("memfd_create: a copy of this program, sealed");
	_cleanup_fd int copy = memfd_create("cooper", flags | MFD_EXEC);
	if (copy < 0 && errno == EINVAL) /* older than Linux 6.3 */
		copy = memfd_create("cooper", flags);
	if (copy < 0)
		return fail_errno();
	do
		count = sendfile(copy, self, NULL, INT_MAX);
	while (count > 0 || (count < 0 && errno == EINTR));
	if (count < 0 || fchmod(copy, 0500) < 0 || fcntl(copy, F_ADD_SEALS, SEALS) < 0)
		return fail_errno();
	return steal_fd(&copy);
}

static int start_again(int from, char **argv)
{
	static char path[PATH_MAX];
	ssize_t length = readlink(SELF, path, sizeof(path) - 1);
	if (length > 0)
		argv[0] = path;
	step("execveat: start this program again, from the copy");
	execveat(from, "", argv, environ, AT_EMPTY_PATH);
	return fail_errno();
}

static int start_from_copy(int self, char **argv)
{
	/* Task 7.6: start this program again, by start_again(), from a file that nobody can write
	 * to: a copy of the mount that SELF is on, made read-only by mount_change()
	 * (3-rootfs/mount.h), attached nowhere. Where it may not mount, copy_file() does. See
	 * open_tree(2).
	 *
	 * Until then: return 0;
	 */
	step("open_tree: a copy of the mount of this program");
	_cleanup_fd int tree = open_tree(AT_FDCWD, SELF, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree >= 0 && mount_change(tree, "", MOUNT_ATTR_RDONLY, false) == 0)
		return start_again(tree, argv);
	error_clear();
	_cleanup_fd int copy = copy_file(self);
	return copy < 0 ? -1 : start_again(copy, argv);
	/* End of task 7.6. */
}

static bool is_started_by_fd(void)
{
	const unsigned long auxiliary = getauxval(AT_EXECFN);
	const char *name;
	memcpy(&name, &auxiliary, sizeof(auxiliary));
	return name && !strncmp(name, BY_FD, strlen(BY_FD));
}

int shelter_enter(char **argv)
{
	if (!enters_container(argv + 1))
		return 0;
	step("open: this program's own file, " SELF);
	_cleanup_fd int self = open(SELF, O_RDONLY | O_CLOEXEC);
	if (self < 0)
		return fail_errno();
	if (is_sheltered(self)) {
		/* The kernel has named the process after a number. */
		prctl(PR_SET_NAME, "cooper");
		return hide();
	}
	if (is_out_of_reach(self))
		return 0;
	/* Once is enough, whatever is the matter. */
	if (is_started_by_fd())
		return fail(SELF ": not the copy that was started; is /proc a proc?");
	return start_from_copy(self, argv);
}
