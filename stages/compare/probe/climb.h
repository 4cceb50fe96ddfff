/*
 * The way out of a chroot, for a process that is root in it: the kernel stops ".." at the process's
 * root directory and nowhere else, so a process that is above its root climbs to the real one.
 */
#ifndef COMPARE_PROBE_CLIMB_H
#define COMPARE_PROBE_CLIMB_H

/*
 * Makes the highest directory that can be reached like that this process's root. In a root that is
 * a mount of its own it stays the same. Returns 0, or -1 with errno of chroot(2).
 */
int climb_out(void);

#endif
