/*
 * Somebody behind a Unix socket who does not do what is expected: refuses (nobody listens any
 * more), is full (nobody is let in), or silent (lets in, and never reads). Says "ready", and waits.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int make(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
}

int main(int argc, char **argv)
{
	struct sockaddr_un own = {.sun_family = AF_UNIX};
	int end = make();
	if (argc != 3 || strlen(argv[2]) >= sizeof(own.sun_path))
		return 2;
	memcpy(own.sun_path, argv[2], strlen(argv[2]));
	if (end < 0 || bind(end, (struct sockaddr *)&own, sizeof(own)) < 0) {
		perror("socket-fault");
		return 1;
	}
	if (!strcmp(argv[1], "silent"))
		listen(end, 10);
	bool full = strcmp(argv[1], "full") != 0;
	if (!full)
		listen(end, 0);
	while (!full)
		full = connect(make(), (struct sockaddr *)&own, sizeof(own)) < 0;
	printf("ready\n");
	fflush(stdout);
	return pause();
}
