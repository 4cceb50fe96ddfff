#include "7-runtime/console.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/handshake.h"
#include "common/step.h"

enum { PATIENCE = 5 }; /* seconds for whoever listens there */

/* Who does not accept is not waited for longer than some seconds. */
static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval patience = {.tv_sec = PATIENCE};
	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >=
		(int)sizeof(address.sun_path))
		return fail("%s: the path is too long for a socket", path);
	step("connect: the socket %s", path);
	_cleanup_fd int end = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (end < 0 || setsockopt(end, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
		connect(end, (struct sockaddr *)&address, sizeof(address)) < 0)
		return fail_errno();
	return steal_fd(&end);
}

int console_send(const char *property, const char *path, const char *what, const char *text, int fd)
{
	step_for("%s", property);
	_cleanup_fd int end = connect_to(path);
	if (end < 0)
		return -1;
	if (handshake_send_text(end, text, fd) < 0) {
		error_clear();
		step("sendmsg: %s to the socket %s", what, path);
		return fail_errno();
	}
	step_for(NULL);
	return 0;
}
