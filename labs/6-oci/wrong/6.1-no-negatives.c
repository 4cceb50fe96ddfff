	int64_t low = row->high ? row->low : types[row->type].low;
	uint64_t high = row->high ? row->high : types[row->type].high;
	uint64_t bits = json_object_get_uint64(json);
	if (bits > high || (low > 0 && bits < (uint64_t)low))
		return complain(decoder, place,
			"expected a whole number from %" PRId64 " to %" PRIu64 ", found %s", low,
			high, json_object_get_string(json));
	store_number(bits, types[row->type].size, target);
