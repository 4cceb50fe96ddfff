/*
 * The words are those of mount(8), and the table says what each does. Three kinds are told apart:
 * attributes of the mount (nosuid), which belong to the place and not to the filesystem; the
 * propagation between copies of the mount; and all the rest, which is the filesystem's own affair.
 * An r in front makes an attribute hold for the mounts below, too.
 */
#include "6-oci/mount_options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "common/error.h"
#include "common/text.h"

enum word_kind {
	ATTRIBUTE, /* sets and clears attributes */
	PROPAGATION,
	BIND,
	NOTHING, /* the default, or what has no meaning for a new mount */
};

/* Times of access are one field of the attributes, not bits: to set one the field is cleared. */
#define ATIME MOUNT_ATTR__ATIME

static const struct word {
	const char *word;
	enum word_kind kind;
	uint64_t set, clear; /* of a propagation: what it is */
	bool recursive;
} words[] = {
	{"defaults", NOTHING},
	{"remount", NOTHING},
	{"bind", BIND},
	{"rbind", BIND, .recursive = true},
	{"ro", ATTRIBUTE, MOUNT_ATTR_RDONLY},
	{"rw", ATTRIBUTE, 0, MOUNT_ATTR_RDONLY},
	{"nosuid", ATTRIBUTE, MOUNT_ATTR_NOSUID},
	{"suid", ATTRIBUTE, 0, MOUNT_ATTR_NOSUID},
	{"nodev", ATTRIBUTE, MOUNT_ATTR_NODEV},
	{"dev", ATTRIBUTE, 0, MOUNT_ATTR_NODEV},
	{"noexec", ATTRIBUTE, MOUNT_ATTR_NOEXEC},
	{"exec", ATTRIBUTE, 0, MOUNT_ATTR_NOEXEC},
	{"nosymfollow", ATTRIBUTE, MOUNT_ATTR_NOSYMFOLLOW},
	{"symfollow", ATTRIBUTE, 0, MOUNT_ATTR_NOSYMFOLLOW},
	{"nodiratime", ATTRIBUTE, MOUNT_ATTR_NODIRATIME},
	{"diratime", ATTRIBUTE, 0, MOUNT_ATTR_NODIRATIME},
	{"noatime", ATTRIBUTE, MOUNT_ATTR_NOATIME, ATIME},
	{"atime", ATTRIBUTE, MOUNT_ATTR_RELATIME, ATIME},
	{"relatime", ATTRIBUTE, MOUNT_ATTR_RELATIME, ATIME},
	{"norelatime", ATTRIBUTE, MOUNT_ATTR_STRICTATIME, ATIME},
	{"strictatime", ATTRIBUTE, MOUNT_ATTR_STRICTATIME, ATIME},
	{"nostrictatime", ATTRIBUTE, MOUNT_ATTR_RELATIME, ATIME},
	{"private", PROPAGATION, MS_PRIVATE},
	{"rprivate", PROPAGATION, MS_PRIVATE, .recursive = true},
	{"shared", PROPAGATION, MS_SHARED},
	{"rshared", PROPAGATION, MS_SHARED, .recursive = true},
	{"slave", PROPAGATION, MS_SLAVE},
	{"rslave", PROPAGATION, MS_SLAVE, .recursive = true},
	{"unbindable", PROPAGATION, MS_UNBINDABLE},
	{"runbindable", PROPAGATION, MS_UNBINDABLE, .recursive = true},
};

static const struct word *find(const char *name)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i].word, name))
			return &words[i];
	return NULL;
}

/* "rro", "rnosuid": an attribute for the mounts below, too. */
static const struct word *find_recursive(const char *name)
{
	const struct word *word = name[0] == 'r' ? find(name + 1) : NULL;
	return word && word->kind == ATTRIBUTE ? word : NULL;
}

/* A later word takes back an earlier one: "ro,rw" is rw. */
static void change(uint64_t *set, uint64_t *clear, const struct word *word)
{
	*set = (*set & ~word->clear) | word->set;
	*clear = (*clear & ~word->set) | word->clear;
}

static void apply(const struct word *word, struct mount *mount)
{
	switch (word->kind) {
	case ATTRIBUTE:
		change(&mount->set, &mount->clear, word);
		break;
	case PROPAGATION:
		mount->propagation = word->set;
		mount->propagation_below = word->recursive;
		break;
	case BIND:
		mount->type = NULL;
		mount->recursive = word->recursive;
		break;
	case NOTHING:
		break;
	}
}

bool mount_option_is_done(const char *word)
{
	static const char *const later[] = {"idmap", "ridmap", "tmpcopyup", "copy-symlink"};
	for (size_t i = 0; i < sizeof(later) / sizeof(*later); i++)
		if (!strcmp(word, later[i]))
			return false;
	return true;
}

static int add_data(char **data, const char *option)
{
	char *longer = text_format("%s%s%s", *data ? *data : "", *data ? "," : "", option);
	if (!longer)
		return -1;
	free(*data);
	*data = longer;
	return 0;
}

int mount_options_read(const struct config_mount *asked, struct mount *mount)
{
	char *data = NULL;
	*mount = (struct mount){
		.destination = asked->destination,
		.type = asked->type && strcmp(asked->type, "bind") != 0 ? asked->type : NULL,
		.source = asked->source,
	};
	for (size_t i = 0; i < asked->options.count; i++) {
		const char *option = asked->options.items[i];
		const struct word *word = find(option), *recursive = find_recursive(option);
		int done = 0;
		if (word)
			apply(word, mount);
		else if (recursive)
			change(&mount->set_below, &mount->clear_below, recursive);
		else
			done = add_data(&data, option);
		if (done < 0) {
			free(data);
			return -1;
		}
	}
	mount->data = data;
	/* A bind mount shows a filesystem that exists: there is nobody to give options to. */
	if (!mount->type && data)
		return fail("options: a bind mount does not know \"%s\"", data);
	return 0;
}
