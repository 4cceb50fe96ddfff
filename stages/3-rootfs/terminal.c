/*
 * A terminal inside must be one of the container's devpts: the host's is not there any more once
 * the root has changed, so ttyname(3) fails; and a process that holds the user's own terminal can
 * type into it (the ioctl TIOCSTI) and so run commands outside. So the container gets a new
 * pseudoterminal. Its slave side is the command's terminal. The master side goes to the parent,
 * which copies bytes between it and the user's terminal.
 *
 * What must hold: the user's terminal is raw while the relay runs and as before when it ends; and
 * neither direction ever waits for the other, since a full pipe on one side must not stop both.
 */
#include "3-rootfs/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <termios.h>
#include <unistd.h>

#include "3-rootfs/inside.h"
#include "3-rootfs/mount.h"
#include "3-rootfs/rootfs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/handshake.h"
#include "common/step.h"

bool terminal_wanted(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

int terminal_check(void)
{
	if (isatty(STDIN_FILENO))
		return 0;
	fail("a terminal is asked for, but the standard input is none");
	return fail_hint("run it from a terminal, or ask for none");
}

/* The size of the window, from the user's terminal to the container's. */
static void copy_size(int from, int to)
{
	struct winsize size;
	/* One that has no size says 0 by 0. */
	if (ioctl(from, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		ioctl(to, TIOCSWINSZ, &size);
}

static int bind_on_console(int slave, int root)
{
	step("open_tree: the new terminal, for /dev/console");
	_cleanup_fd int tree =
		open_tree(slave, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0)
		return fail_errno();
	return mount_attach(tree, root, "/dev/console");
}

int terminal_make(bool console)
{
	_cleanup_fd int root = rootfs_open("/");
	step("openat2: /dev/pts/ptmx, for a new terminal");
	_cleanup_fd int master = root < 0 ? -1
					  : inside_open(root, "/dev/pts/ptmx", O_RDWR | O_NOCTTY);
	int unlock = 0;
	if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return fail_errno();
	/* By the master's fd and not by the name in /dev/pts, which could be another file's. */
	step("ioctl: open its slave side (TIOCGPTPEER)");
	_cleanup_fd int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return fail_errno();
	copy_size(STDIN_FILENO, slave);
	if (console && bind_on_console(slave, root) < 0)
		return -1;
	step("setsid: a new session, with the terminal as its controlling one");
	if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) < 0)
		return fail_errno();
	for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
		if (dup2(slave, stream) < 0)
			return fail_errno();
	return steal_fd(&master);
}

int terminal_hand_over(int line, bool console)
{
	_cleanup_fd int master = terminal_make(console);
	return master < 0 ? -1 : handshake_send(line, 't', master);
}

/* One direction of the relay: what has been read and not yet written. */
struct pipe_half {
	int from, to;
	char bytes[4096];
	size_t start, end;
};

static struct {
	int master;
	struct termios before; /* the user's terminal, as it was */
	bool raw;
	struct pipe_half input, output;
} relay;

/* Which of the four ends to wait for: a half that is empty wants to read, a full one to write. */
static void choose_events(struct watch *watch)
{
	bool input_empty = relay.input.start == relay.input.end;
	bool output_empty = relay.output.start == relay.output.end;
	watch->polled[0] =
		(struct pollfd){.fd = input_empty ? relay.input.from : -1, .events = POLLIN};
	watch->polled[1] = (struct pollfd){.fd = relay.master,
		.events = (short)((input_empty ? 0 : POLLOUT) | (output_empty ? POLLIN : 0))};
	watch->polled[2] =
		(struct pollfd){.fd = output_empty ? -1 : relay.output.to, .events = POLLOUT};
}

/* Returns false at the end of what can be read. */
static bool fill(struct pipe_half *half)
{
	ssize_t count = read(half->from, half->bytes, sizeof(half->bytes));
	if (count <= 0)
		return count < 0 && (errno == EAGAIN || errno == EINTR);
	half->start = 0;
	half->end = (size_t)count;
	return true;
}

static void drain(struct pipe_half *half)
{
	ssize_t count = write(half->to, half->bytes + half->start, half->end - half->start);
	if (count > 0)
		half->start += (size_t)count;
	else if (count < 0 && errno != EAGAIN && errno != EINTR)
		half->start = half->end; /* nobody reads any more */
}

/*
 * The user has closed the window. The container's terminal goes the same way when nobody holds its
 * master side any more; the fd is its owner's to close, so it becomes another file's.
 */
static void hang_up(void)
{
	_cleanup_fd int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (nothing >= 0)
		dup3(nothing, relay.input.to, O_CLOEXEC);
	relay.input.from = -1;
	relay.master = -1;
}

static void ready(struct watch *watch)
{
	const struct pollfd *user = &watch->polled[0], *master = &watch->polled[1],
			    *screen = &watch->polled[2];
	if (user->revents && !fill(&relay.input)) {
		hang_up();
		choose_events(watch);
		return;
	}
	if (master->revents & POLLOUT)
		drain(&relay.input);
	/* POLLHUP alone: the slave side is closed by all, and there is nothing left to read. */
	if (master->revents & POLLIN && !fill(&relay.output))
		relay.master = -1;
	else if (master->revents & POLLHUP && !(master->revents & POLLIN))
		relay.master = -1;
	if (screen->revents)
		drain(&relay.output);
	choose_events(watch);
}

static void heard(int signal)
{
	if (signal == SIGWINCH)
		copy_size(STDIN_FILENO, relay.input.to);
}

static int make_raw(void)
{
	step("tcsetattr: make the user's terminal raw");
	if (tcgetattr(STDIN_FILENO, &relay.before) < 0)
		return fail_errno();
	struct termios raw = relay.before;
	cfmakeraw(&raw);
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) < 0)
		return fail_errno();
	relay.raw = true;
	return 0;
}

/* The child has ended: what it printed last is still on its way. */
static void finish(void)
{
	do
		while (relay.output.start < relay.output.end)
			drain(&relay.output);
	while (fill(&relay.output) && relay.output.start < relay.output.end);
	if (relay.raw)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &relay.before);
}

int terminal_supervise_with(struct child *child, int master)
{
	struct watch watch = {.ready = ready, .heard = heard};
	if (make_raw() < 0)
		return -1;
	fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
	/* Whatever size the terminal was made with: here is a window to see it in. */
	copy_size(STDIN_FILENO, master);
	relay.master = master;
	relay.input.from = STDIN_FILENO;
	relay.input.to = relay.output.from = master;
	relay.output.to = STDOUT_FILENO;
	choose_events(&watch);
	int status = spawn_supervise(child, &watch);
	finish();
	return status;
}

int terminal_supervise(struct child *child)
{
	_cleanup_fd int master = -1;
	if (spawn_await(child, 't', &master) < 0)
		return -1;
	return terminal_supervise_with(child, master);
}
