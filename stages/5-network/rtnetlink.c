/*
 * Links, addresses and routes have no files and no system calls of their own. Who wants to change
 * them sends the kernel a message through a netlink socket and gets an answer, as "ip" does:
 *
 *	header		type (RTM_NEWLINK), flags (create it, fail if it exists), number
 *	fixed part	struct ifinfomsg: which link
 *	attributes	length, type, value, padded to four bytes; a value may be attributes again
 *
 * The answer is an error number (0: done), and often a text that says more than it.
 *
 * What must hold: a socket belongs to the network namespace that its maker was in at the time, for
 * ever. So a process can step into a namespace, open a socket, step back, and from then on
 * configure that namespace from outside. No second process, no program of the rootfs is needed.
 */
#include "5-network/rtnetlink.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

int rtnetlink_open(void)
{
	int on = 1;
	step("socket: rtnetlink");
	_cleanup_fd int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return fail_errno();
	/* Errors with a text, and without a copy of the request. */
	if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) < 0 ||
		setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) < 0)
		return fail_errno();
	return steal_fd(&fd);
}

int rtnetlink_open_in(int namespace)
{
	_cleanup_fd int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	step("setns: into the container's network namespace, to open a socket there");
	if (own < 0 || setns(namespace, CLONE_NEWNET) < 0)
		return fail_errno();
	_cleanup_fd int fd = rtnetlink_open();
	step("setns: back into the host's network namespace");
	if (setns(own, CLONE_NEWNET) < 0)
		return fail_errno();
	return steal_fd(&fd);
}

void message_begin(struct message *message, uint16_t type, uint16_t flags, const void *body,
	size_t size)
{
	memset(message, 0, sizeof(*message));
	message->header = (struct nlmsghdr){
		.nlmsg_len = (uint32_t)NLMSG_SPACE(size),
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags,
	};
	assert(message->header.nlmsg_len <= offsetof(struct message, expected));
	memcpy(NLMSG_DATA(&message->header), body, size);
}

static struct rtattr *append(struct message *message, uint16_t attribute, const void *data,
	size_t size)
{
	size_t end = message->header.nlmsg_len;
	assert(end + RTA_SPACE(size) <= offsetof(struct message, expected));
	struct rtattr *added = (struct rtattr *)((char *)message + end);
	added->rta_type = attribute;
	added->rta_len = (uint16_t)RTA_LENGTH(size);
	if (size > 0)
		memcpy(RTA_DATA(added), data, size);
	message->header.nlmsg_len += (uint32_t)RTA_SPACE(size);
	return added;
}

void message_add(struct message *message, uint16_t attribute, const void *data, size_t size)
{
	append(message, attribute, data, size);
}

void message_add_number(struct message *message, uint16_t attribute, uint32_t number)
{
	append(message, attribute, &number, sizeof(number));
}

void message_add_text(struct message *message, uint16_t attribute, const char *text)
{
	append(message, attribute, text, strlen(text) + 1);
}

struct rtattr *message_begin_nest(struct message *message, uint16_t attribute, const void *body,
	size_t size)
{
	return append(message, attribute | NLA_F_NESTED, body, size);
}

void message_end_nest(struct message *message, struct rtattr *nest)
{
	char *end = (char *)message + message->header.nlmsg_len;
	nest->rta_len = (uint16_t)(end - (char *)nest);
}

const void *answer_body(const struct nlmsghdr *answer, size_t size)
{
	return answer->nlmsg_len >= NLMSG_LENGTH(size) ? NLMSG_DATA(answer) : NULL;
}

/* The text that the kernel may have put behind the error number, or NULL. */
static const char *explanation(const struct nlmsghdr *answer)
{
	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	const struct nlmsgerr *outcome = NLMSG_DATA(answer);
	const struct rtattr *attribute = (const struct rtattr *)(outcome + 1);
	/* The last step may lead beyond the end, by less than the alignment. */
	ssize_t left = (ssize_t)(answer->nlmsg_len - NLMSG_LENGTH(sizeof(*outcome)));
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
		if ((attribute->rta_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG &&
			memchr(RTA_DATA(attribute), '\0', RTA_PAYLOAD(attribute)))
			return RTA_DATA(attribute);
	return NULL;
}

/* @outcome: an errno with a minus; the kernel has none beyond 4095. */
static int refused(int outcome, const char *text, int expected)
{
	errno = outcome < 0 && outcome >= -4095 ? -outcome : EPROTO;
	if (errno == expected)
		return -1;
	fail_errno();
	if (text && !*error_hint())
		fail_hint("the kernel adds: %s", text);
	return -1;
}

/* One message of an answer. Returns 1 when more will follow, 0 when it was the last. */
static int read_answer(const struct nlmsghdr *answer, int expected, answer_reader *reader,
	void *what)
{
	if (answer->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *outcome = answer_body(answer, sizeof(*outcome));
		if (!outcome)
			return refused(-EPROTO, NULL, 0);
		return outcome->error ? refused(outcome->error, explanation(answer), expected) : 0;
	}
	if (answer->nlmsg_type == NLMSG_DONE) {
		const int *outcome = answer_body(answer, sizeof(*outcome));
		return outcome && *outcome < 0 ? refused(*outcome, NULL, expected) : 0;
	}
	if (reader)
		reader(answer, what);
	return 1;
}

int rtnetlink_read(const void *datagram, size_t size, const struct message *message,
	answer_reader *reader, void *what)
{
	const struct nlmsghdr *answer = datagram;
	ssize_t left = (ssize_t)size;
	int more = 1;
	for (; more > 0 && NLMSG_OK(answer, left); answer = NLMSG_NEXT(answer, left))
		if (answer->nlmsg_seq == message->header.nlmsg_seq)
			more = read_answer(answer, message->expected, reader, what);
	return more;
}

int rtnetlink_talk(int socket, struct message *message, answer_reader *reader, void *what)
{
	/* The kernel's largest answer in one piece. */
	_Alignas(struct nlmsghdr) char buffer[32768];
	static uint32_t number;
	message->header.nlmsg_seq = ++number;
	if (send(socket, message, message->header.nlmsg_len, 0) < 0)
		return fail_errno();
	for (int more = 1; more > 0;) {
		ssize_t length = recv(socket, buffer, sizeof(buffer), 0);
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return fail_errno();
		more = rtnetlink_read(buffer, (size_t)length, message, reader, what);
		if (more < 0)
			return -1;
	}
	return 0;
}
