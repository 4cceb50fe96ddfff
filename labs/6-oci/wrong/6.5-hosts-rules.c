	const char *path = mount->destination;
	int place = openat(root, path + strspn(path, "/"), O_PATH | O_CLOEXEC);
	if (place < 0 && errno == ENOENT)
		return mount_place(tree, root, mount->destination);
	return place < 0 ? fail_errno() : place;
