/*
 * The options of a mount, words with a comma between; the first word is the type.
 *
 * What must hold: what comes out is what mount_setattr(2) takes. Nothing is set and cleared at once
 * but for the times of access, which are a field; a bind mount has no options for a filesystem; and
 * to say it all twice changes nothing.
 */
#include "fuzz.h"

#include <sys/mount.h>

#include "6-oci/mount_options.h"

enum { WORDS_MOST = 64 };

static const uint64_t attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
				   MOUNT_ATTR_NOEXEC | MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME |
				   MOUNT_ATTR_NOSYMFOLLOW;

static void check_attributes(uint64_t set, uint64_t clear)
{
	uint64_t time = set & MOUNT_ATTR__ATIME;
	must(((set | clear) & ~attributes) == 0);
	must((set & clear & ~(uint64_t)MOUNT_ATTR__ATIME) == 0);
	must((clear & MOUNT_ATTR__ATIME) == 0 || (clear & MOUNT_ATTR__ATIME) == MOUNT_ATTR__ATIME);
	must(time == 0 || (clear & MOUNT_ATTR__ATIME) == MOUNT_ATTR__ATIME);
	must(time == 0 || time == MOUNT_ATTR_NOATIME || time == MOUNT_ATTR_STRICTATIME);
}

static void check(const struct config_mount *asked, const struct mount *mount)
{
	uint64_t propagation = mount->propagation;
	check_attributes(mount->set, mount->clear);
	check_attributes(mount->set_below, mount->clear_below);
	must(propagation == 0 || propagation == MS_SHARED || propagation == MS_SLAVE ||
		propagation == MS_PRIVATE || propagation == MS_UNBINDABLE);
	must(propagation || !mount->propagation_below);
	must(mount_is_bind(asked) == !mount->type);
	must(mount->type || !mount->data);
	/* An attribute never ends up among the words for the filesystem. */
	must(!mount->data || *mount->data);
	must(!mount->data || strcmp(mount->data, "ro") != 0);
}

static void check_twice(struct config_mount *asked, const struct mount *once)
{
	struct mount twice;
	for (size_t i = 0; i < asked->options.count; i++)
		asked->options.items[asked->options.count + i] = asked->options.items[i];
	asked->options.count *= 2;
	must(mount_options_read(asked, &twice) == 0);
	must(twice.set == once->set && twice.clear == once->clear);
	must(twice.set_below == once->set_below && twice.clear_below == once->clear_below);
	must(twice.propagation == once->propagation && twice.recursive == once->recursive);
	must(!twice.data == !once->data);
	free((char *)twice.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text, *items[2 * WORDS_MOST];
	struct config_mount asked = {.destination = "/a", .source = "/s", .options.items = items};
	struct mount mount;
	asked.type = strsep(&rest, ",");
	for (char *word; asked.options.count < WORDS_MOST && (word = strsep(&rest, ","));) {
		mount_option_is_done(word, 3);
		items[asked.options.count++] = word;
	}
	bool failed = mount_options_read(&asked, &mount) < 0;
	fuzz_expect_error(failed);
	must(!failed || mount_is_bind(&asked));
	if (!failed) {
		check(&asked, &mount);
		check_twice(&asked, &mount);
		free((char *)mount.data);
	}
	free(text);
	return 0;
}
