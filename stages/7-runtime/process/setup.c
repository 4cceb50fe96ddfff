/*
 * One property of the config, one module beside this one; here is only their order, which the
 * kernel dictates: each step takes away what an earlier one needs.
 */
#include "7-runtime/process/setup.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "7-runtime/process/capabilities.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"

int setup_begin(struct setup *setup)
{
	step("open: the host's /proc, to be used from inside");
	setup->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return setup->proc < 0 ? fail_errno() : 0;
}

static int set_oom_score(const struct setup *setup)
{
	char text[16];
	if (!setup->process->oom_score_adj)
		return 0;
	snprintf(text, sizeof(text), "%d", *setup->process->oom_score_adj);
	step_for("process.oomScoreAdj");
	if (file_write(setup->proc, "self/oom_score_adj", text) < 0)
		return -1;
	step_for(NULL);
	return 0;
}

int setup_as_root(const struct setup *setup, int line)
{
	(void)line;
	if (set_oom_score(setup) < 0)
		return -1;
	return capabilities_bound(setup->process->capabilities);
}

static int gain_no_privileges(void)
{
	step_for("process.noNewPrivileges");
	step("prctl: no exec may gain privileges from here on (PR_SET_NO_NEW_PRIVS)");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail_errno();
	step_for(NULL);
	return 0;
}

int setup_as_user(const struct setup *setup, int line)
{
	(void)line;
	if (capabilities_set(setup->process->capabilities) < 0)
		return -1;
	return setup->process->no_new_privileges ? gain_no_privileges() : 0;
}

int setup_last(const struct setup *setup, int line)
{
	(void)setup;
	(void)line;
	return 0;
}
