/* What cooper takes on its command line: the commands and the options in front of them. */
#ifndef STAGE7_COMMAND_LINE_H
#define STAGE7_COMMAND_LINE_H

#include "common/verbs.h"

/* In the order of --help; ends with NULL. */
extern const struct verb *const cooper_verbs[];

extern const struct command_line cooper_command_line;

#endif
