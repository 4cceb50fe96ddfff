	if (sscanf(text,
		    "%*d %*s %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
		    "%*d %*d %llu",
		    state, &ticks) != 2)
		return false;
	*start = ticks;
