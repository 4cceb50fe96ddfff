/* The gate at which the init of a created container waits for start: a FIFO, exec.fifo. */
#ifndef STAGE7_GATE_H
#define STAGE7_GATE_H

#include "7-runtime/record.h"

/* By the creator: makes the gate, as part of the record. See mkfifo(3). */
int gate_make(const struct record *record);

/* The gate for the init, which cannot reach the record: an O_PATH fd, or -1 with the error set. */
int gate_open(const struct record *record);

/*
 * By the init: waits until somebody lifts the gate @gate. @proc: see struct setup. What this
 * process reports as an error from here on is told there, too. Returns 0, or -1 with the error set.
 */
int gate_wait(int gate, int proc);

/* By the init, right before the exec: the container is started. Nothing happens without a gate. */
int gate_passed(void);

/*
 * By start: lets the init go, and waits until it executes its command. Returns 0, or -1 with the
 * error set. *@over: whether that ends the container's life, since its init did not even come as
 * far as gate_passed().
 */
int gate_lift(const struct record *record, bool *over);

#endif
