/* All that is wrong with a bundle, for the person who mends it. */
#ifndef STAGE6_CHECK_H
#define STAGE6_CHECK_H

/*
 * Prints every error in config.json of the directory @bundle on stderr, a line each with the
 * property's path, or on stdout that there is none. What stage @stage does not do is an error, too.
 * Returns the exit status.
 */
int check(const char *bundle, int stage);

#endif
