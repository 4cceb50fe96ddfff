/* A program run to its end: what it printed, and when. */
#ifndef COMPARE_CAPTURE_H
#define COMPARE_CAPTURE_H

struct captured {
	char *output, *errors; /* free them: captured_free() */
	int status;            /* as a shell has it: the exit status, or 128 + signal */
	long first_us;         /* until the first byte of output; -1: none came */
	long whole_us;         /* until it had ended */
};

/*
 * Runs @words (found by PATH) with nothing on its standard input. Returns 0 with *@captured filled,
 * whatever the program's own status, or -1 with the error set when it cannot be started.
 */
int capture(const char *const words[], struct captured *captured);
void captured_free(struct captured *captured);

#endif
