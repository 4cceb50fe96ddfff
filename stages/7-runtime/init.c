/*
 * Stage 6 builds the container; what a runtime adds happens at four moments of that (container.h):
 * hooks, privileges, and at the end the wait for `start`.
 *
 * What must hold: until the creation is on record the init dies with its creator, so that nothing
 * runs that nobody knows of. After that it lives on alone, and only the exec fifo moves it.
 */
#include "7-runtime/init.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "7-runtime/capabilities.h"
#include "7-runtime/hooks.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/handshake.h"
#include "common/step.h"

/* In here this process is PID 1; the host's /proc, still mounted, has its number on the host. */
static int find_own_pid(struct init *init)
{
	char number[16] = "";
	step("readlink: /proc/self, for this process's pid on the host");
	if (readlink("/proc/self", number, sizeof(number) - 1) < 0)
		return fail_errno();
	init->record.pid = strtol(number, NULL, 10);
	return 0;
}

static int set_oom_score(const int32_t *score)
{
	char text[16];
	if (!score)
		return 0;
	snprintf(text, sizeof(text), "%d", *score);
	step_for("process.oomScoreAdj");
	if (file_write(AT_FDCWD, "/proc/self/oom_score_adj", text) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

static int wait_for(int line, char word, int *fd)
{
	if (handshake_await(line, word, fd) == 0)
		return 0;
	/* The creator is gone; whatever killed it, nobody waits for a message from here. */
	return errno == ECONNRESET ? fail_reported(EXIT_ERROR) : -1;
}

static int built(void *what, int line)
{
	struct init *init = what;
	const struct config *config = init->config;
	if (find_own_pid(init) < 0 || set_oom_score(config->process->oom_score_adj) < 0 ||
		handshake_send(line, 'b', -1) < 0 || wait_for(line, 'h', NULL) < 0)
		return -1;
	return hooks_run(&config->hooks.create_container, "hooks.createContainer", &init->record,
		CREATING);
}

static int before_user(void *what, int line)
{
	const struct init *init = what;
	(void)line;
	return capabilities_bound(init->config->process->capabilities);
}

static int after_user(void *what, int line)
{
	const struct init *init = what;
	(void)line;
	if (capabilities_set(init->config->process->capabilities) < 0)
		return -1;
	if (!init->config->process->no_new_privileges)
		return 0;
	step_for("process.noNewPrivileges");
	step("prctl: no exec may gain privileges from here on (PR_SET_NO_NEW_PRIVS)");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}

static int wait_for_start(int fifo)
{
	char byte;
	ssize_t count;
	step("read: wait at the exec fifo for start");
	do
		count = read(fifo, &byte, 1);
	while (count < 0 && errno == EINTR);
	return count == 1 ? 0 : fail_errno();
}

static int ready(void *what, int line)
{
	const struct init *init = what;
	_cleanup_fd int fifo = -1;
	if (handshake_send(line, 'r', -1) < 0 || wait_for(line, 'd', &fifo) < 0)
		return -1;
	step("prctl: live on without the creator");
	if (prctl(PR_SET_PDEATHSIG, 0) < 0)
		return fail_errno();
	/* Before this word the creator's end would be the init's, too. */
	if (handshake_send(line, 'l', -1) < 0)
		return -1;
	if (fifo >= 0 && wait_for_start(fifo) < 0)
		return -1;
	return hooks_run(&init->config->hooks.start_container, "hooks.startContainer",
		&init->record, CREATED);
}

struct container_more init_more(struct init *init)
{
	return (struct container_more){
		.built = built,
		.before_user = before_user,
		.after_user = after_user,
		.ready = ready,
		.what = init,
	};
}
