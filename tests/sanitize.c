/*
 * What the programs tell the sanitizers, in a build with SANITIZE=1. At the exit of a program they
 * look for memory that has leaked, by way of /proc/self. A program that has entered a rootfs, or
 * another PID namespace, may not have that any more; then the look is left out. (What leaks there
 * is seen at the exits that come before, in other tests.) What a program needs to its end is in
 * static variables, so that it is no leak.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sanitizer/lsan_interface.h>

int __lsan_is_turned_off(void)
{
	char link[32] = "";
	return readlink("/proc/self", link, sizeof(link) - 1) < 0 || atoi(link) != getpid();
}
