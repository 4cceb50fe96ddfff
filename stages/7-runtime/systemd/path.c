/*
 * To systemd a container is a scope, and every scope lies in a slice. A dash in a slice's name is a
 * step down: a-b.slice lies in a.slice. (A scope's name may have dashes as it likes.)
 */
#include "7-runtime/systemd/path.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/text.h"

enum { NAME_MOST = 255 };

static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "0123456789:-_.\\";

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), rest = strlen(end);
	return length > rest && !strcmp(text + length - rest, end);
}

static int check_unit(const char *name)
{
	if (strlen(name) <= NAME_MOST && name[strspn(name, allowed)] == '\0')
		return 0;
	fail("systemd can have no unit named \"%.300s\"", name);
	return fail_hint("a name has letters, digits and : - _ . \\ and at most %d of them",
		NAME_MOST);
}

static int check_slice(const char *slice)
{
	if (!strcmp(slice, "-.slice"))
		return 0;
	if (!ends_with(slice, ".slice"))
		return fail("expected a slice, such as \"system.slice\", found \"%s\"", slice);
	if (*slice == '-' || strstr(slice, "--") || strstr(slice, "-.slice")) {
		fail("\"%s\" is no slice", slice);
		return fail_hint("each dash is a step down, from one name to the next: a-b.slice "
				 "lies in a.slice");
	}
	return check_unit(slice);
}

/* The parts between the colons: exactly three. */
static int split(char *text, char *parts[3])
{
	for (int i = 0; i < 3; i++)
		parts[i] = strsep(&text, ":");
	return parts[2] && !text ? 0 : -1;
}

int systemd_path_read(const char *cgroups_path, const char *id, struct arena *arena,
	struct systemd_path *path)
{
	char *parts[3];
	_cleanup_free char *copy = strdup(cgroups_path ? cgroups_path : ":cooper:");
	if (!copy)
		return fail("out of memory");
	if (split(copy, parts) < 0) {
		fail("expected \"SLICE:PREFIX:NAME\", found \"%.300s\"", cgroups_path);
		return fail_hint("with --systemd-cgroup it names a scope and its slice, not a "
				 "directory");
	}
	const char *name = *parts[2] ? parts[2] : id;
	/* As with runc, the root of all slices. */
	const char *slice = strcmp(parts[0], "-") == 0 ? "-.slice" : parts[0];
	if (ends_with(name, ".slice"))
		return fail("a container is a scope, not a slice such as \"%s\"", name);
	_cleanup_free char *scope =
		text_format("%s%s%s.scope", parts[1], *parts[1] ? "-" : "", name);
	if (!scope || (*slice && check_slice(slice) < 0) || check_unit(scope) < 0)
		return -1;
	path->slice = *slice ? arena_copy(arena, slice) : NULL;
	path->scope = arena_copy(arena, scope);
	return 0;
}
