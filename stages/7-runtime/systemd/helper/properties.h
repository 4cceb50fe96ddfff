/* Limits, as systemd has them. */
#ifndef STAGE7_SYSTEMD_HELPER_PROPERTIES_H
#define STAGE7_SYSTEMD_HELPER_PROPERTIES_H

#include <stddef.h>
#include <systemd/sd-bus.h>

/*
 * Adds to @message, in an array a(sv) that is open, the properties that stand for the @settings,
 * words such as "memory.max=1048576" or "cpu.max=max 100000", up to a NULL; and those that a bundle
 * names itself (property.h), "org.systemd.property.CollectMode='inactive'". Files and values that
 * systemd of that version has no property for are left out. Returns a negative errno of sd-bus's.
 * See systemd.resource-control(5) and the kernel's cgroup-v2.rst.
 */
int properties_add(sd_bus_message *message, unsigned version, char *const settings[]);

#endif
