/* cooper spec: a config.json to start from. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "6-oci/spec.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"

enum { STAGE = 7 };

static struct {
	const char *bundle;
	bool rootless;
} options = {.bundle = "."};

/* An existing config is somebody's work: O_EXCL leaves it alone. */
static int write_spec(void)
{
	step_for("--bundle");
	step("open: the bundle %s", options.bundle);
	_cleanup_fd int bundle = open(options.bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (bundle < 0)
		return fail_errno();
	step_for(NULL);
	step("open: make config.json in %s", options.bundle);
	_cleanup_fd int fd =
		openat(bundle, "config.json", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return fail_errno();
	_cleanup_stream FILE *out = fdopen(fd, "w");
	if (!out)
		return fail_errno();
	steal_fd(&fd);
	return spec_print(out, STAGE, options.rootless);
}

static int spec(char **operands)
{
	(void)operands;
	return write_spec() < 0 ? error_report() : 0;
}

static const struct flag flags[] = {
	{"bundle", "DIR", "where to put it; default: the working directory", flag_text,
		offsetof(typeof(options), bundle), 'b'},
	{"rootless", NULL, "one that you can run without root", flag_switch,
		offsetof(typeof(options), rootless)},
	{},
};

static const struct flag_group groups[] = {{flags, &options}, {}};

const struct verb verb_spec = {
	.name = "spec",
	.run = spec,
	.summary = "write a config.json to start from",
	.usage = "spec [options]",
	.about = "Writes a config.json to start from, for a shell in ./rootfs.",
	.groups = groups,
};
