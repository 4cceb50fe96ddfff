/* A root without pivot_root. */
#ifndef STAGE7_MOVE_ROOT_H
#define STAGE7_MOVE_ROOT_H

/*
 * Makes @root the root where the kernel refuses to pivot: the host's root is the first one there
 * ever was, in memory (see "rootfs" in pivot_root(2)). Returns 0, or -1 with the error set.
 */
int move_root(int root);

#endif
