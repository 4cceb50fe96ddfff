	if (link_set_up(socket, bridge) < 0 || link_set_up(socket, link) < 0 ||
		link_await_running(socket, link) < 0 || link_join_bridge(socket, link, bridge) < 0)
		return -1;
	return link_await_running(socket, bridge);
