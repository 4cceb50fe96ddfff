/* The options of a mount, from the words of config.json to what the kernel is told. */
#ifndef STAGE6_MOUNT_OPTIONS_H
#define STAGE6_MOUNT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "3-rootfs/mount.h"
#include "6-oci/config.h"

/* Whether the stage @stage does the option: all there are, but a few that need more. */
bool mount_option_is_done(const char *option, int stage);

/* Whether the option is listed. */
bool mount_has_option(const struct config_mount *mount, const char *option);

/* Whether it shows what is mounted elsewhere: "bind" or "rbind" is listed, or is the type. */
bool mount_is_bind(const struct config_mount *mount);

/*
 * The options that are no filesystem's own, one after the other; NULL after the last. *@below:
 * whether there is one with an r in front, too, for the mounts below.
 */
const char *mount_option_word(size_t index, bool *below);

/*
 * Fills @mount from @asked. Words that are no options of every mount are the filesystem's own and
 * go to @mount->data, in fresh memory (free it). A bind mount has no use for such; they are passed
 * over, with a warning. Returns 0, or -1 with the error set. See mounts in config.md, "Linux mount
 * options".
 */
int mount_options_read(const struct config_mount *asked, struct mount *mount);

#endif
