/*
 * An engine starts the runtime with a file of its own to log to, and shows its user the last error
 * it finds there. So the forms are those of runc: a JSON object a line, or text in the manner of
 * logfmt, with the names level, msg and time.
 *
 * What must hold: a line goes out in one write to a file opened for appending, since the init
 * writes to the same file.
 */
#include "7-runtime/log.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/error.h"
#include "common/quote.h"
#include "common/step.h"

struct log_options log_options;

static int fd = -1;

static int read_format(const char *flag, const char *value, void *target)
{
	bool *json = target;
	*json = strcmp(value, "json") == 0;
	if (!*json && strcmp(value, "text") != 0)
		return fail("%s: expected text or json, found \"%s\"", flag, value);
	return 0;
}

const struct flag log_flags[] = {
	{"log", "FILE", "write errors and warnings to FILE, too", flag_text,
		offsetof(struct log_options, path)},
	{"log-format", "FORM", "text (default) or json", read_format,
		offsetof(struct log_options, json)},
	{"debug", NULL, "log every step, too", flag_switch, offsetof(struct log_options, debug)},
	{},
};

static void print_line(FILE *out, const char *level, const char *line)
{
	char when[32];
	time_t now = time(NULL);
	struct tm utc;
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	if (log_options.json)
		fprintf(out, "{\"level\":\"%s\",\"msg\":", level);
	else
		fprintf(out, "time=\"%s\" level=%s msg=", when, level);
	quote_json(out, line);
	if (log_options.json)
		fprintf(out, ",\"time\":\"%s\"}", when);
	fprintf(out, "\n");
}

/* Errors and warnings are on stderr already; a step is not. */
static void log_line(const char *level, const char *line)
{
	char text[4096];
	bool debug = strcmp(level, "debug") == 0;
	int to = fd < 0 && debug ? STDERR_FILENO : fd;
	if ((debug && !log_options.debug) || to < 0)
		return;
	FILE *out = fmemopen(text, sizeof(text), "w");
	if (!out)
		return;
	print_line(out, level, line);
	fflush(out);
	long length = ftell(out);
	fclose(out);
	if (length > 0 && write(to, text, (size_t)length) < 0)
		return; /* a full disk is no reason to stop */
}

int log_open(void)
{
	if (log_options.path) {
		step_for("--log");
		step("open: %s", log_options.path);
		/* O_NONBLOCK: a FIFO that nobody reads is not to hold a command up. */
		fd = open(log_options.path,
			O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0644);
		if (fd < 0)
			return fail_errno();
		step_for(NULL);
	}
	if (log_options.path || log_options.debug)
		narrate_to(log_line);
	return 0;
}

int log_fd(void)
{
	return fd;
}
