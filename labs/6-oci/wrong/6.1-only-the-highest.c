	int64_t low = row->high ? row->low : types[row->type].low;
	uint64_t high = row->high ? row->high : types[row->type].high;
	int64_t number = json_object_get_int64(json);
	uint64_t bits = number < 0 ? (uint64_t)number : json_object_get_uint64(json);
	if (number >= 0 && bits > high)
		return complain(decoder, place,
			"expected a whole number from %" PRId64 " to %" PRIu64 ", found %s", low,
			high, json_object_get_string(json));
	store_number(bits, types[row->type].size, target);
