/* Text that another program reads: as a JSON string. */
#ifndef COMMON_QUOTE_H
#define COMMON_QUOTE_H

#include <stdio.h>

/*
 * Prints @text as a JSON string, quotes included. What controls a terminal is escaped; other bytes
 * that are not ASCII pass as they are.
 */
void quote_json(FILE *out, const char *text);

#endif
