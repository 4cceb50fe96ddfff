/* Text of unknown origin: as a JSON string for another program, or in a line for a person. */
#ifndef COMMON_QUOTE_H
#define COMMON_QUOTE_H

#include <stdio.h>

/*
 * Prints @text as a JSON string, quotes included. What could steer a terminal is escaped; a byte
 * that is no UTF-8 becomes U+FFFD, since JSON has no place for it.
 */
void quote_json(FILE *out, const char *text);

/*
 * Puts a question mark in the place of every byte that could steer a terminal, end the line or
 * change the order of what is shown, or is no UTF-8.
 */
void quote_harmless(char *text);

#endif
