	const char *path = mount->destination + strspn(mount->destination, "/");
	mkdirat(root, path, 0755);
	int place = openat(root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (place < 0 && errno == ENOENT)
		return mount_place(tree, root, mount->destination);
	return place < 0 ? fail_errno() : place;
