/* What a table cannot say: values, and properties that depend on each other. */
#ifndef STAGE6_VALIDATE_H
#define STAGE6_VALIDATE_H

#include "6-oci/config.h"
#include "6-oci/errors.h"

/*
 * Checks the decoded @config against what the specification's text demands, and what the kernel
 * would refuse later. Copes with members that are missing or could not be decoded: the decoder has
 * complained about those. What the stage @stage does not do is an error, too. Adds to @errors, a
 * line a property.
 */
void validate(const struct config *config, int stage, struct config_errors *errors);

/* Its larger parts: linux.*, linux.resources.*, linux.seccomp.*. */
void validate_linux(const struct config *config, struct config_errors *errors);
void validate_resources(const struct config_resources *resources, struct config_errors *errors);
void validate_seccomp(const struct config_seccomp *seccomp, struct config_errors *errors);

/* Parts of those: what asks for a feature of the kernel, and what shares processors and memory. */
void validate_features(const struct config *config, struct config_errors *errors);
void validate_scheduling(const struct config_process *process, const char *at,
	struct config_errors *errors);
void validate_hooks_can_run(const struct config *config, struct config_errors *errors);
void validate_memory_policy(const struct config_memory_policy *policy,
	struct config_errors *errors);

/* A list of id mappings; @property is its name, "linux.uidMappings". */
void validate_map(const struct config_mappings *map, const char *property,
	struct config_errors *errors);

/*
 * The same for "process" alone, which an exec reads from a file of its own. @at: where it stands in
 * the file, "process.", or "" for one on its own.
 */
void validate_process(const struct config_process *process, const char *at,
	struct config_errors *errors);

#endif
