	for (size_t i = overlay->layers.count; i > 0; i--) {
		int layer = open_directory(overlay->layers.items[i - 1]);
		if (layer < 0 || add(options, name, layer) < 0)
			return -1;
		name = ":";
	}
	return overlay->layers.count ? 0 : add(options, name, bottom);
