/*
 * Makes system calls, a word each: "NAME[,ARGUMENT...]". Prints a line for each: what it returned,
 * or the name of its error. "x86:NAME" makes it as a 32-bit program would, "x32:NAME" as one of
 * x32, "number:N" any other. Without a way to do that here, the line is "none".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The calls that the tests need; for 32-bit programs, too. */
static const struct {
	const char *name;
	long number, number_x86;
} calls[] = {
	{"acct", SYS_acct, 51},
	{"getuid", SYS_getuid, 199},
	{"lseek", SYS_lseek, 19},
	{"mlockall", SYS_mlockall, 152},
	{"munlock", SYS_munlock, 151},
	{"munlockall", SYS_munlockall, 153},
	{"sched_yield", SYS_sched_yield, 158},
	{"socket", SYS_socket, 359},
	{"socketcall", -1, 102},
	{"swapoff", SYS_swapoff, 115},
	{"sync", SYS_sync, 36},
	{"vhangup", SYS_vhangup, 111},
};

static long number_of(const char *name, int x86)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(calls[i].name, name))
			return x86 ? calls[i].number_x86 : calls[i].number;
	return strtol(name, NULL, 0);
}

static void print(long result)
{
	if (result < 0 && result >= -4095)
		printf("%s\n", strerrorname_np((int)-result));
	else
		printf("%ld\n", result);
	fflush(stdout);
}

/* What the C library's syscall() makes of a result is undone. */
static void call_natively(long number, const unsigned long *arguments)
{
	long result = syscall(number, arguments[0], arguments[1], arguments[2], arguments[3],
		arguments[4], arguments[5]);
	print(result < 0 ? -errno : result);
}

#ifdef __x86_64__
static void call_as_x86(long number, const unsigned long *arguments)
{
	long result;
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(arguments[0]), "c"(arguments[1]), "d"(arguments[2])
			 : "memory", "r8", "r9", "r10", "r11");
	print((int)result);
}
#endif

static void call(char *word)
{
	unsigned long arguments[6] = {};
	char *name = strtok(word, ",");
	const char *colon = strchr(name, ':');
	for (size_t i = 0; i < 6; i++) {
		const char *argument = strtok(NULL, ",");
		arguments[i] = argument ? strtoul(argument, NULL, 0) : 0;
	}
#ifdef __x86_64__
	if (!strncmp(name, "x86:", 4))
		return call_as_x86(number_of(colon + 1, 1), arguments);
	if (!strncmp(name, "x32:", 4))
		return call_natively(0x40000000 + number_of(colon + 1, 0), arguments);
#endif
	if (colon && strncmp(name, "number:", 7) != 0)
		puts("none");
	else
		call_natively(number_of(colon ? colon + 1 : name, 0), arguments);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		call(argv[i]);
	return argc < 2;
}
