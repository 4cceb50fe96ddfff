/* The rules as a program. */
#ifndef STAGE7_SECCOMP_CODE_H
#define STAGE7_SECCOMP_CODE_H

#include "6-oci/config.h"
#include "7-runtime/process/seccomp_program.h"

/*
 * Writes the filter that @seccomp describes, for the architecture that this program runs on and
 * those in seccomp.architectures that its machine has. Of the others no call can come. What calls
 * in a way that is not listed is killed. Returns 0, or -1 with the error set.
 */
int seccomp_write(struct seccomp_program *program, const struct config_seccomp *seccomp);

#endif
