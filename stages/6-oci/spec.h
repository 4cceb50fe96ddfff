/* A config.json to start from. */
#ifndef STAGE6_SPEC_H
#define STAGE6_SPEC_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Prints a config for a shell in ./rootfs that uses all that stage @stage does to keep a container
 * apart from the host. @rootless: one that its caller can run without root, with root inside being
 * the caller outside, and the host's network. Returns 0, or -1 with the error set.
 */
int spec_print(FILE *out, int stage, bool rootless);

#endif
