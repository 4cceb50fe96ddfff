/*
 * In v1 a process hands the kernel an eventfd for the event it wants to know of. In v2 there is a
 * file that counts, memory.events, and inotify(7) tells of its changes.
 *
 * What must hold: the end of a cgroup is no event. Both ways wake up then, too.
 */
#include "7-runtime/resources/oom.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "4-cgroups/members.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

static int open_v1(struct oom_watch *watch, const char *directory)
{
	char text[32];
	_cleanup_free char *control = text_format("%s/memory.oom_control", directory);
	_cleanup_free char *event = text_format("%s/cgroup.event_control", directory);
	if (!control || !event)
		return -1;
	step("eventfd: for the kernel to write to when memory runs out");
	watch->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	watch->control = watch->fd < 0 ? -1 : open(control, O_RDONLY | O_CLOEXEC);
	if (watch->control < 0)
		return fail_errno();
	snprintf(text, sizeof(text), "%d %d", watch->fd, watch->control);
	return file_write(AT_FDCWD, event, text);
}

static int open_v2(struct oom_watch *watch, const char *directory)
{
	_cleanup_free char *events = text_format("%s/memory.events", directory);
	if (!events)
		return -1;
	/* Without the controller memory nobody counts, and nobody limits. */
	if (!file_exists(AT_FDCWD, events))
		return 0;
	step("inotify: changes of %s", events);
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch->fd < 0 || inotify_add_watch(watch->fd, events, IN_MODIFY) < 0)
		return fail_errno();
	watch->seen = cgroup_oom_kills(watch->cgroup);
	return 0;
}

int oom_watch_open(struct oom_watch *watch, const struct cgroup *cgroup)
{
	*watch = (struct oom_watch){.cgroup = cgroup, .fd = -1, .control = -1};
	const struct hierarchy *hierarchy = hierarchy_with(&cgroup->in, CONTROLLER_MEMORY);
	if (!hierarchy || !cgroup_exists_in(cgroup, hierarchy))
		return 0;
	_cleanup_free char *directory = cgroup_directory(cgroup, hierarchy);
	if (!directory)
		return -1;
	return hierarchy->version == CGROUP_V1 ? open_v1(watch, directory)
					       : open_v2(watch, directory);
}

/* What is gone has no news. */
static bool still_there(const struct oom_watch *watch)
{
	const struct hierarchy *hierarchy = hierarchy_with(&watch->cgroup->in, CONTROLLER_MEMORY);
	return hierarchy && cgroup_exists_in(watch->cgroup, hierarchy);
}

static uint64_t news_v1(const struct oom_watch *watch)
{
	uint64_t count;
	return read(watch->fd, &count, sizeof(count)) == sizeof(count) && still_there(watch) ? count
											     : 0;
}

static uint64_t news_v2(struct oom_watch *watch)
{
	char events[4096];
	while (read(watch->fd, events, sizeof(events)) > 0)
		;
	int64_t kills = cgroup_oom_kills(watch->cgroup), seen = watch->seen;
	if (kills <= seen)
		return 0;
	watch->seen = kills;
	return (uint64_t)(kills - seen);
}

uint64_t oom_watch_news(struct oom_watch *watch)
{
	if (watch->fd < 0)
		return 0;
	return watch->control >= 0 ? news_v1(watch) : news_v2(watch);
}

void oom_watch_close(struct oom_watch *watch)
{
	if (watch->fd >= 0)
		close(steal_fd(&watch->fd));
	if (watch->control >= 0)
		close(steal_fd(&watch->control));
}
