/*
 * The process that has loaded the filter sends its listener by the line to its parent: the parent
 * alone can reach the agent's socket, which is a file of the host.
 *
 * What must hold: the agent cannot keep the runtime waiting. It may not accept, or not read; then
 * the container is not made.
 */
#include "7-runtime/process/seccomp_listener.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "7-runtime/console.h"
#include "7-runtime/process/seccomp.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/quote.h"
#include "common/step.h"

static char *describe(const struct config_seccomp *seccomp, pid_t pid, const char *state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (!out) {
		fail("out of memory");
		return NULL;
	}
	fprintf(out, "{\"ociVersion\": \"1.3.0\", \"fds\": [\"seccompFd\"], \"pid\": %d", pid);
	if (seccomp->listener_metadata) {
		fprintf(out, ", \"metadata\": ");
		quote_json(out, seccomp->listener_metadata);
	}
	fprintf(out, ", \"state\": %s}", state);
	fclose(out);
	return text;
}

int seccomp_pass_listener(const struct seccomp_filter *filter, const struct config_seccomp *seccomp,
	struct child *child, const struct record *record, enum status status)
{
	if (!filter->notifies)
		return 0;
	_cleanup_fd int listener = -1;
	if (spawn_await(child, 's', &listener) < 0)
		return -1;
	_cleanup_free char *state = record_state(record, status, false);
	_cleanup_free char *text = state ? describe(seccomp, child->pid, state) : NULL;
	if (!text)
		return -1;
	return console_send("linux.seccomp.listenerPath", seccomp->listener_path, "the listener",
		text, listener);
}
