/* Stage 6: ... as the config.json of a bundle says. */
#include <stdio.h>

#include "6-oci/check.h"
#include "6-oci/run.h"
#include "6-oci/spec.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"
#include "common/verbs.h"

enum { STAGE = 6 };

static int run_verb(char **operands)
{
	int status = run_bundle(operands[0]);
	return status < 0 ? error_report() : status;
}

static int check_verb(char **operands)
{
	return check(operands[0], STAGE);
}

static int spec_verb(char **operands)
{
	(void)operands;
	return spec_print(stdout, STAGE, false) < 0 ? error_report() : 0;
}

static const struct flag_group no_flags[] = {{}};

static const struct verb run = {
	.name = "run",
	.run = run_verb,
	.summary = "run a bundle once, to its end",
	.usage = "run BUNDLE",
	.about = "Runs BUNDLE once, to its end.",
	.groups = no_flags,
	.operands = 1,
};

static const struct verb check_only = {
	.name = "check",
	.run = check_verb,
	.summary = "print every error in its config",
	.usage = "check BUNDLE",
	.about = "Prints every error in BUNDLE/config.json.",
	.groups = no_flags,
	.operands = 1,
};

static const struct verb spec = {
	.name = "spec",
	.run = spec_verb,
	.summary = "print a config to start from",
	.usage = "spec",
	.about = "Prints a config.json to start from, for a shell in ./rootfs.",
	.groups = no_flags,
};

int main(int argc, char **argv)
{
	static const struct verb *const verbs[] = {&run, &check_only, &spec, NULL};
	const struct command_line line = {
		.usage = "[options] run BUNDLE | check BUNDLE | spec",
		.about = "A bundle is a directory with a config.json and a root filesystem.",
		.groups = no_flags,
		.operands = 1,
	};

	narrate_as("6-oci");
	return verbs_run(verbs, &line, NULL, argc, argv);
}
