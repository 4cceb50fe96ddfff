/* A root directory of one's own. */
#ifndef STAGE1_CHROOT_H
#define STAGE1_CHROOT_H

/*
 * Makes the directory @root the process's root directory, and its working directory too. Needs
 * CAP_SYS_CHROOT. Returns 0, or -1 with the error set: ENOENT, ENOTDIR, EACCES, EPERM. See
 * chroot(2).
 */
int chroot_enter(const char *root);

#endif
