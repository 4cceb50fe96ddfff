/*
 * Stage 6 builds the container; what a runtime adds happens at four moments of that (container.h):
 * hooks, privileges, and at the end the wait for `start`.
 *
 * What must hold: once it has been let go of (release.h), only the gate (gate.h) holds it.
 */
#include "7-runtime/init.h"

#include <unistd.h>

#include "7-runtime/gate.h"
#include "7-runtime/hooks.h"
#include "7-runtime/process/activation.h"
#include "7-runtime/process/time_namespace.h"
#include "7-runtime/release.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

static int set_clocks(const struct init *init, int line)
{
	const struct config *config = init->setup.config;
	if (!time_namespace_is_new(config))
		return 0;
	if (time_namespace_make(config) < 0)
		return -1;
	if (time_namespace_has_offsets(config) &&
		(release_send_word(line, 'c', -1) < 0 || release_await_word(line, 'c', NULL) < 0))
		return -1;
	return time_namespace_enter(init->setup.proc);
}

static int begun(void *what, int line)
{
	struct init *init = what;
	if (trees_receive(&init->mounts.trees, line) < 0)
		return errno == ECONNRESET ? fail_reported(EXIT_ERROR) : -1;
	/* What its hooks read is the pid as it is inside: "State" in runtime.md. */
	init->record.pid = getpid();
	init->record.directory = -1; /* the host's; closed */
	if (activation_tell(init->setup.process, init->activation) < 0 ||
		setup_leave_session(init->setup.process) < 0)
		return -1;
	init->setup.proc = setup_open_proc("self");
	return init->setup.proc < 0 ? -1 : set_clocks(init, line);
}

bool init_needs_creator(const struct config *config)
{
	return config->hooks.prestart.count > 0 || config->hooks.create_runtime.count > 0 ||
	       setup_needs_outside(config->process);
}

static int built(void *what, int line)
{
	const struct init *init = what;
	if (init_needs_creator(init->setup.config) &&
		(release_send_word(line, 'b', -1) < 0 || release_await_word(line, 'h', NULL) < 0))
		return -1;
	return hooks_run(&init->setup.config->hooks.create_container, "hooks.createContainer",
		&init->record, CREATING);
}

static int before_user(void *what, int line)
{
	const struct init *init = what;
	return setup_as_root(&init->setup, line);
}

static int after_user(void *what, int line)
{
	const struct init *init = what;
	return setup_as_user(&init->setup, line);
}

static int ready(void *what, int line)
{
	const struct init *init = what;
	const struct setup *setup = &init->setup;
	_cleanup_fd int gate = -1;
	if (setup_with_parent(setup, line) < 0 || release_await(line, &gate) < 0 ||
		(gate >= 0 && gate_wait(gate, setup->proc) < 0) ||
		hooks_run(&setup->config->hooks.start_container, "hooks.startContainer",
			&init->record, CREATED) < 0 ||
		gate_passed() < 0)
		return -1;
	return setup_last(setup, line);
}

struct container_more init_more(struct init *init)
{
	return (struct container_more){
		.begun = begun,
		.built = built,
		.before_user = before_user,
		.after_user = after_user,
		.ready = ready,
		.mounts = mounts_maker(&init->mounts),
		.what = init,
	};
}
