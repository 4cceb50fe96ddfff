/*
 * The C library reads the addresses of name servers from /etc/resolv.conf. The host's is right for
 * the container, too, but for one thing: a resolver at 127.0.0.53, as systemd has it, is the host's
 * loopback, and the container has its own.
 *
 * What must hold: the file works inside. Where the host has only such name servers, the list that
 * systemd-resolved itself uses is taken, and if that has none either, a public one.
 */
#include "5-network/resolver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "3-rootfs/inside.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"

#define PUBLIC_SERVER "nameserver 9.9.9.9\n"
enum { LARGEST_FILE = 65536 };

static const char *const sources[] = {"/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"};

/* Takes the lines out that name a server on the loopback. Returns how many servers are left. */
static int remove_loopback(char *text)
{
	int servers = 0;
	char address[64], *to = text;
	for (char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		length += line[length] == '\n';
		bool server = sscanf(line, " nameserver %63s", address) == 1;
		bool loopback = server && (!strncmp(address, "127.", 4) || !strcmp(address, "::1"));
		if (!loopback) {
			memmove(to, line, length);
			to += length;
		}
		servers += server && !loopback;
		line += length;
	}
	*to = '\0';
	return servers;
}

/* In fresh memory: what the file shall say. */
static char *choose(const struct network *network)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		if (!file_exists(AT_FDCWD, sources[i]))
			continue;
		_cleanup_free char *text = file_read(AT_FDCWD, sources[i], LARGEST_FILE, NULL);
		if (!text)
			return NULL;
		if (network->mode == NETWORK_HOST || remove_loopback(text) > 0)
			return steal_pointer(&text);
	}
	char *text = strdup(PUBLIC_SERVER);
	if (!text)
		fail("out of memory");
	return text;
}

int resolver_write(const struct network *network, int root)
{
	const char *name;
	if (network->mode == NETWORK_NONE)
		return 0;
	_cleanup_free char *text = choose(network);
	_cleanup_fd int directory = text ? inside_make_parent(root, "/etc/resolv.conf", &name) : -1;
	if (directory < 0)
		return -1;
	step("write: /etc/resolv.conf inside, from the host's name servers");
	/* An image often has a link there, to a file of a service that does not run inside. */
	if (unlinkat(directory, name, 0) < 0 && errno != ENOENT)
		return fail_errno();
	_cleanup_fd int file =
		openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (file < 0 || write(file, text, strlen(text)) < 0 || fchmod(file, 0644) < 0)
		return fail_errno();
	return 0;
}
