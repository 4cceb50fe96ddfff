/*
 * call ADDRESS PORT [udp]: prints what is answered there. It gives up after two seconds: what is
 * dropped on the way is never answered. Static, and without a name service, so it runs in any
 * rootfs.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE = 2 };

int main(int argc, char **argv)
{
	int udp = argc > 3 && !strcmp(argv[3], "udp");
	struct sockaddr_in there = {.sin_family = AF_INET};
	char text[256];
	if (argc < 3 || inet_pton(AF_INET, argv[1], &there.sin_addr) != 1)
		return 2;
	there.sin_port = htons((uint16_t)atoi(argv[2]));
	alarm(PATIENCE);
	int fd = socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&there, sizeof(there)) < 0 ||
		(udp && send(fd, "hello", 5, 0) < 0)) {
		perror("call");
		return 1;
	}
	ssize_t length = read(fd, text, sizeof(text));
	if (length < 0)
		perror("call");
	return length <= 0 || write(STDOUT_FILENO, text, (size_t)length) < 0;
}
