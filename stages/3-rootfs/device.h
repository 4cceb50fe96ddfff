/* Device nodes and the links beside them: what programs expect in /dev. */
#ifndef STAGE3_DEVICE_H
#define STAGE3_DEVICE_H

#include <sys/types.h>

struct device {
	const char *path; /* inside the root: "/dev/null" */
	mode_t type;      /* S_IFCHR, S_IFBLK or S_IFIFO */
	unsigned major, minor;
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

/* The six that every container has: null zero full random urandom tty. Ends with an empty row. */
extern const struct device device_standard[];

/*
 * Makes the node inside @root. Where this process may make no nodes (in a user namespace) the
 * host's own of that device is bound in its place, with the mode and the owner that it has there.
 * An equal node that is there already is kept. See mknod(2).
 */
int device_make(const struct device *device, int root);

/* Makes /dev/fd, /dev/stdin, /dev/stdout, /dev/stderr and /dev/ptmx, where they are missing. */
int device_make_links(int root);

#endif
