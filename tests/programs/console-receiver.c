/*
 * What an engine does behind --console-socket and --pidfd-socket: listens on the Unix socket SOCKET
 * and takes what somebody sends through it. Of a terminal it prints what is written there, to its
 * end; of a process, what the kernel tells of the pidfd.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A file descriptor travels beside the bytes of a message: SCM_RIGHTS in unix(7). */
static int receive_fd(int end)
{
	char name[64];
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {};
	struct iovec data = {.iov_base = name, .iov_len = sizeof(name)};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	int fd = -1;
	if (recvmsg(end, &message, 0) <= 0)
		return -1;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

static int print_process(int pidfd)
{
	char path[64], text[512];
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	FILE *info = fopen(path, "r");
	while (info && fgets(text, sizeof(text), info))
		fputs(text, stdout);
	return info ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_un own = {.sun_family = AF_UNIX};
	char text[512];
	ssize_t count;
	if (argc != 2 || strlen(argv[1]) >= sizeof(own.sun_path))
		return 2;
	memcpy(own.sun_path, argv[1], strlen(argv[1]));
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0 || listen(fd, 1) < 0) {
		perror("console-receiver");
		return 1;
	}
	int end = accept(fd, NULL, NULL), terminal = end < 0 ? -1 : receive_fd(end);
	if (terminal < 0) {
		fprintf(stderr, "console-receiver: nothing came\n");
		return 1;
	}
	if (!isatty(terminal))
		return print_process(terminal);
	/* The read fails with EIO when the last process on the terminal's other side has gone. */
	while ((count = read(terminal, text, sizeof(text))) > 0 || (count < 0 && errno == EINTR))
		if (count > 0 && write(STDOUT_FILENO, text, (size_t)count) < 0)
			return 1;
	return 0;
}
