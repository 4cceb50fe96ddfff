/*
 * criu takes requests over a socket from the program that has started it ("swrk", for service
 * worker). That says more than its command line: at certain moments criu waits until it is told to
 * go on, a terminal comes back as a file descriptor, and the restored process becomes a child of
 * ours.
 *
 * What must hold: nothing that criu makes outlives a failure. It dies with this process; when a
 * moment's work here fails, criu is told so and takes back what it has done.
 */
#include "7-runtime/criu/service.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "1-chroot/command.h"
#include "2-namespaces/signals.h"
#include "7-runtime/criu/workshop.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/handshake.h"
#include "common/process.h"
#include "common/step.h"
#include "common/text.h"

enum { ANSWER_MOST = 65536, LAST_WORDS_MILLISECONDS = 5000 };

/* --- the program ------------------------------------------------------------------------------ */

static bool find_program(const char *name, char found[PATH_MAX])
{
	const char *path = getenv("PATH");
	_cleanup_free char *variable = text_format("PATH=%s", path && *path ? path : "/usr/sbin");
	char *const environment[] = {variable, NULL};
	bool is_there = variable && command_find(name, environment, found) == 0;
	error_clear();
	return is_there;
}

static const char *chosen;

void criu_set_program(const char *program)
{
	chosen = program;
}

static int find(char found[PATH_MAX])
{
	if (find_program(chosen ? chosen : "criu", found))
		return 0;
	if (chosen)
		return fail("--criu: there is no program %s", chosen);
	fail("criu is not installed, and checkpoint and restore need it");
	return fail_hint("install the package criu; it is looked for in $PATH");
}

int criu_check(void)
{
	char path[PATH_MAX];
	if (find(path) < 0)
		return -1;
	if (process_run((const char *const[]){path, "check", NULL}, NULL) == 0)
		return 0;
	return fail_hint("criu cannot work here: it needs root and must be as new as the kernel; "
			 "try \"criu check\"");
}

/* It keeps the network still while it works, by rules of a firewall: whichever there is. */
static void choose_firewall(struct protobuf *options)
{
	char path[PATH_MAX];
	if (!find_program("iptables-restore", path))
		protobuf_add_number(options, OPTION_NETWORK_LOCK, NETWORK_LOCK_NFTABLES);
}

/* --- the child -------------------------------------------------------------------------------- */

static int keep_open(int fd)
{
	return fcntl(fd, F_SETFD, 0) < 0 ? fail_errno() : 0;
}

static int become_criu(const struct criu_service *service, int socket, int line)
{
	char path[PATH_MAX], number[16];
	if (handshake_await(line, 'g', NULL) < 0)
		return fail_reported(EXIT_ERROR);
	if (process_die_with_parent() < 0 || !handshake_alive(line))
		return fail_reported(EXIT_ERROR);
	if (workshop_make(service->places->workshop) < 0 ||
		(service->prepare && service->prepare(service->what) < 0))
		return -1;
	step("close_range: criu gets no file of the caller's; fcntl: but its own");
	if (close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC) < 0)
		return fail_errno();
	for (size_t i = 0; i < service->kept_count; i++)
		if (keep_open(service->kept[i]) < 0)
			return -1;
	if (keep_open(socket) < 0 || find(path) < 0 || signals_let_go() < 0)
		return -1;
	snprintf(number, sizeof(number), "%d", socket);
	char *const arguments[] = {"criu", "swrk", number, NULL};
	return command_execute(path, arguments, environ);
}

/* criu, and the two lines to it: the requests' and, until its exec, the handshake's. */
struct worker {
	pid_t pid;
	int socket, line;
};

static int start(const struct criu_service *service, struct worker *worker)
{
	int ends[2];
	struct handshake handshake;
	step("socketpair: to talk to criu");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno();
	worker->socket = ends[0];
	_cleanup_fd int theirs = ends[1];
	if (handshake_make(&handshake) < 0 || signals_hold() < 0)
		return -1;
	step("fork: criu");
	worker->pid = fork();
	if (worker->pid == 0) {
		narrate_process("criu");
		become_criu(service, theirs, handshake_as_child(&handshake));
		_exit(error_report());
	}
	worker->line = handshake_as_parent(&handshake);
	return worker->pid < 0 ? fail_errno() : 0;
}

/* --- the talk --------------------------------------------------------------------------------- */

static int send_message(int socket, struct protobuf *message)
{
	int result = protobuf_end(message);
	step("send: a request to criu");
	if (result == 0 && send(socket, message->bytes, message->size, MSG_NOSIGNAL) < 0)
		result = fail_errno();
	protobuf_free(message);
	return result;
}

static int send_request(int socket, struct criu_service *service)
{
	struct protobuf request;
	if (protobuf_begin(&request) < 0)
		return -1;
	protobuf_add_number(&request, REQUEST_TYPE, service->request);
	choose_firewall(&service->options);
	if (protobuf_add_message(&request, REQUEST_OPTIONS, &service->options) < 0) {
		protobuf_free(&request);
		return -1;
	}
	return send_message(socket, &request);
}

static int send_go_on(int socket, bool success)
{
	struct protobuf request;
	if (protobuf_begin(&request) < 0)
		return -1;
	protobuf_add_number(&request, REQUEST_TYPE, CRIU_NOTIFY);
	protobuf_add_number(&request, REQUEST_NOTIFY_SUCCESS, success);
	return send_message(socket, &request);
}

struct answer {
	uint64_t type;
	bool success;
	char moment[64];
	pid_t pid;
	int fd;
};

static void read_notification(const struct protobuf_field *message, struct answer *answer)
{
	struct protobuf_reader reader = {message->bytes, message->bytes ? message->size : 0};
	struct protobuf_field field;
	while (protobuf_next(&reader, &field))
		if (field.field == NOTIFY_MOMENT && field.bytes)
			snprintf(answer->moment, sizeof(answer->moment), "%.*s", (int)field.size,
				field.bytes);
		else if (field.field == NOTIFY_PID)
			answer->pid = (pid_t)field.number;
}

static void read_answer(struct protobuf_reader reader, struct answer *answer)
{
	struct protobuf_field field;
	while (protobuf_next(&reader, &field))
		if (field.field == ANSWER_TYPE)
			answer->type = field.number;
		else if (field.field == ANSWER_SUCCESS)
			answer->success = field.number != 0;
		else if (field.field == ANSWER_NOTIFY)
			read_notification(&field, answer);
}

/*
 * The restored init is a child of ours, so criu does not hear of its end, and may wait for it for
 * ever: that it has ended is for us to see. And whoever stops us means criu, too.
 */
struct watched {
	int signals, init; /* file descriptors to poll; -1: nothing */
};

/* Waits until criu says something or has gone; false: it has been killed. */
static bool says_something(const struct worker *worker, const struct watched *watched)
{
	struct pollfd polled[] = {{.fd = worker->socket, .events = POLLIN},
		{.fd = watched->signals, .events = POLLIN},
		{.fd = watched->init, .events = POLLIN}};
	int count;
	do
		count = poll(polled, sizeof(polled) / sizeof(*polled), -1);
	while (count < 0 && errno == EINTR);
	if (polled[0].revents)
		return true;
	if (polled[1].revents)
		fail("stopped by a signal");
	/* After a child's end it has a moment to say what it knows of that. */
	if (!polled[1].revents && poll(polled, 1, LAST_WORDS_MILLISECONDS) > 0)
		return true;
	kill(worker->pid, SIGKILL);
	return false;
}

/* Returns 1 for an answer, 0 when criu has gone, -1 with the error set. */
static int receive(int socket, struct answer *answer)
{
	static char bytes[ANSWER_MOST];
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {};
	struct iovec data = {.iov_base = bytes, .iov_len = sizeof(bytes)};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	*answer = (struct answer){.fd = -1};
	step("recvmsg: what criu has to say");
	ssize_t size;
	do
		size = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (size < 0 && errno == EINTR);
	if (size < 0 && errno != ECONNRESET)
		return fail_errno();
	if (size <= 0)
		return 0;
	const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(&answer->fd, CMSG_DATA(header), sizeof(int));
	read_answer((struct protobuf_reader){bytes, (size_t)size}, answer);
	return 1;
}

/* The error of a moment's work here is the one to tell; criu still has to take things back. */
static int tell(const struct criu_service *service, int socket, struct answer *answer)
{
	_cleanup_fd int fd = answer->fd;
	step("criu: %s", answer->moment);
	int result = service->notified
			     ? service->notified(service->what, answer->moment, answer->pid, fd)
			     : 0;
	return send_go_on(socket, result == 0) < 0 ? -1 : result;
}

static const int stoppers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

/* Returns 0 when criu has done it; -1, without an error when criu has the words for it. */
static int talk(struct criu_service *service, const struct worker *worker)
{
	struct answer answer;
	sigset_t stopping;
	sigemptyset(&stopping);
	for (size_t i = 0; i < sizeof(stoppers) / sizeof(*stoppers); i++)
		sigaddset(&stopping, stoppers[i]);
	step("signalfd: to hear of a signal that would stop this");
	_cleanup_fd int signals = signalfd(-1, &stopping, SFD_CLOEXEC);
	if (signals < 0)
		return fail_errno();
	_cleanup_fd int init = -1;
	for (;;) {
		if (!says_something(worker, &(struct watched){signals, init}) ||
			receive(worker->socket, &answer) <= 0)
			return -1;
		if (answer.type != CRIU_NOTIFY) {
			release_fd(&answer.fd);
			return answer.success && !*error_message() ? 0 : -1;
		}
		if (init < 0 && service->request == CRIU_RESTORE && answer.pid > 0)
			init = pidfd_open(answer.pid, 0);
		tell(service, worker->socket, &answer);
	}
}

/* --- its last words --------------------------------------------------------------------------- */

/*
 * "(00.123456) Error (criu/mount.c:1): mnt: ..."; the last ones only say that it has failed, or
 * that a program that it ran has.
 */
static const char *error_in(const char *line)
{
	static const char *const saying_nothing[] = {"FAILED", "failed with", "exited, status="};
	const char *mark = strstr(line, "Error (");
	const char *text = mark ? strstr(mark, "): ") : NULL;
	for (size_t i = 0; text && i < sizeof(saying_nothing) / sizeof(*saying_nothing); i++)
		if (strstr(text, saying_nothing[i]))
			return NULL;
	return text ? text + 3 : NULL;
}

static int fail_by_log(const struct criu_places *places)
{
	_cleanup_free char *line = NULL, *last = NULL;
	size_t size = 0;
	int fd = openat(places->work, places->log, O_RDONLY | O_CLOEXEC);
	_cleanup_stream FILE *log = fd < 0 ? NULL : fdopen(fd, "r");
	while (log && getline(&line, &size, log) > 0) {
		const char *text = error_in(line);
		if (!text)
			continue;
		free(last);
		last = strndup(text, strcspn(text, "\n"));
	}
	fail("criu: %s", last ? last : "failed, and did not say why");
	return fail_hint("all that criu said is in %s/%s", places->path, places->log);
}

/* A log of an earlier run must not be taken for this one's. */
static void forget_log(const struct criu_places *places)
{
	unlinkat(places->work, places->log, 0);
}

static int ask(struct criu_service *service, const struct worker *worker)
{
	if (service->started && service->started(service->what, worker->pid) < 0)
		return -1;
	if (handshake_send(worker->line, 'g', -1) < 0 || send_request(worker->socket, service) < 0)
		return -1;
	return talk(service, worker);
}

int criu_run(struct criu_service *service)
{
	struct worker worker = {.socket = -1, .line = -1};
	forget_log(service->places);
	int result = start(service, &worker);
	if (result == 0)
		result = ask(service, &worker);
	protobuf_free(&service->options);
	release_fd(&worker.line);
	release_fd(&worker.socket);
	int status = worker.pid > 0 ? process_wait(worker.pid) : 0;
	if (result == 0 || *error_message())
		return result;
	if (file_exists(service->places->work, service->places->log))
		return fail_by_log(service->places);
	if (WIFSIGNALED(status))
		return fail("criu: killed by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	/* It has said by itself why it did not begin. */
	return fail_reported(status ? process_exit_status(status) : EXIT_ERROR);
}
