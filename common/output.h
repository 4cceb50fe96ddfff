/* The standard output, to its last byte. */
#ifndef COMMON_OUTPUT_H
#define COMMON_OUTPUT_H

/*
 * Writes what the C library has kept back. Returns 0, or -1 with the error set when something that
 * was printed, now or before, could not be written. See fflush(3), ferror(3).
 */
int output_finish(void);

#endif
