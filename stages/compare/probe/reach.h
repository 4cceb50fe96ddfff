/*
 * To be reached: somebody outside must try. The runner starts a probe that waits, "--serve", where
 * the others are run, and asks these facts of one outside, told by "--target" where to look.
 */
#ifndef COMPARE_PROBE_REACH_H
#define COMPARE_PROBE_REACH_H

/* ADDRESS:PORT,...: where a reach fact looks; "-": there is nothing to look for. Kept, not copied.
 */
void reach_target(const char *list);

/*
 * Listens at @port on every address. Prints "shared" or "own", whether the network is the host's,
 * and its IPv4 addresses but loopback's; stays until its standard input ends. Returns the exit
 * status.
 */
int reach_serve(const char *port);

/* Connects to ADDRESS:PORT. Returns 0, or -1 with errno, ETIMEDOUT after two seconds. */
int reach_connect(const char *address, int port);

#endif
