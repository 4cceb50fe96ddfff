	for (size_t i = 0; i < config->linux.namespaces.count; i++) {
		const struct config_namespace *namespace = &config->linux.namespaces.items[i];
		if (namespace->path && *namespace->path != '/')
			config_errors_add(errors, "linux.namespaces[%zu].path: not absolute", i);
		for (size_t j = i + 1; j < config->linux.namespaces.count; j++)
			if (namespace->type && config->linux.namespaces.items[j].type == namespace->type)
				config_errors_add(errors, "linux.namespaces[%zu].type: twice", i);
	}
