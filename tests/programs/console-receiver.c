/*
 * What an engine does behind --console-socket and --pidfd-socket: listens on the Unix socket SOCKET
 * and takes what somebody sends through it. Of a terminal it prints what is written there, to its
 * end; of a process, what the kernel tells of the pidfd.
 *
 *	console-receiver SOCKET		takes one
 *	console-receiver --keep SOCKET	takes all that come, without a word, and keeps the last
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { KEPT = 64 };

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

/* A terminal hangs up when nobody has its master side any more. */
static int keep_all(int fd)
{
	int kept[KEPT] = {};
	for (size_t next = 0;; next = (next + 1) % KEPT) {
		int end = accept(fd, NULL, NULL);
		if (end < 0)
			return 1;
		if (kept[next] > 0)
			close(kept[next]);
		kept[next] = receive_fd(end);
		close(end);
	}
}

static int print_one(int fd)
{
	char text[512];
	ssize_t count;
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

int main(int argc, char **argv)
{
	struct sockaddr_un own = {.sun_family = AF_UNIX};
	bool keeps = argc == 3 && !strcmp(argv[1], "--keep");
	const char *path = argv[argc - 1];
	if ((argc != 2 && !keeps) || strlen(path) >= sizeof(own.sun_path))
		return 2;
	memcpy(own.sun_path, path, strlen(path));
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0 || listen(fd, 1) < 0) {
		perror("console-receiver");
		return 1;
	}
	return keeps ? keep_all(fd) : print_one(fd);
}
