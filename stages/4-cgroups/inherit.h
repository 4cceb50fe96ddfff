/* What a new cgroup gets from the one above it. */
#ifndef STAGE4_INHERIT_H
#define STAGE4_INHERIT_H

/*
 * Sees to it that the v2 cgroup @directory hands down the controllers @controllers (their names,
 * blanks between them) to those below it; what it hands down already is left as it is. Returns 0,
 * or -1 with the error set: the controller is not there, or we may not hand it down. See "Enabling
 * and Disabling" in the kernel's cgroup-v2.rst.
 */
int inherit_controllers(const char *directory, const char *controllers);

/*
 * Gives the v1 cgroup @directory the processors and memory nodes of the one above it, where it has
 * none yet. Returns 0, or -1 with the error set. See cpuset(7).
 */
int inherit_cpuset(const char *directory);

#endif
