/*
 * A place in the source is named by words of its line, not by a number, which the next edit would
 * make wrong. clang-format has put the braces of every function, and of nothing else, into the
 * first column: that is how the function around the line is found.
 */
#include "compare/source.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

enum { SOURCE_MOST = 1 << 20, AROUND = 6 };

const char *source_root(void)
{
	static char root[PATH_MAX];
	const char *told = getenv("COMPARE_SOURCE");
	if (told)
		return told;
	if (root[0])
		return root;
	step("readlink: /proc/self/exe, to find the source beside this program");
	ssize_t length = readlink("/proc/self/exe", root, sizeof(root) - 1);
	if (length < 0) {
		fail_errno();
		return NULL;
	}
	root[length] = '\0';
	for (char *slash; (slash = strrchr(root, '/')) != NULL;) {
		*slash = '\0';
		_cleanup_free char *stages = text_format("%s/stages/1-chroot/main.c", root);
		if (stages && file_exists(AT_FDCWD, stages))
			return root;
	}
	fail("this program is not in cooper's source tree");
	fail_hint("run build/bin/compare where it was built, or set COMPARE_SOURCE");
	return NULL;
}

static const char *line_start(const char *text, const char *at)
{
	while (at > text && at[-1] != '\n')
		at--;
	return at;
}

static const char *line_end(const char *at)
{
	return at + strcspn(at, "\n");
}

static int line_number(const char *text, const char *at)
{
	int number = 1;
	for (; text < at; text++)
		number += *text == '\n';
	return number;
}

/* The line before the one at @at, which is not the first. */
static const char *line_before(const char *text, const char *at)
{
	return line_start(text, at - 1);
}

/* The start of the function that the line at @at is in; NULL: it is in none. */
static const char *function_start(const char *text, const char *at)
{
	while (at > text && *at != '{' && *at != '}')
		at = line_before(text, at);
	if (*at != '{')
		return NULL;
	while (at > text && *line_before(text, at) != '\n')
		at = line_before(text, at);
	return at;
}

static const char *few_lines_from(const char *text, const char *at)
{
	for (int i = 0; i < AROUND && at > text; i++)
		at = line_before(text, at);
	return at;
}

static const char *few_lines_to(const char *at)
{
	for (int i = 0; i < AROUND && *at; i++)
		at = line_end(at + 1);
	return at;
}

static const char *function_end(const char *at)
{
	while (*at && *at != '}')
		at = line_end(at) + (*line_end(at) == '\n');
	return line_end(at);
}

int source_find(const char *file, const char *code, struct source_place *place)
{
	const char *root = source_root();
	*place = (struct source_place){.file = file};
	_cleanup_free char *path = root ? text_format("%s/%s", root, file) : NULL;
	_cleanup_free char *text = path ? file_read(AT_FDCWD, path, SOURCE_MOST, NULL) : NULL;
	if (!text)
		return -1;
	const char *found = strstr(text, code);
	if (!found)
		return fail("%s has no line with \"%s\" any more", file, code);
	const char *at = line_start(text, found), *from = function_start(text, at), *to;
	to = from ? function_end(at) : few_lines_to(line_end(at));
	if (!from)
		from = few_lines_from(text, at);
	place->line = line_number(text, found);
	place->first = line_number(text, from);
	place->excerpt = strndup(from, (size_t)(to - from));
	return place->excerpt ? 0 : fail_errno();
}
