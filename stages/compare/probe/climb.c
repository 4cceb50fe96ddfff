#include "compare/probe/climb.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/cleanup.h"

enum { HIGHER_THAN_ANY_TREE = 64 };

int climb_out(void)
{
	_cleanup_fd int top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* Any directory will do; these are in every image. */
	if (top < 0 || (chroot("/dev") < 0 && chroot("/bin") < 0) || fchdir(top) < 0)
		return -1;
	for (int i = 0; i < HIGHER_THAN_ANY_TREE; i++)
		if (chdir("..") < 0)
			return -1;
	return chroot(".");
}
