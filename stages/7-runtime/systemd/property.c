#include "7-runtime/systemd/property.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/error.h"

enum { NAME_LEAST = 3 };

static const char *const owned[] = {"PIDs", "Description", "Slice", "Delegate",
	"DelegateControllers", "DelegateSubgroup", "DefaultDependencies", NULL};

bool property_is(const char *annotation)
{
	return strncmp(annotation, PROPERTY_PREFIX, strlen(PROPERTY_PREFIX)) == 0;
}

static int check_name(const char *name)
{
	size_t length = 0;
	while (isascii(name[length]) && isalpha((unsigned char)name[length]))
		length++;
	if (name[length] || length < NAME_LEAST ||
		length >= sizeof(((struct property_value *)NULL)->name) - 1)
		return fail("no property of systemd's can have this name");
	for (const char *const *taken = owned; *taken; taken++)
		if (!strcmp(*taken, name))
			return fail("this property is the runtime's own");
	return 0;
}

/* "TimeoutStopSec", but not "TimeoutStopUSec". */
static bool is_in_seconds(const char *name)
{
	size_t length = strlen(name);
	return length > 3 && !strcmp(name + length - 3, "Sec") &&
	       islower((unsigned char)name[length - 4]);
}

int property_read(struct property_value *property, const char *annotation, const char *value)
{
	const char *name = annotation + strlen(PROPERTY_PREFIX);
	*property = (struct property_value){};
	if (check_name(name) < 0 || variant_read(&property->variant, value) < 0)
		return -1;
	snprintf(property->name, sizeof(property->name), "%s", name);
	if (!is_in_seconds(name))
		return 0;
	strcpy(property->name + strlen(name) - 3, "USec");
	return variant_to_microseconds(&property->variant);
}

void property_free(struct property_value *property)
{
	variant_free(&property->variant);
}
