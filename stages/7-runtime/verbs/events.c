/* cooper events: what a container uses, and that it has run out of memory, a line of JSON each. */
#include <errno.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "7-runtime/record.h"
#include "7-runtime/resources/oom.h"
#include "7-runtime/resources/statistics.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"

static struct {
	bool stats;
	double interval; /* in seconds */
} options = {.interval = 5};

/* --- durations -------------------------------------------------------------------------------- */

/* The seconds of a unit, and behind it; 0 for what is none. */
static double unit(const char **text)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}};
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		size_t length = strlen(units[i].name);
		if (strncmp(*text, units[i].name, length) != 0)
			continue;
		*text += length;
		return units[i].seconds;
	}
	return 0;
}

/* "5s", "100ms", "1m30s", as programs in Go take it. */
static int read_interval(const char *flag, const char *value, void *target)
{
	double *seconds = target, factor = 1;
	const char *at = value;
	*seconds = 0;
	while (*at && factor > 0) {
		size_t digits = strspn(at, "0123456789.");
		char *end;
		double number = strtod(at, &end);
		/* "1.2.3" is no number. */
		bool whole = digits > 0 && end == at + digits;
		at += digits;
		factor = whole ? unit(&at) : 0;
		*seconds += number * factor;
	}
	if (*value && factor > 0 && *seconds >= 1e-6 && *seconds <= 1e9)
		return 0;
	return fail("%s: expected a duration greater than 0, such as 5s, 100ms or 1m30s, found "
		    "\"%s\"",
		flag, value);
}

/* --- events ----------------------------------------------------------------------------------- */

/* @data may be NULL, and is given away. */
static int print_event(const struct record *record, const char *type, struct json_object *data)
{
	struct json_object *event = json_object_new_object();
	json_object_object_add(event, "type", json_object_new_string(type));
	json_object_object_add(event, "id", json_object_new_string(record->id));
	if (data)
		json_object_object_add(event, "data", data);
	step("write: an event");
	puts(json_object_to_json_string_ext(event,
		JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(event);
	return fflush(stdout) == 0 ? 0 : fail_errno();
}

/* What is asked again and again: found once. */
struct counted {
	const struct record *record;
	struct cgroup cgroup;
	struct resctrl resctrl;
};

static int print_statistics(const struct counted *container)
{
	struct json_object *statistics = statistics_read(&container->cgroup, &container->resctrl);
	return statistics ? print_event(container->record, "stats", statistics) : -1;
}

static int print_oom(const struct record *record, struct oom_watch *watch)
{
	for (uint64_t news = oom_watch_news(watch); news > 0; news--)
		if (print_event(record, "oom", NULL) < 0)
			return -1;
	return 0;
}

static int start_timer(void)
{
	time_t whole = (time_t)options.interval;
	struct timespec interval = {whole, (long)((options.interval - (double)whole) * 1e9)};
	struct itimerspec timer = {interval, interval};
	step("timerfd: every %g seconds", options.interval);
	_cleanup_fd int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (fd < 0 || timerfd_settime(fd, 0, &timer, NULL) < 0)
		return fail_errno();
	return steal_fd(&fd);
}

/* To the end of the container's process. */
static int follow(const struct counted *container, struct oom_watch *watch, int init, int timer)
{
	struct pollfd wanted[] = {
		{.fd = watch->fd, .events = POLLIN},
		{.fd = timer, .events = POLLIN},
		{.fd = init, .events = POLLIN},
	};
	while (!(wanted[2].revents & POLLIN)) {
		uint64_t ticks;
		step("poll: until something happens");
		if (poll(wanted, 3, -1) < 0 && errno != EINTR)
			return fail_errno();
		/* What killed the process comes before its end. */
		if (print_oom(container->record, watch) < 0)
			return -1;
		if (wanted[1].revents & POLLIN && !(wanted[2].revents & POLLIN) &&
			(read(timer, &ticks, sizeof(ticks)) < 0 || print_statistics(container) < 0))
			return -1;
	}
	return 0;
}

static int watch_container(const struct counted *container)
{
	struct oom_watch watch;
	step("pidfd_open: the container's process");
	_cleanup_fd int init = pidfd_open((pid_t)container->record->pid, 0);
	if (init < 0)
		return fail_errno();
	_cleanup_fd int timer = start_timer();
	int result = timer < 0 ? -1 : oom_watch_open(&watch, &container->cgroup);
	if (result == 0)
		result = follow(container, &watch, init, timer);
	if (timer >= 0)
		oom_watch_close(&watch);
	return result;
}

static int report(const struct record *record)
{
	struct counted container = {.record = record};
	enum status status = record_status(record);
	if (status == STOPPED || status == CREATING)
		return fail("container with id %s is not running", record->id);
	if (!record->cgroup)
		return fail("the container has no cgroup, so nothing is counted");
	if (resctrl_of(&container.resctrl, record) < 0)
		return -1;
	int result = cgroup_open(&container.cgroup, record->cgroup);
	if (result == 0)
		result = options.stats ? print_statistics(&container) : watch_container(&container);
	cgroup_close(&container.cgroup);
	return result;
}

static int events(char **operands)
{
	struct record record;
	int result = record_open(&record, operands[0], false);
	if (result == 0)
		result = report(&record);
	record_close(&record);
	return result < 0 ? error_report() : 0;
}

static const struct flag flags[] = {
	{"stats", NULL, "print what it uses once, and exit", flag_switch,
		offsetof(typeof(options), stats)},
	{"interval", "DURATION", "how often to print what it uses (default: 5s)", read_interval,
		offsetof(typeof(options), interval)},
	{},
};

static const struct flag_group groups[] = {{flags, &options}, {}};

const struct verb verb_events = {
	.name = "events",
	.run = events,
	.summary = "tell what a container uses, and when memory runs out",
	.usage = "events [options] ID",
	.about = "Prints what the container ID uses, again and again, and when the kernel kills\n"
		 "in it for lack of memory: a line of JSON each, until it ends.",
	.groups = groups,
	.operands = 1,
};
