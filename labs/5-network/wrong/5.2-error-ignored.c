	int link = link_find(inside, INSIDE_NAME);
	link_add_default_route(inside, range_gateway(range));
	link_add_address(inside, link, address, range->prefix);
	link_set_up(inside, link);
	return 0;
