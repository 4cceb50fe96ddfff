	int64_t number = json_object_get_int64(json);
	uint64_t bits = number < 0 ? (uint64_t)number : json_object_get_uint64(json);
	if (number < 0 && types[row->type].low == 0)
		return complain(decoder, place, "expected no negative number, found %s",
			json_object_get_string(json));
	store_number(bits, types[row->type].size, target);
