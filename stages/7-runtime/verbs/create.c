/* cooper create: a container that waits for start. */
#include "7-runtime/create.h"

#include "7-runtime/verbs/verbs.h"
#include "common/error.h"
#include "common/flags.h"

static struct create_options options = {.detach = true};

static int create(char **operands)
{
	struct creation creation;
	int result = create_container(&creation, &options, operands[0], false);
	create_close(&creation);
	return result < 0 ? error_report() : 0;
}

static const struct flag_group groups[] = {{create_flags, &options}, {files_flags, &options.files},
	{}};

const struct verb verb_create = {
	.name = "create",
	.run = create,
	.summary = "make a container from a bundle",
	.usage = "create [options] ID",
	.about = "Makes the container ID from a bundle. Its process waits for start.",
	.groups = groups,
	.operands = 1,
};
