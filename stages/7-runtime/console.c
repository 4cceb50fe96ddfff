#include "7-runtime/console.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/handshake.h"
#include "common/step.h"

int console_send(const char *path, const char *name, int fd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >=
		(int)sizeof(address.sun_path))
		return fail("%s: the path is too long for a socket", path);
	step("connect: the socket %s", path);
	_cleanup_fd int end = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (end < 0 || connect(end, (struct sockaddr *)&address, sizeof(address)) < 0)
		return fail_errno();
	return handshake_send_text(end, name, fd);
}
