/* The tables of the decoder: runtime-spec 1.3.0's config.json, for Linux. */
#ifndef STAGE6_CONFIG_TABLES_H
#define STAGE6_CONFIG_TABLES_H

#include "6-oci/decode.h"

extern const struct object_table config_table;         /* struct config */
extern const struct object_table config_process_table; /* struct config_process, "process" alone */
/* struct config_resources, from {"linux.resources": OBJECT} */
extern const struct object_table config_resources_table;

#endif
