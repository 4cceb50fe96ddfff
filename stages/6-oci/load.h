/* From a bundle to a config. */
#ifndef STAGE6_LOAD_H
#define STAGE6_LOAD_H

#include "6-oci/config.h"
#include "6-oci/errors.h"

struct json_object;

/*
 * Decodes and checks @json. What stage @stage does not do is an error, too (STAGE_ANY: nothing is).
 * Errors go into @errors, a line a property; the config is there all the same, with what could be
 * decoded. NULL only when there is no memory. Free it with config_free().
 */
struct config *config_decode(struct json_object *json, int stage, struct config_errors *errors);

/*
 * The same for config.json in the directory @bundle, for a container that shall be made: it must
 * have a root filesystem that is there, and for a stage before 7 a process. Returns NULL when there
 * is an error, with the first one set; @errors holds all, unless the file could not be read or is
 * no JSON.
 */
struct config *config_load(const char *bundle, int stage, struct config_errors *errors);

#endif
