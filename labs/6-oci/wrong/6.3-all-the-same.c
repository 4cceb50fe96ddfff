	uint64_t seen = 0;
	for (size_t i = 0; i < config->linux.namespaces.count; i++) {
		const struct config_namespace *namespace = &config->linux.namespaces.items[i];
		if (namespace->path && namespace->path[0] != '/')
			config_errors_add(errors,
				"linux.namespaces[%zu].path: expected an absolute path, found %s",
				i, quoted(namespace->path));
		if (!namespace->type)
			continue;
		if (i > 0)
			config_errors_add(errors, "linux.namespaces[%zu].type: %s a second time", i,
				namespace->type->name);
		seen |= namespace->type->value;
	}
