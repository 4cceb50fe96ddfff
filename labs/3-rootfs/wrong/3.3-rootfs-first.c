	if (add(options, name, bottom) < 0)
		return -1;
	for (size_t i = overlay->layers.count; i > 0; i--) {
		int layer = open_directory(overlay->layers.items[i - 1]);
		if (layer < 0 || add(options, ":", layer) < 0)
			return -1;
	}
	return 0;
