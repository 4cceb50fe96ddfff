/*
 * Properties that a bundle gives its scope: the annotations org.systemd.property.NAME, as runc has
 * them. Without --systemd-cgroup they mean nothing.
 *
 * What must hold: a bundle cannot set what the runtime finds, keeps or ends the scope by. Which
 * processes are in it (PIDs) decides who is killed with the container; by its Description a scope
 * is known as the container's own; Slice, Delegate... and DefaultDependencies are how it is made.
 * All else is the bundle's to say, limits too: those of linux.resources hold all the same, since
 * they are set in the container's own cgroup below the scope's.
 */
#ifndef STAGE7_SYSTEMD_PROPERTY_H
#define STAGE7_SYSTEMD_PROPERTY_H

#include <stdbool.h>

#include "7-runtime/systemd/variant.h"

#define PROPERTY_PREFIX "org.systemd.property."

struct property_value {
	char name[128];
	struct variant variant;
};

/* Whether an annotation, "NAME" or "NAME=VALUE", is one of these. */
bool property_is(const char *annotation);

/*
 * Reads an annotation that is one. A time in seconds (TimeoutStopSec) becomes the one in
 * microseconds (TimeoutStopUSec) that D-Bus has. Returns -1 with an error that does not name the
 * annotation; free @property in both cases. See org.freedesktop.systemd1(5).
 */
int property_read(struct property_value *property, const char *annotation, const char *value);
void property_free(struct property_value *property);

#endif
