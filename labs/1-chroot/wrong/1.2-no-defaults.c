	for (; count < wanted->count; count++)
		environment[count] = (char *)wanted->items[count];
