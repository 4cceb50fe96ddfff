/* The container's first process, between its clone and the exec of the command. */
#ifndef STAGE7_INIT_H
#define STAGE7_INIT_H

#include "6-oci/container.h"
#include "7-runtime/mounts/mounts.h"
#include "7-runtime/process/setup.h"
#include "7-runtime/record.h"

/*
 * The talk between the init and the creator, over the line of spawn():
 *
 *	creator 'm'	(for each of the mounts that it makes itself, mounts/trees.h) here it is
 *	init 'c'	(with linux.timeOffsets) there is a time namespace to set the clocks of
 *	creator 'c'	they are set
 *	init 'b'	(init_needs_creator()) the root is built; the runtime's hooks may run
 *	creator 'h'	they have
 *	init 't'	(with process.terminal) the master side of its terminal comes with it
 *
 * and then that of release.h. A fd that comes with its 'd' is the gate, where the init waits for
 * start (gate.h).
 */
struct init {
	struct setup setup;
	struct mounts mounts;
	int activation;       /* so many files are sockets for the command: process/activation.h */
	struct record record; /* a copy of the creator's, for hooks that run inside */
};

/*
 * Whether the creator has something to do when the root is built. To wake another process up, and
 * be woken up, costs as much as many system calls; so where there is nothing, nobody waits.
 */
bool init_needs_creator(const struct config *config);

/* What the init does besides what stage 6 does; @init is used in the child. */
struct container_more init_more(struct init *init);

#endif
