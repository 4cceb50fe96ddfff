/* The moment when a child stops depending on the command that made it. */
#ifndef STAGE7_RELEASE_H
#define STAGE7_RELEASE_H

#include "2-namespaces/spawn.h"

/*
 * The talk, over the line of spawn():
 *
 *	child 'r'	all is ready but the exec
 *	parent 'd'	it is on record; the child may live on without its parent. A fd may come
 *with it child 'l'	it does; only now may the parent go
 *
 * The child's part; the fd goes to *@fd, -1 if there is none. Returns 0, or -1 with the error set.
 */
int release_await(int line, int *fd);

/* The parent's part, in two: what is to be done before the child lives on is done between them. */
int release_ready(struct child *child);
int release_child(struct child *child, int fd);

/*
 * And after that, for a parent that wants to know: waits until the child has executed its command.
 * Returns 0, or -1 when it could not, with the error set; it is no more then.
 */
int release_executed(struct child *child);

/*
 * In a child: sends the parent @word, with @fd beside it unless that is -1; waits for @word of the
 * parent. That the parent has gone is an error without a message.
 */
int release_send_word(int line, char word, int fd);
int release_await_word(int line, char word, int *fd);

#endif
