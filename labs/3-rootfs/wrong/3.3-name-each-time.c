	for (size_t i = overlay->layers.count; i > 0; i--) {
		int layer = open_directory(overlay->layers.items[i - 1]);
		if (layer < 0 || add(options, i == overlay->layers.count ? name : "lowerdir=", layer) < 0)
			return -1;
	}
	return add(options, overlay->layers.count ? "lowerdir=" : name, bottom);
