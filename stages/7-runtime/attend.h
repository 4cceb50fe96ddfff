/* With nobody else to look after a container: staying with it to its end. */
#ifndef STAGE7_ATTEND_H
#define STAGE7_ATTEND_H

#include <stdbool.h>

#include "7-runtime/create.h"

/*
 * Passes signals on to the container that runs, and what is typed, until it ends; then deletes it,
 * unless @keep. Returns its exit status as a shell has it, or -1 with the error set.
 */
int attend(struct creation *creation, bool keep);

#endif
