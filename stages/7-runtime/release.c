/*
 * What must hold: until its existence is on record a child dies with its parent, so that nothing
 * runs that nobody knows of. After that it lives on alone.
 */
#include "7-runtime/release.h"

#include <errno.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "common/error.h"
#include "common/handshake.h"
#include "common/process.h"
#include "common/step.h"

/* The parent is gone; whatever killed it, nobody waits for a message from here. */
static int parent_is_gone(void)
{
	error_clear();
	return fail_reported(EXIT_ERROR);
}

int release_send_word(int line, char word, int fd)
{
	if (handshake_send(line, word, fd) == 0)
		return 0;
	return errno == EPIPE ? parent_is_gone() : -1;
}

int release_await_word(int line, char word, int *fd)
{
	if (handshake_await(line, word, fd) == 0)
		return 0;
	return errno == ECONNRESET ? parent_is_gone() : -1;
}

int release_await(int line, int *fd)
{
	if (release_send_word(line, 'r', -1) < 0 || release_await_word(line, 'd', fd) < 0)
		return -1;
	step("prctl: live on without the parent");
	if (prctl(PR_SET_PDEATHSIG, 0) < 0)
		return fail_errno();
	/* Before this word the parent's end would be the child's, too. */
	return release_send_word(line, 'l', -1);
}

int release_ready(struct child *child)
{
	return spawn_await(child, 'r', NULL);
}

int release_executed(struct child *child)
{
	if (handshake_await_end(child->line) == 0)
		return 0;
	if (errno != ECONNRESET)
		return spawn_give_up(child);
	int status = process_wait(child->pid);
	return status < 0 ? -1 : fail_reported(process_exit_status(status));
}

int release_child(struct child *child, int fd)
{
	if (handshake_send(child->line, 'd', fd) < 0)
		return -1;
	return spawn_await(child, 'l', NULL);
}
