/* Any command in every column, the outputs side by side. */
#ifndef COMPARE_ALONGSIDE_H
#define COMPARE_ALONGSIDE_H

#include <stdbool.h>

/*
 * Runs the shell's command @command in every column, and prints what it printed: neighbours that
 * agree are one column. @user: as a plain user. Returns 0, or -1 with the error set.
 */
int alongside_run(const char *command, bool user);

#endif
