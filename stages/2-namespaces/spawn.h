/*
 * A child in new namespaces, from its clone to its end.
 *
 * The child is made first and waits. The parent, which can still see and do everything, prepares
 * what it needs (id maps, later a cgroup and a network), and then releases it:
 *
 *	spawn(&child, flags, -1, inside, what)        inside() waits
 *	userns_map(child.pid, ...)
 *	spawn_release(&child)                         inside() runs
 *	return spawn_supervise(&child, NULL)
 */
#ifndef STAGE2_SPAWN_H
#define STAGE2_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "2-namespaces/signals.h"

struct child {
	pid_t pid;
	int pidfd; /* stands for the child even when its pid has been reused */
	int line;  /* to the child: see handshake.h */
};

/*
 * What the child does. @line leads to the parent. Returns the exit status; on failure -1 with the
 * error set, which spawn() then prints.
 */
typedef int child_main(void *what, int line);

/*
 * Clones the child into the new namespaces @namespaces (CLONE_NEW* flags), and into the cgroup v2
 * directory @cgroup unless that is -1. Released, it becomes root of its user namespace if it has a
 * new one, sees to it that it dies with this process, and runs inside(@what). Returns -1 with the
 * error set.
 */
int spawn(struct child *child, uint64_t namespaces, int cgroup, child_main *inside, void *what);

/*
 * The child's part of spawn(), for a caller that clones by itself: waits on @line, its end of the
 * handshake, to be released, and goes on as above. @new_user: it is in a new user namespace.
 */
void spawn_child(int line, bool new_user, child_main *inside, void *what) __attribute__((noreturn));

/*
 * The parent cannot prepare what the child needs: ends the child, and waits a moment for
 * that. Keeps the error. Returns -1.
 */
int spawn_give_up(struct child *child);

/* Lets the child go on. */
int spawn_release(struct child *child);

/*
 * Waits for the child's @word and for the file descriptor beside it, as handshake_await() does.
 * When the child ends instead, takes its end for the error; a signal that wants this process to end
 * is one, too.
 */
int spawn_await(struct child *child, char word, int *fd);

/*
 * Passes signals on to the child until it ends. Returns its exit status as a shell has it, or -1
 * with the error set. @watch may be NULL.
 */
int spawn_supervise(struct child *child, struct watch *watch);

#endif
