#include "7-runtime/verbs/update_rdt.h"

#include <fcntl.h>
#include <stdlib.h>

#include "7-runtime/resctrl.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"

int rdt_update_check(const struct rdt_update *update, const struct record *record)
{
	if (!update->l3_cache && !update->memory_bandwidth)
		return 0;
	if (update->l3_cache && !file_exists(AT_FDCWD, RESCTRL_ROOT "/info/L3"))
		return fail("--l3-cache-schema: Intel RDT/CAT is not enabled on this host");
	if (update->memory_bandwidth && !file_exists(AT_FDCWD, RESCTRL_ROOT "/info/MB"))
		return fail("--mem-bw-schema: Intel RDT/MBA is not enabled on this host");
	struct config *config = record_config(record);
	if (!config)
		return -1;
	bool configured = config->linux.intel_rdt;
	config_free(config);
	if (!configured)
		return fail("the container was created without linux.intelRdt, so there is "
			    "nothing to update");
	return 0;
}

static int write_schema(const char *group, const char *schema)
{
	_cleanup_free char *path = text_format("%s/schemata", group);
	_cleanup_free char *line = path ? text_format("%s\n", schema) : NULL;
	return line ? file_write(AT_FDCWD, path, line) : -1;
}

int rdt_update(const struct rdt_update *update, const struct record *record)
{
	if (!update->l3_cache && !update->memory_bandwidth)
		return 0;
	struct resctrl resctrl;
	int result = resctrl_of(&resctrl, record);
	if (result == 0 && update->l3_cache)
		result = write_schema(resctrl.group, update->l3_cache);
	if (result == 0 && update->memory_bandwidth)
		result = write_schema(resctrl.group, update->memory_bandwidth);
	return result;
}
