	bool plain = shows_the_kernel(mount);
	int place = plain ? inside_open_plain(root, mount->destination, O_PATH)
			  : inside_open(root, mount->destination, O_PATH);
	return place < 0 ? fail_errno() : place;
