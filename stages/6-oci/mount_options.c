/*
 * The words are those of mount(8), and the table says what each does. Three kinds are told apart:
 * attributes of the mount (nosuid), which belong to the place and not to the filesystem; the
 * propagation between copies of the mount; and all the rest, which is the filesystem's own affair.
 * An r in front makes an attribute hold for the mounts below, too.
 *
 * Some of the rest every filesystem knows (sync). They are few, and fsconfig(2) takes them by these
 * names; they are listed since a bind mount, which brings a filesystem that is mounted already, may
 * be told only that they are off.
 */
#include "6-oci/mount_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "common/cleanup.h"
#include "common/error.h"

enum word_kind {
	ATTRIBUTE, /* sets and clears attributes */
	PROPAGATION,
	BIND,
	FILESYSTEM, /* its own, off unless it is asked for */
	OFF,        /* and the word that says so */
	NOTHING,    /* the default, or what the kernel decides by itself */
	SPECIAL,    /* done by a module of its own */
};

/* Times of access are one field of the attributes, not bits: to set one the field is cleared. */
#define ATIME MOUNT_ATTR__ATIME

static const struct word {
	const char *word;
	enum word_kind kind;
	uint64_t set, clear; /* of a propagation: what it is */
	bool recursive;
	int since; /* the first stage that does it */
} words[] = {
	{"defaults", NOTHING},
	/* fsopen(2) hands the kernel's notes to its caller: there is nothing to silence. */
	{"silent", NOTHING},
	{"loud", NOTHING},
	/* Since Linux 6.1 a filesystem that can count the changes of a file does so always. */
	{"iversion", NOTHING},
	{"noiversion", NOTHING},
	/* Of mount(8) itself, for the mounts that the system makes when it starts. */
	{"auto", NOTHING},
	{"noauto", NOTHING},
	{"_netdev", NOTHING},
	{"sync", FILESYSTEM},
	{"async", OFF},
	{"dirsync", FILESYSTEM},
	{"lazytime", FILESYSTEM},
	{"nolazytime", OFF},
	{"mand", FILESYSTEM},
	{"nomand", OFF},
	{"remount", SPECIAL, .since = 7},
	{"idmap", SPECIAL, .since = 7},
	{"ridmap", SPECIAL, .since = 7},
	{"tmpcopyup", SPECIAL, .since = 7},
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

const char *mount_option_word(size_t index, bool *below)
{
	if (index >= sizeof(words) / sizeof(*words))
		return NULL;
	*below = words[index].kind == ATTRIBUTE;
	return words[index].word;
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
		mount->recursive = word->recursive;
		break;
	case FILESYSTEM:
	case OFF:
	case NOTHING:
	case SPECIAL:
		break;
	}
}

bool mount_option_is_done(const char *option, int stage)
{
	const struct word *word = find(option);
	return !word || word->since <= stage;
}

bool mount_has_option(const struct config_mount *mount, const char *option)
{
	for (size_t i = 0; i < mount->options.count; i++)
		if (mount->options.items[i] && !strcmp(mount->options.items[i], option))
			return true;
	return false;
}

bool mount_is_bind(const struct config_mount *mount)
{
	return (mount->type && !strcmp(mount->type, "bind")) || mount_has_option(mount, "bind") ||
	       mount_has_option(mount, "rbind");
}

/* Comments for programs that read /etc/fstab: mount(8). */
static bool is_comment(const char *option)
{
	return !strncmp(option, "x-", 2) || !strncmp(option, "X-", 2);
}

/* Whether it goes to the filesystem, in the words of fsconfig(2). */
static bool is_data(const char *option, const struct word *word, bool bind)
{
	if (word)
		return word->kind == FILESYSTEM || (word->kind == OFF && !bind);
	return *option && !is_comment(option);
}

/* All options go where they belong: flags into @mount, the filesystem's own to @data. */
static void sort_options(const struct config_mount *asked, struct mount *mount, bool bind,
	FILE *data)
{
	for (size_t i = 0; i < asked->options.count; i++) {
		const char *option = asked->options.items[i];
		const struct word *word = find(option), *recursive = find_recursive(option);
		if (word)
			apply(word, mount);
		else if (recursive)
			change(&mount->set_below, &mount->clear_below, recursive);
		if (!recursive && is_data(option, word, bind))
			fprintf(data, "%s%s", ftell(data) > 0 ? "," : "", option);
	}
}

int mount_options_read(const struct config_mount *asked, struct mount *mount)
{
	char *data = NULL;
	size_t size;
	bool bind = mount_is_bind(asked);
	*mount = (struct mount){
		.destination = asked->destination,
		.type = bind ? NULL : asked->type,
		.source = asked->source,
	};
	FILE *out = open_memstream(&data, &size);
	if (!out)
		return fail("out of memory");
	sort_options(asked, mount, bind, out);
	if (fclose(out) < 0) {
		free(data);
		return fail("out of memory");
	}
	if (size == 0) {
		free(data);
		data = NULL;
	}
	/*
	 * A bind mount shows a filesystem that exists: there is nobody to give options to. As
	 * mount(2) does, it ignores them; but not in silence, since one may be a slip of the pen.
	 */
	if (bind && data) {
		warn("%s: options: a bind mount does not know \"%s\"; passed over",
			asked->destination, data);
		free(steal_pointer(&data));
	}
	mount->data = data;
	return 0;
}
