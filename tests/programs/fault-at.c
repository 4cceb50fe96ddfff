/*
 * Runs a command and lets one thing go wrong in it: at a system call of one of its processes that
 * process is killed, or the call fails without being made. Such a point has three parts:
 *
 *	PROCESS   "command"; its first child is "command/1", that one's second child "command/1/2";
 *	          "other" is the process that was there before
 *	CALL      the system call's name
 *	N         which of that process's calls of that name, 1 for the first
 *
 *	fault-at [--other PID] FILE list COMMAND...                    the points, into FILE
 *	fault-at [--other PID] FILE PROCESS CALL N KILL|EIO|... COMMAND...   FILE: "reached", if it
 *was
 *
 * (strace can make calls fail, too. But it counts the calls of each process by itself and cannot be
 * told which process is meant.)
 *
 * A process is followed until it becomes another program; the command itself is followed for good.
 * The exit status is the command's as a shell has it, 125 if it, or what it started, hangs. One
 *that waits at a FIFO when the command has ended is left alone. See ptrace(2).
 */
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES_MOST = 64, CALLS_MOST = 512, HANGS = 125, SECONDS_MOST = 20 };

struct process {
	pid_t pid;
	char name[64]; /* "": its parent's report of its birth has not come yet */
	bool stopped;  /* waits for that report */
	bool in_call;
	bool to_fail; /* the call it is in shall fail */
	int call;     /* the last one */
	int children;
	unsigned short counts[CALLS_MOST];
};

static struct process processes[PROCESSES_MOST];
static size_t process_count;
static FILE *out;
static struct {
	const char *process;
	int call;
	int number;
	int error; /* 0: kill it */
} point;
static int call_brk, call_close, call_openat;
static pid_t command;
static bool command_began;
static int command_status = -1;
static volatile sig_atomic_t too_late;

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "fault-at: %s: %s\n", what, strerror(errno));
	exit(HANGS);
}

static void be_too_late(int signal)
{
	(void)signal;
	too_late = 1;
}

static struct process *find(pid_t pid)
{
	for (size_t i = 0; i < process_count; i++)
		if (processes[i].pid == pid)
			return &processes[i];
	if (process_count == PROCESSES_MOST) {
		errno = E2BIG;
		die("processes");
	}
	struct process *new = &processes[process_count++];
	*new = (struct process){.pid = pid};
	return new;
}

static void forget(struct process *process)
{
	*process = processes[--process_count];
}

static void go_on(const struct process *process, int signal)
{
	if (ptrace(PTRACE_SYSCALL, process->pid, 0, signal) < 0 && errno != ESRCH)
		die("ptrace");
}

/* --- making a call fail ----------------------------------------------------------------------- */

#if defined(__x86_64__)

/* There is no call -1: the kernel makes none. */
static void prevent(pid_t pid)
{
	ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, orig_rax), -1L);
}

static void answer(pid_t pid, long result)
{
	ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, rax), result);
}

#elif defined(__aarch64__)

static void prevent(pid_t pid)
{
	int none = -1;
	struct iovec part = {&none, sizeof(none)};
	ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &part);
}

static void answer(pid_t pid, long result)
{
	struct user_regs_struct registers;
	struct iovec part = {&registers, sizeof(registers)};
	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &part) == 0) {
		registers.regs[0] = (unsigned long long)result;
		ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &part);
	}
}

#endif

/* --- what processes do ------------------------------------------------------------------------ */

static void list(const struct process *process)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, process->call);
	fprintf(out, "%s %s %d\n", process->name, name ? name : "unknown",
		process->counts[process->call]);
	free(name);
}

/* The process is about to make its call, and stands still. */
static void before_call(struct process *process)
{
	if (process->call < 0 || process->call >= CALLS_MOST)
		return;
	int number = ++process->counts[process->call];
	if (!point.process) {
		list(process);
	} else if (!strcmp(process->name, point.process) && process->call == point.call &&
		   number == point.number) {
		fprintf(out, "reached\n");
		fflush(out);
		process->to_fail = point.error != 0;
		/* A close closes even when it fails. */
		if (process->to_fail && process->call != call_close)
			prevent(process->pid);
		else if (!process->to_fail)
			kill(process->pid, SIGKILL);
	}
}

static void at_call(struct process *process)
{
	struct __ptrace_syscall_info info;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, process->pid, sizeof(info), &info) < 0)
		return;
	process->in_call = info.op == PTRACE_SYSCALL_INFO_ENTRY;
	if (process->in_call) {
		process->call = (int)info.entry.nr;
		before_call(process);
	} else if (process->to_fail) {
		process->to_fail = false;
		/* The kernel says where the end of the data is, not that it could not be moved. */
		answer(process->pid, process->call == call_brk ? 0 : -point.error);
	}
}

static void at_birth(struct process *parent)
{
	unsigned long pid;
	if (ptrace(PTRACE_GETEVENTMSG, parent->pid, 0, &pid) < 0)
		return;
	struct process *child = find((pid_t)pid);
	snprintf(child->name, sizeof(child->name), "%.50s/%d", parent->name, ++parent->children);
	if (child->stopped)
		go_on(child, 0);
	child->stopped = false;
}

/* Returns false when it is no longer followed. */
static bool at_exec(struct process *process)
{
	if (process->pid == command) {
		command_began = true;
		return true;
	}
	ptrace(PTRACE_DETACH, process->pid, 0, 0);
	forget(process);
	return false;
}

static void at_stop(struct process *process, int status)
{
	int event = status >> 16, signal = WSTOPSIG(status), deliver = 0;
	if (process->name[0] == '\0') {
		process->stopped = true;
		return;
	}
	if (signal == (SIGTRAP | 0x80)) {
		if (command_began || process->pid != command)
			at_call(process);
	} else if (event == PTRACE_EVENT_EXEC) {
		if (!at_exec(process))
			return;
	} else if (event == PTRACE_EVENT_STOP) {
		if (signal != SIGTRAP) {
			ptrace(PTRACE_LISTEN, process->pid, 0, 0);
			return;
		}
	} else if (event) {
		at_birth(process);
	} else {
		deliver = signal;
	}
	go_on(process, deliver);
}

/* --- the end ---------------------------------------------------------------------------------- */

static bool sleeps(pid_t pid)
{
	char path[32], text[512];
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[length < 0 ? 0 : length] = '\0';
	const char *rest = strrchr(text, ')');
	return rest && rest[1] == ' ' && rest[2] == 'S';
}

static void leave_alone(struct process *process)
{
	int status;
	if (ptrace(PTRACE_INTERRUPT, process->pid, 0, 0) == 0)
		waitpid(process->pid, &status, __WALL);
	ptrace(PTRACE_DETACH, process->pid, 0, 0);
	forget(process);
}

/* An open that sleeps is that of a FIFO. */
static void leave_those_that_wait(void)
{
	for (size_t i = process_count; i-- > 0;)
		if (processes[i].in_call && processes[i].call == call_openat &&
			sleeps(processes[i].pid))
			leave_alone(&processes[i]);
}

static void follow_all(void)
{
	while (process_count > 0 && !too_late) {
		int status;
		bool over = command_status >= 0;
		pid_t pid = waitpid(-1, &status, __WALL | (over ? WNOHANG : 0));
		if (pid < 0 && errno == ECHILD)
			return;
		if (pid == 0) {
			leave_those_that_wait();
			nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
		}
		if (pid <= 0)
			continue;
		if (WIFSTOPPED(status)) {
			at_stop(find(pid), status);
			continue;
		}
		forget(find(pid));
		if (pid == command)
			command_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
							     : WEXITSTATUS(status);
	}
}

/* --- the beginning ---------------------------------------------------------------------------- */

/* With EXITKILL nothing that is followed outlives this program. */
static void follow(pid_t pid, const char *name)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE |
			     PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL;
	if (ptrace(PTRACE_SEIZE, pid, 0, options) < 0)
		die("ptrace: may not trace");
	struct process *process = find(pid);
	snprintf(process->name, sizeof(process->name), "%s", name);
	if (ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0)
		die("ptrace");
}

static void start(char **argv)
{
	int gate[2];
	if (pipe2(gate, O_CLOEXEC) < 0 || (command = fork()) < 0)
		die("fork");
	if (command == 0) {
		char byte;
		close(gate[1]);
		/* Its end is the word to go. */
		if (read(gate[0], &byte, 1) == 0)
			execvp(argv[0], argv);
		die(argv[0]);
	}
	close(gate[0]);
	follow(command, "command");
	close(gate[1]);
}

/* Returns what follows the point. */
static char **read_point(char **argv)
{
	static const struct {
		const char *name;
		int error;
	} faults[] = {{"KILL", 0}, {"EIO", EIO}, {"ENOMEM", ENOMEM}, {"ENOSPC", ENOSPC},
		{"EAGAIN", EAGAIN}};
	if (!strcmp(argv[0], "list"))
		return argv + 1;
	for (int i = 0; i < 4; i++)
		if (!argv[i])
			return NULL;
	point.process = argv[0];
	point.call = seccomp_syscall_resolve_name(argv[1]);
	point.number = (int)strtol(argv[2], NULL, 10);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		if (!strcmp(argv[3], faults[i].name)) {
			point.error = faults[i].error;
			return argv + 4;
		}
	return NULL;
}

int main(int argc, char **argv)
{
	const char *factor = getenv("TEST_TIMEOUT_FACTOR");
	pid_t other = 0;
	if (argc > 2 && !strcmp(argv[1], "--other")) {
		other = (pid_t)strtol(argv[2], NULL, 10);
		argv += 2;
		argc -= 2;
	}
	char **words = argc > 3 ? read_point(argv + 2) : NULL;
	if (!words || !*words) {
		fprintf(stderr, "usage: fault-at [--other PID] FILE list|PROCESS CALL N FAULT "
				"COMMAND...\n");
		return HANGS;
	}
	call_brk = seccomp_syscall_resolve_name("brk");
	call_close = seccomp_syscall_resolve_name("close");
	call_openat = seccomp_syscall_resolve_name("openat");
	out = fopen(argv[1], "we");
	if (!out)
		die(argv[1]);
	const struct sigaction late = {.sa_handler = be_too_late};
	sigaction(SIGALRM, &late, NULL);
	alarm((unsigned)(SECONDS_MOST * (factor ? strtol(factor, NULL, 10) : 1)));
	if (other > 0)
		follow(other, "other");
	start(words);
	follow_all();
	return too_late || command_status < 0 ? HANGS : command_status;
}
