/* What uname(2) says of the machine: linux.personality. */
#ifndef STAGE7_PROCESS_PERSONALITY_H
#define STAGE7_PROCESS_PERSONALITY_H

#include "6-oci/config.h"

/* For the calling process and what it will start. @wanted may be NULL. See personality(2). */
int personality_apply(const struct config_personality *wanted);

#endif
