/*
 * What the kernel answers over a netlink socket, in one piece. The first four bytes choose which
 * errno is expected.
 *
 * What must hold: reading never leaves the piece, and says more, all, or a failure with its error.
 */
#include "fuzz.h"

#include <errno.h>

#include "5-network/rtnetlink.h"

/* As link.c reads an answer. */
static void read_link(const struct nlmsghdr *answer, void *what)
{
	const struct ifinfomsg *link = answer_body(answer, sizeof(*link));
	int *index = what;
	if (link)
		*index ^= link->ifi_index ^ (int)link->ifi_flags;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message message = {.header.nlmsg_seq = 1};
	int index = 0;
	if (size < 4)
		return 0;
	message.expected = data[0];
	/* In memory of just its size, aligned as a buffer is. */
	char *datagram = malloc(size - 4 ? size - 4 : 1);
	must(datagram);
	memcpy(datagram, data + 4, size - 4);
	step("link: a step");
	errno = 0;
	int more = rtnetlink_read(datagram, size - 4, &message, read_link, &index);
	must(more >= -1 && more <= 1);
	/* What was expected is a failure without an error. */
	must(more < 0 || !*error_message());
	must(more >= 0 || *error_message() || errno == message.expected);
	fuzz_expect_error(*error_message());
	free(datagram);
	return 0;
}
