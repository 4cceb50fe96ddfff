/* A bundle, run once. */
#ifndef STAGE6_RUN_H
#define STAGE6_RUN_H

/*
 * Runs the bundle in the directory @bundle to its end, and leaves nothing on the host. Returns the
 * exit status of its process as a shell has it, or -1 with the error set.
 */
int run_bundle(const char *bundle);

#endif
