/*
 * cooper features: what this program can do, for an engine to read before it asks for it.
 *
 * What must hold: it says nothing that the config's own tables do not say; so the lists are taken
 * from there. What the host lacks is no matter here: the document is about the program.
 */
#include <ctype.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

#include "6-oci/config_tables.h"
#include "6-oci/mount_options.h"
#include "7-runtime/process/seccomp_numbers.h"
#include "7-runtime/systemd/property.h"
#include "7-runtime/verbs/verbs.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/version.h"

static struct json_object *add_object(struct json_object *to, const char *name)
{
	struct json_object *object = json_object_new_object();
	json_object_object_add(to, name, object);
	return object;
}

static struct json_object *add_list(struct json_object *to, const char *name)
{
	struct json_object *list = json_object_new_array();
	json_object_object_add(to, name, list);
	return list;
}

static void add_text(struct json_object *to, const char *name, const char *text)
{
	json_object_object_add(to, name, json_object_new_string(text));
}

static void add_word(struct json_object *list, const char *word)
{
	json_object_array_add(list, json_object_new_string(word));
}

static void add_truth(struct json_object *to, const char *name)
{
	json_object_object_add(to, name, json_object_new_boolean(1));
}

/* The words that the property @path of config.json may have. */
static void add_choices(struct json_object *to, const char *name, const char *path)
{
	struct json_object *list = add_list(to, name);
	for (const struct config_choice *choice = config_choices(path); choice->name; choice++)
		add_word(list, choice->name);
}

static void add_hooks(struct json_object *features)
{
	struct json_object *list = add_list(features, "hooks");
	for (const struct property *hook = config_hooks_table.properties; hook->name; hook++)
		add_word(list, hook->name);
}

static void add_mount_options(struct json_object *features)
{
	const char *word;
	bool below;
	struct json_object *list = add_list(features, "mountOptions");
	for (size_t i = 0; (word = mount_option_word(i, &below)); i++) {
		char recursive[32];
		snprintf(recursive, sizeof(recursive), "r%s", word);
		add_word(list, word);
		if (below)
			add_word(list, recursive);
	}
}

/* Those that the library knows; of others it gives the number for a name. */
static void add_capabilities(struct json_object *to)
{
	struct json_object *list = add_list(to, "capabilities");
	for (cap_value_t capability = 0;; capability++) {
		char *name = cap_to_name(capability);
		bool known = name && !strncmp(name, "cap_", 4);
		for (char *c = name; known && *c; c++)
			*c = (char)toupper((unsigned char)*c);
		if (known)
			add_word(list, name);
		cap_free(name);
		if (!known)
			return;
	}
}

static void add_cgroups(struct json_object *to)
{
	static const char *const kinds[] = {"v1", "v2", "systemd", "systemdUser", "rdma"};
	struct json_object *cgroup = add_object(to, "cgroup");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		add_truth(cgroup, kinds[i]);
}

static void add_seccomp(struct json_object *to)
{
	struct json_object *seccomp = add_object(to, "seccomp");
	add_truth(seccomp, "enabled");
	add_choices(seccomp, "actions", "linux.seccomp.defaultAction");
	add_choices(seccomp, "operators", "linux.seccomp.syscalls.args.op");
	add_choices(seccomp, "archs", "linux.seccomp.architectures");
	add_choices(seccomp, "knownFlags", "linux.seccomp.flags");
	add_choices(seccomp, "supportedFlags", "linux.seccomp.flags");
}

static void add_linux(struct json_object *features)
{
	static const char *const enabled[] = {"apparmor", "selinux", "intelRdt", "netDevices"};
	struct json_object *to = add_object(features, "linux");
	add_choices(to, "namespaces", "linux.namespaces.type");
	add_capabilities(to);
	add_cgroups(to);
	add_seccomp(to);
	for (size_t i = 0; i < sizeof(enabled) / sizeof(*enabled); i++)
		add_truth(add_object(to, enabled[i]), "enabled");
	struct json_object *rdt = json_object_object_get(to, "intelRdt");
	add_truth(rdt, "schemata");
	add_truth(rdt, "monitoring");
	struct json_object *policy = add_object(to, "memoryPolicy");
	add_choices(policy, "modes", "linux.memoryPolicy.mode");
	add_choices(policy, "flags", "linux.memoryPolicy.flags");
	add_truth(add_object(add_object(to, "mountExtensions"), "idmap"), "enabled");
}

static void add_annotations(struct json_object *features)
{
	char version[TABLES_VERSION_SIZE];
	syscall_tables_version(version);
	struct json_object *annotations = add_object(features, "annotations");
	add_text(annotations, "org.cooper.version", COOPER_VERSION);
	/* Names that engines know. */
	add_text(annotations, "io.github.seccomp.libseccomp.version", version);
	add_text(annotations, "org.opencontainers.runc.checkpoint.enabled", "true");
}

static int features(char **operands)
{
	(void)operands;
	struct json_object *features = json_object_new_object();
	add_text(features, "ociVersionMin", "1.0.0");
	add_text(features, "ociVersionMax", "1.3.0");
	add_hooks(features);
	add_mount_options(features);
	add_linux(features);
	add_annotations(features);
	add_word(add_list(features, "potentiallyUnsafeConfigAnnotations"), PROPERTY_PREFIX);
	puts(json_object_to_json_string_ext(features,
		JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(features);
	return 0;
}

static const struct flag_group groups[] = {{}};

const struct verb verb_features = {
	.name = "features",
	.run = features,
	.summary = "print what this runtime can do",
	.usage = "features",
	.about = "Prints the features document of the runtime specification, as JSON.",
	.groups = groups,
};
