/* Taking a container down. */
#ifndef STAGE7_DELETE_H
#define STAGE7_DELETE_H

#include "7-runtime/record.h"

/*
 * Kills what is left of the container, removes its cgroup and then its record, and runs its
 * poststop hooks. Works from the record alone, whatever of the rest exists. @config: the
 * container's where it is at hand, which spares reading it again; or NULL. Returns 0, or -1 with
 * the error set.
 */
int delete_container(const struct record *record, const struct config *config);

/*
 * The same after a failure that ends the container's life before its time ("Lifecycle" in
 * runtime.md): prints the error that is set, since the poststop hooks may have errors of their own,
 * and returns -1.
 */
int delete_failed(const struct record *record, const struct config *config);

#endif
