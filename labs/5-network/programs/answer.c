/*
 * answer WORD PORT [ADDRESS]: says "WORD to CALLER" to whoever calls there, by TCP or by UDP, where
 * CALLER is the address that the call seems to come from. Without ADDRESS: on all of the host.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int serve(int type, int port, const char *address)
{
	int on = 1, fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	if (fd < 0 || (address && inet_pton(AF_INET, address, &at.sin_addr) != 1) ||
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
		(type == SOCK_STREAM && listen(fd, 16) < 0)) {
		perror("answer");
		exit(1);
	}
	return fd;
}

static int text(char *answer, size_t size, const char *word, const struct sockaddr_in *caller)
{
	char address[INET_ADDRSTRLEN];
	inet_ntop(AF_INET, &caller->sin_addr, address, sizeof(address));
	return snprintf(answer, size, "%s to %s\n", word, address);
}

static void answer_call(int listener, const char *word)
{
	struct sockaddr_in caller;
	char answer[256];
	int fd = accept(listener, (struct sockaddr *)&caller, &(socklen_t){sizeof(caller)});
	if (fd < 0)
		return;
	if (write(fd, answer, (size_t)text(answer, sizeof(answer), word, &caller)) < 0)
		perror("answer");
	close(fd);
}

static void answer_datagram(int socket, const char *word)
{
	struct sockaddr_in caller;
	socklen_t size = sizeof(caller);
	char answer[256];
	if (recvfrom(socket, answer, sizeof(answer), 0, (struct sockaddr *)&caller, &size) < 0)
		return;
	size_t length = (size_t)text(answer, sizeof(answer), word, &caller);
	sendto(socket, answer, length, 0, (struct sockaddr *)&caller, size);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	struct pollfd calls[] = {
		{.fd = serve(SOCK_STREAM, atoi(argv[2]), argv[3]), .events = POLLIN},
		{.fd = serve(SOCK_DGRAM, atoi(argv[2]), argv[3]), .events = POLLIN}};
	while (poll(calls, 2, -1) > 0) {
		if (calls[0].revents)
			answer_call(calls[0].fd, argv[1]);
		if (calls[1].revents)
			answer_datagram(calls[1].fd, argv[1]);
	}
	return 1;
}
