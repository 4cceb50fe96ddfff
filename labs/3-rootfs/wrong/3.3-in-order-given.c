	for (size_t i = 0; i < overlay->layers.count; i++) {
		int layer = open_directory(overlay->layers.items[i]);
		if (layer < 0 || add(options, name, layer) < 0)
			return -1;
		name = ":";
	}
	return add(options, name, bottom);
