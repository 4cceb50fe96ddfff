#include "6-oci/config.h"

#include "6-oci/arena.h"

void config_free(struct config *config)
{
	/* The config lies in its own arena. */
	if (config)
		arena_free(config->arena);
}

const struct config_namespace *config_namespace(const struct config *config, uint64_t type)
{
	for (size_t i = 0; i < config->linux.namespaces.count; i++) {
		const struct config_namespace *namespace = &config->linux.namespaces.items[i];
		if (namespace->type && namespace->type->value == type)
			return namespace;
	}
	return NULL;
}
