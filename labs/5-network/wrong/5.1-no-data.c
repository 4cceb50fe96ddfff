	message_add_text(&message, IFLA_IFNAME, name);
	struct rtattr *info = message_begin_nest(&message, IFLA_LINKINFO, NULL, 0);
	message_add_text(&message, IFLA_INFO_KIND, "veth");
	struct rtattr *other = message_begin_nest(&message, VETH_INFO_PEER, &any, sizeof(any));
	message_add_text(&message, IFLA_IFNAME, peer);
	message_add_number(&message, IFLA_NET_NS_FD, (uint32_t) namespace);
	message_add(&message, IFLA_ADDRESS, address.bytes, sizeof(address.bytes));
	message_end_nest(&message, other);
	message_end_nest(&message, info);
