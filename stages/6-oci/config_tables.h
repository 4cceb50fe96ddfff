/* The tables of the decoder: runtime-spec 1.3.0's config.json, for Linux. */
#ifndef STAGE6_CONFIG_TABLES_H
#define STAGE6_CONFIG_TABLES_H

#include "6-oci/decode.h"

extern const struct object_table config_table;         /* struct config */
extern const struct object_table config_process_table; /* struct config_process, "process" alone */
/* struct config_resources, from {"linux.resources": OBJECT} */
extern const struct object_table config_resources_table;
extern const struct object_table config_hooks_table; /* struct config_hooks */

/*
 * The words that the property at @path may have ("linux.namespaces.type": names of properties, with
 * a dot between them), ended by one without a name. NULL when there is no such property.
 */
const struct config_choice *config_choices(const char *path);

#endif
