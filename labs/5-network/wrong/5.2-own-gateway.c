	int link = link_find(inside, INSIDE_NAME);
	if (link < 0 || link_add_address(inside, link, address, range->prefix) < 0 ||
		link_set_up(inside, link) < 0)
		return -1;
	return link_add_default_route(inside, address);
