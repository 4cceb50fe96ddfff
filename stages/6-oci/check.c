#include "6-oci/check.h"

#include <stdio.h>

#include "6-oci/load.h"
#include "common/error.h"

int check(const char *bundle, int stage)
{
	struct config_errors errors = {};
	struct config *config = config_load(bundle, stage, &errors);
	/* Without a list there was no config to list the errors of. */
	int status = config || errors.count ? 0 : error_report();
	if (config)
		printf("config.json: no errors\n");
	if (errors.count) {
		config_errors_print(&errors, stderr, "config.json: ");
		status = EXIT_ERROR;
	}
	config_errors_free(&errors);
	config_free(config);
	return status;
}
