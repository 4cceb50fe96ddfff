/*
 * Answers every datagram to the given UDP port with who sent it and what it said, "ADDRESS: TEXT".
 * Prints "ready" when it listens.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct sockaddr_in own = {.sin_family = AF_INET};
	char text[512], answer[600], address[INET_ADDRSTRLEN];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (argc != 2)
		return 2;
	own.sin_port = htons((uint16_t)strtol(argv[1], NULL, 10));
	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0) {
		perror("udp-echo");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	for (;;) {
		struct sockaddr_in sender;
		socklen_t size = sizeof(sender);
		ssize_t length =
			recvfrom(fd, text, sizeof(text) - 1, 0, (struct sockaddr *)&sender, &size);
		if (length < 0)
			return 1;
		text[length] = '\0';
		inet_ntop(AF_INET, &sender.sin_addr, address, sizeof(address));
		int said = snprintf(answer, sizeof(answer), "%s: %s", address, text);
		sendto(fd, answer, (size_t)said, 0, (struct sockaddr *)&sender, size);
	}
}
