/*
 * Two processes of one program that wait for each other.
 *
 * After a clone, parent and child each have things to do that the other must wait for: the parent
 * writes the child's id maps, the child reports that its root is built. They share a socket pair.
 * One side sends a word, the other waits for it. When the awaited side dies, the socket closes and
 * the wait ends with an error instead of never.
 */
#ifndef COMMON_HANDSHAKE_H
#define COMMON_HANDSHAKE_H

#include <stdbool.h>

struct handshake {
	int parent; /* the parent's end, or -1 */
	int child;  /* the child's end, or -1 */
};

/* Makes the pair; both ends are closed on exec. See socketpair(2). */
int handshake_make(struct handshake *handshake);

/* After the clone, each side keeps its own end: returns it, and closes the other. */
int handshake_as_parent(struct handshake *handshake);
int handshake_as_child(struct handshake *handshake);

/* Whether the other side still lives. */
bool handshake_alive(int end);

/* Sends a text to any socket, with the file descriptor @fd beside it unless that is -1. */
int handshake_send_text(int end, const char *text, int fd);

/* Sends the one-byte word @word, with the file descriptor @fd beside it unless that is -1. */
int handshake_send(int end, char word, int fd);

/*
 * Waits for the word @word; the file descriptor that came with it goes to *@fd (-1 if none did;
 * @fd may be NULL when none is expected). Returns -1 with the error set for any other word, and -1
 * with NO error set and errno ECONNRESET when the other side has gone: only the caller knows how
 * to find out why.
 */
int handshake_await(int end, char word, int *fd);

/*
 * The last word of a side that has failed, and has said why: the other sees it as the end, as
 * above.
 */
void handshake_send_failure(int end);

/*
 * Waits for the end of the other side. Returns 0 when it came without a word, as an exec brings it,
 * -1 with NO error set and errno ECONNRESET after handshake_send_failure(), and -1 with the error
 * set otherwise.
 */
int handshake_await_end(int end);

#endif
