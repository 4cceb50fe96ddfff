/* Talking to the kernel about links, addresses and routes. */
#ifndef STAGE5_RTNETLINK_H
#define STAGE5_RTNETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

/* A request that is being put together. Everything in it is aligned to four bytes. */
struct message {
	struct nlmsghdr header;
	char content[1008];
	int expected; /* an errno that is an answer rather than a failure; 0: none */
};

/*
 * A socket for rtnetlink in this process's network namespace, or, for rtnetlink_open_in(), in the
 * one that the fd @namespace stands for; the process itself is back in its own namespace
 * afterwards. That needs CAP_SYS_ADMIN in both. Returns the fd, or -1 with the error set. See
 * rtnetlink(7), setns(2).
 */
int rtnetlink_open(void);
int rtnetlink_open_in(int namespace);

/*
 * Begins a message of the type @type (RTM_*) with the extra flags @flags (NLM_F_*); the fixed part
 * @body of @size bytes comes first, as the type wants it (struct ifinfomsg, ifaddrmsg, rtmsg).
 */
void message_begin(struct message *message, uint16_t type, uint16_t flags, const void *body,
	size_t size);

/* Appends an attribute. The messages of this stage have room for all that they need. */
void message_add(struct message *message, uint16_t attribute, const void *data, size_t size);
void message_add_number(struct message *message, uint16_t attribute, uint32_t number);
void message_add_text(struct message *message, uint16_t attribute, const char *text);

/*
 * Begins an attribute whose value is made of attributes: all that is appended before
 * message_end_nest() gets what message_begin_nest() has returned. @size bytes at @body come first,
 * where an attribute wants a fixed part.
 */
struct rtattr *message_begin_nest(struct message *message, uint16_t attribute, const void *body,
	size_t size);
void message_end_nest(struct message *message, struct rtattr *nest);

/* What to do with each message of an answer. */
typedef void answer_reader(const struct nlmsghdr *answer, void *what);

/* What follows the header of a message; NULL when it is less than @size bytes. */
const void *answer_body(const struct nlmsghdr *answer, size_t size);

/*
 * Sends the message and waits until the kernel has done what it asks for. @reader (may be NULL)
 * gets each message of the answer. Returns 0, or -1 with errno and the error set, from the step
 * that the caller has announced; where the kernel explains its errno with a text, that is in the
 * error, too. For the errno that the message expects, no error is set. See "netlink extended ack"
 * in the kernel's userspace-api/netlink documentation.
 */
int rtnetlink_talk(int socket, struct message *message, answer_reader *reader, void *what);

/*
 * Reads a part of the answer to @message that came in one piece. Returns 1 when more will follow, 0
 * when that was all, or -1 as rtnetlink_talk() does.
 */
int rtnetlink_read(const void *datagram, size_t size, const struct message *message,
	answer_reader *reader, void *what);

#endif
