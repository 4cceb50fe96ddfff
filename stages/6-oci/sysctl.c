#include "6-oci/sysctl.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/error.h"
#include "common/file.h"
#include "common/step.h"

/*
 * net.ipv4.ip_forward is the file net/ipv4/ip_forward. A name of an interface may have a dot in it;
 * then it is written with slashes between the parts, and a dot is a dot.
 */
static int path_of(const char *key, char path[PATH_MAX])
{
	int length = snprintf(path, PATH_MAX, "/proc/sys/%s", key);
	if (length >= PATH_MAX || strstr(key, ".."))
		return fail("\"%s\" is no name of a kernel parameter", key);
	if (key[strcspn(key, "./")] != '.')
		return 0;
	for (char *c = path + strlen("/proc/sys/"); *c; c++) {
		if (*c == '.')
			*c = '/';
		else if (*c == '/')
			*c = '.';
	}
	return 0;
}

int sysctl_apply(const struct config *config)
{
	for (size_t i = 0; i < config->linux.sysctl.count; i++) {
		const struct config_pair *pair = &config->linux.sysctl.items[i];
		char path[PATH_MAX];
		step_for("linux.sysctl.%s", pair->key);
		if (path_of(pair->key, path) < 0 || file_write(AT_FDCWD, path, pair->value) < 0)
			return -1;
	}
	step_for(NULL);
	return 0;
}
