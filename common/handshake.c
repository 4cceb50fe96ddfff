#include "handshake.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"
#include "step.h"

/* SOCK_SEQPACKET keeps words apart and tells a closed end from an empty one. */
int handshake_make(struct handshake *handshake)
{
	int ends[2];
	step("socketpair: for parent and child to wait for each other");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno();
	handshake->parent = ends[0];
	handshake->child = ends[1];
	return 0;
}

int handshake_as_parent(struct handshake *handshake)
{
	close(steal_fd(&handshake->child));
	return handshake->parent;
}

int handshake_as_child(struct handshake *handshake)
{
	close(steal_fd(&handshake->parent));
	return handshake->child;
}

bool handshake_alive(int end)
{
	struct pollfd poll_end = {.fd = end, .events = POLLRDHUP};
	return poll(&poll_end, 1, 0) == 0 || !(poll_end.revents & (POLLHUP | POLLRDHUP));
}

/* Room for one file descriptor in an ancillary message. See cmsg(3). */
union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

int handshake_send_text(int end, const char *text, int fd)
{
	union control control = {};
	struct iovec data = {.iov_base = (void *)text, .iov_len = strlen(text)};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
	if (fd >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &fd, sizeof(int));
	}
	ssize_t sent = sendmsg(end, &message, MSG_NOSIGNAL);
	/* A stream takes a long text in parts. */
	size_t done = sent > 0 ? (size_t)sent : 0;
	while (sent > 0 && done < data.iov_len) {
		sent = send(end, text + done, data.iov_len - done, MSG_NOSIGNAL);
		done += sent > 0 ? (size_t)sent : 0;
	}
	if (sent < 0) {
		step("sendmsg: tell the other process \"%s\"", text);
		return fail_errno();
	}
	return 0;
}

int handshake_send(int end, char word, int fd)
{
	return handshake_send_text(end, (char[]){word, '\0'}, fd);
}

enum { FAILURE = 'x' };

void handshake_send_failure(int end)
{
	/* Nobody may be there any more to hear it. */
	send(end, &(char){FAILURE}, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

int handshake_await_end(int end)
{
	char received;
	ssize_t count;
	do
		count = recv(end, &received, 1, 0);
	while (count < 0 && errno == EINTR);
	if (count > 0) {
		errno = ECONNRESET;
		return -1;
	}
	step("recv: wait for the other process's exec");
	return count < 0 ? fail_errno() : 0;
}

static int received_fd(struct msghdr *message)
{
	int fd = -1;
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(int));
	return fd;
}

int handshake_await(int end, char word, int *fd)
{
	char received[2] = "";
	union control control = {};
	struct iovec data = {.iov_base = received, .iov_len = 1};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	ssize_t count;
	do
		count = recvmsg(end, &message, MSG_CMSG_CLOEXEC);
	while (count < 0 && errno == EINTR);
	if (count == 0 || (count < 0 && errno == ECONNRESET) ||
		(count > 0 && *received == FAILURE)) {
		errno = ECONNRESET;
		return -1;
	}
	if (count < 0) {
		step("recvmsg: wait for the other process to say '%c'", word);
		return fail_errno();
	}
	_cleanup_fd int passed = received_fd(&message);
	if (*received != word)
		return fail("expected the other process to say '%c', it said '%c'", word,
			*received);
	if (fd)
		*fd = steal_fd(&passed);
	return 0;
}
