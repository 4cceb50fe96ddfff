	return not_executed(found);
