/*
 * The kernel checks each write against what stands in the other files of the cgroup: memory may not
 * exceed memory and swap together, a burst not the quota. So on the way from one set of values to
 * another there is an order that works, but which one depends on where the way begins. Instead of
 * knowing all such rules, whatever was refused is tried again once the others are written, until
 * nothing moves any more.
 *
 * What must hold: an update that fails has changed nothing.
 */
#include "7-runtime/resources/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "4-cgroups/cgroup.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

enum { FILE_MOST = 1 << 16 };

/* What takes the line of a device or an interface out of a list; elsewhere it is a 0. */
static const struct {
	const char *file, *nothing;
} lists[] = {
	{"io.max", "rbps=max wbps=max riops=max wiops=max"},
	{"io.weight", "default"},
	{"io.bfq.weight", "default"},
	{"rdma.max", "hca_handle=max hca_object=max"},
	{},
};

static const char *nothing_in(const char *file)
{
	size_t i = 0;
	while (lists[i].file && strcmp(lists[i].file, file) != 0)
		i++;
	return lists[i].file ? lists[i].nothing : "0";
}

/* The line that begins with the first @length bytes of @name, in fresh memory. */
static char *find_line(const char *list, const char *name, size_t length)
{
	for (const char *line = list; *line; line += strspn(line, "\n")) {
		size_t end = strcspn(line, "\n");
		if (end > length && !strncmp(line, name, length) && line[length] == ' ')
			return strndup(line, end);
		line += end;
	}
	return NULL;
}

/*
 * What to write to have the file as it was. Of a list that is the one line that @text will change,
 * or one that says nothing: the file cannot be written as a whole.
 */
static char *read_value(const char *path, const char *file, const char *text)
{
	_cleanup_free char *before = file_read(AT_FDCWD, path, FILE_MOST, NULL);
	size_t name = strcspn(text, " ");
	error_clear();
	if (!before || !strcmp(file, "cpu.max"))
		return steal_pointer(&before);
	if (text[name] == '\0')
		return strndup(before, strcspn(before, "\n"));
	char *line = find_line(before, text, name);
	return line ? line : text_format("%.*s %s", (int)name, text, nothing_in(file));
}

int batch_add(struct batch *batch, const char *directory, const char *file, const char *text,
	const char *property)
{
	struct batch_write *larger =
		reallocarray(batch->writes, batch->count + 1, sizeof(*batch->writes));
	if (!larger)
		return fail("out of memory");
	batch->writes = larger;
	struct batch_write *write = &larger[batch->count++];
	*write = (struct batch_write){
		.path = text_format("%s/%s", directory, file),
		.text = strdup(text),
		.property = strdup(property),
	};
	if (!write->path || !write->text || !write->property)
		return fail("out of memory");
	write->before = read_value(write->path, file, text);
	return 0;
}

static int write_one(const struct batch_write *write)
{
	const char *slash = strrchr(write->path, '/');
	_cleanup_free char *directory = strndup(write->path, (size_t)(slash - write->path));
	step_for("%s", write->property);
	int result = directory ? cgroup_write_limit(directory, slash + 1, write->text) : -1;
	if (result == 0)
		step_for(NULL);
	return result;
}

static bool may_come_later(int error)
{
	return error == EINVAL || error == EBUSY;
}

/* One pass over what is left. Returns how many were written, or -1 when one never will be. */
static int pass(struct batch *batch)
{
	int written = 0;
	for (size_t i = 0; i < batch->count; i++) {
		struct batch_write *write = &batch->writes[i];
		if (write->done)
			continue;
		if (write_one(write) < 0) {
			if (!may_come_later(errno))
				return -1;
			error_clear();
			continue;
		}
		write->done = true;
		written++;
	}
	return written;
}

/* The first one that is still refused, with its error set. */
static int refused(const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		if (!batch->writes[i].done)
			return write_one(&batch->writes[i]);
	return 0;
}

/* In one pass backwards what came last goes first; a second one for what that refused. */
void batch_undo(const struct batch *batch)
{
	for (size_t i = 2 * batch->count; i-- > 0;) {
		const struct batch_write *one = &batch->writes[i % batch->count];
		if (!one->done || !one->before)
			continue;
		_cleanup_fd int fd = open(one->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0 || write(fd, one->before, strlen(one->before)) < 0)
			continue;
	}
}

int batch_apply(struct batch *batch)
{
	int written;
	do
		written = pass(batch);
	while (written > 0);
	if (written == 0 && refused(batch) == 0)
		return 0;
	batch_undo(batch);
	return -1;
}

void batch_release(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		free(batch->writes[i].path);
		free(batch->writes[i].text);
		free(batch->writes[i].property);
		free(batch->writes[i].before);
	}
	free(batch->writes);
	*batch = (struct batch){};
}
