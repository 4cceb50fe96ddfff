	for (size_t i = overlay->layers.count; i > 1; i--) {
		int layer = open_directory(overlay->layers.items[i - 1]);
		if (layer < 0 || add(options, name, layer) < 0)
			return -1;
		name = ":";
	}
	return add(options, name, bottom);
