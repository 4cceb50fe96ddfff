/*
 * A seccomp agent as "linux.seccomp.listenerPath" wants one: listens on the Unix socket SOCKET,
 * prints the container process state that it is sent, and answers the system calls that come by the
 * listener: seccomp_unotify(2).
 *
 *	seccomp-agent SOCKET value N	each returns N
 *	seccomp-agent SOCKET errno N	each fails with that
 *	seccomp-agent SOCKET continue	each is done by the kernel
 *	seccomp-agent SOCKET leave	closes the listener instead of an answer
 *	seccomp-agent SOCKET deaf	never accepts anybody
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int fail(const char *what)
{
	perror(what);
	exit(1);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	int socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (socket_fd < 0 || bind(socket_fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		listen(socket_fd, 0) < 0)
		fail(path);
	return socket_fd;
}

/* The state, to the end of the connection, with the listener beside its first bytes. */
static int receive(int end)
{
	char text[4096];
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {};
	struct iovec data = {.iov_base = text, .iov_len = sizeof(text)};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	int listener = -1;
	ssize_t count = recvmsg(end, &message, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&listener, CMSG_DATA(header), sizeof(int));
	for (; count > 0; count = read(end, text, sizeof(text)))
		fwrite(text, 1, (size_t)count, stdout);
	puts("");
	fflush(stdout);
	return listener;
}

static void answer(int listener, const char *how, int number)
{
	struct seccomp_notif call = {};
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0) {
		/* Somebody who has died meanwhile. */
		if (errno == ENOENT || errno == EINTR)
			return;
		exit(0);
	}
	if (!strcmp(how, "leave")) {
		close(listener);
		exit(0);
	}
	struct seccomp_notif_resp response = {.id = call.id};
	if (!strcmp(how, "value"))
		response.val = number;
	else if (!strcmp(how, "errno"))
		response.error = -number;
	else
		response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	int socket_fd = listen_at(argv[1]);
	if (!strcmp(argv[2], "deaf"))
		return pause();
	for (;;) {
		int end = accept4(socket_fd, NULL, NULL, SOCK_CLOEXEC);
		int listener = receive(end);
		close(end);
		if (listener < 0)
			fail("no listener");
		/* One for each connection. */
		if (fork() == 0)
			for (prctl(PR_SET_PDEATHSIG, SIGKILL);;)
				answer(listener, argv[2], argc > 3 ? atoi(argv[3]) : 0);
		close(listener);
	}
}
