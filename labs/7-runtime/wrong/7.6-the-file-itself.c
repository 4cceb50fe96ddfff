	return start_again(self, argv);
