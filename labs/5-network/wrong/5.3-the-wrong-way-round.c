	if (link_add_address(socket, bridge, range_gateway(range), range->prefix) < 0 ||
		link_set_up(socket, bridge) < 0 || link_set_up(socket, link) < 0 ||
		link_await_running(socket, link) < 0 || link_join_bridge(socket, bridge, link) < 0)
		return -1;
	return link_await_running(socket, bridge);
