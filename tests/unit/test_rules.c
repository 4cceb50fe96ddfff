/*
 * The rules of the specification for a config, one by one: what has to be there, what a value may
 * be. Each line is a config that is right but for one thing, and the error that it gets. All the
 * tables count, whatever the stage.
 */
#include <json-c/json.h>

#include "6-oci/config_tables.h"
#include "6-oci/json.h"
#include "6-oci/load.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/text.h"
#include "test.h"

/* --- helpers ---------------------------------------------------------------------------------- */

struct rule {
	const char *config;
	const char *error;
};

#define ALL_NAMESPACES                                                                             \
	"\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"pid\"},{\"type\":\"user\"}],"            \
	"\"uidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1}],"                           \
	"\"gidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1}]"

/* A whole config, with these members beside what every one has. */
#define CONFIG(members)    "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"r\"}," members "}"
#define PROCESS(members)   CONFIG("\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"]," members "}")
#define LINUX(members)     CONFIG("\"linux\":{" ALL_NAMESPACES "," members "}")
#define RESOURCES(members) LINUX("\"resources\":{" members "}")
#define MOUNT(members)     CONFIG("\"linux\":{" ALL_NAMESPACES "},\"mounts\":[{" members "}]")

static void decode_text(const char *text, struct config_errors *errors)
{
	struct json_object *json = json_parse("config.json", text, strlen(text));
	if (!json)
		print_error("%s\n", text);
	assert_non_null(json);
	config_free(config_decode(json, STAGE_ANY, errors));
	json_object_put(json);
}

static bool has_error(const struct config_errors *errors, const char *expected)
{
	for (size_t i = 0; i < errors->kept; i++)
		if (!strncmp(errors->lines[i], expected, strlen(expected)))
			return true;
	return false;
}

/* Each config gets an error that begins so. */
static void assert_rules(const struct rule *rules)
{
	for (; rules->config; rules++) {
		struct config_errors errors = {};
		decode_text(rules->config, &errors);
		bool found = has_error(&errors, rules->error);
		if (!found) {
			print_error("%s\nexpected: %s\n", rules->config, rules->error);
			config_errors_print(&errors, stderr, "found: ");
		}
		assert_true(found);
		config_errors_free(&errors);
	}
}

static void assert_right(const char *text)
{
	struct config_errors errors = {};
	decode_text(text, &errors);
	config_errors_print(&errors, stderr, "found: ");
	assert_int_equal(errors.count, 0);
	config_errors_free(&errors);
}

/* --- what has to be there --------------------------------------------------------------------- */

/* spec: config:specification-version-1 config:root-3 config:root-4 config:mounts-2 */
/* spec: config:process-3 config:process-4 config:process-6 config:valid-values-1 */
/* spec: config:posix-process-1 config:posix-process-4 config:posix-process-6 */
/* spec: config:linux-process-5 config:linux-process-6 config:linux-process-7 */
/* spec: config:posix-platform-hooks-1 */
static void what_is_required_is_missed(void **state)
{
	(void)state;
	assert_rules((const struct rule[]){
		{"{\"root\":{\"path\":\"r\"}}", "ociVersion: missing"},
		{"{\"ociVersion\":\"1.3.0\"}", "root: missing"},
		{"{\"ociVersion\":\"1.3.0\",\"root\":{}}", "root.path: missing"},
		{MOUNT("\"type\":\"tmpfs\""), "mounts[0].destination: missing"},
		{PROCESS("\"consoleSize\":{\"width\":1}"), "process.consoleSize.height: missing"},
		{PROCESS("\"consoleSize\":{\"height\":1}"), "process.consoleSize.width: missing"},
		{CONFIG("\"process\":{\"args\":[\"sh\"]}"), "process.cwd: missing"},
		{CONFIG("\"process\":{\"cwd\":\"/\"}"), "process.args: expected a command"},
		{CONFIG("\"process\":{\"cwd\":\"/\",\"args\":[]}"),
			"process.args: expected a command"},
		{PROCESS("\"rlimits\":[{\"soft\":1,\"hard\":1}]"),
			"process.rlimits[0].type: missing"},
		{PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"hard\":1}]"),
			"process.rlimits[0].soft: missing"},
		{PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":1}]"),
			"process.rlimits[0].hard: missing"},
		{PROCESS("\"scheduler\":{\"nice\":1}"), "process.scheduler.policy: missing"},
		{PROCESS("\"ioPriority\":{\"priority\":1}"), "process.ioPriority.class: missing"},
		{PROCESS("\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\"}"),
			"process.ioPriority.priority: missing"},
		{CONFIG("\"hooks\":{\"prestart\":[{\"timeout\":1}]}"),
			"hooks.prestart[0].path: missing"},
		{CONFIG("\"hooks\":{\"createRuntime\":[{\"timeout\":1}]}"),
			"hooks.createRuntime[0].path: missing"},
		{},
	});
}

/* spec: config-linux:namespaces-1 config-linux:user-namespace-mappings-1 */
/* spec: config-linux:devices-2 config-linux:devices-3 config-linux:devices-5 */
/* spec: config-linux:seccomp-1 config-linux:seccomp-10 config-linux:seccomp-12 */
/* spec: config-linux:seccomp-14 config-linux:memory-policy-1 config-linux:personality-1 */
static void what_is_required_in_linux_is_missed(void **state)
{
	(void)state;

#define DEVICE(members)  LINUX("\"devices\":[{" members "}]")
#define SECCOMP(members) LINUX("\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\"," members "}")
#define ARGUMENT(members)                                                                              \
	SECCOMP("\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_KILL\",\"args\":[{" members \
		"}]}]")
	assert_rules((const struct rule[]){
		{CONFIG("\"linux\":{\"namespaces\":[{\"path\":\"/x\"}]}"),
			"linux.namespaces[0].type: missing"},
		{CONFIG("\"linux\":{\"uidMappings\":[{\"hostID\":1,\"size\":1}]}"),
			"linux.uidMappings[0].containerID: missing"},
		{CONFIG("\"linux\":{\"uidMappings\":[{\"containerID\":1,\"size\":1}]}"),
			"linux.uidMappings[0].hostID: missing"},
		{CONFIG("\"linux\":{\"gidMappings\":[{\"containerID\":1,\"hostID\":1}]}"),
			"linux.gidMappings[0].size: missing"},
		{DEVICE("\"path\":\"/x\",\"major\":1,\"minor\":3"),
			"linux.devices[0].type: missing"},
		{DEVICE("\"type\":\"c\",\"major\":1,\"minor\":3"),
			"linux.devices[0].path: missing"},
		{DEVICE("\"type\":\"c\",\"path\":\"/x\",\"minor\":3"),
			"linux.devices[0].major: missing"},
		{DEVICE("\"type\":\"b\",\"path\":\"/x\",\"major\":3"),
			"linux.devices[0].minor: missing"},
		{LINUX("\"memoryPolicy\":{\"nodes\":\"0\"}"), "linux.memoryPolicy.mode: missing"},
		{LINUX("\"personality\":{\"flags\":[]}"), "linux.personality.domain: missing"},
		{LINUX("\"seccomp\":{\"flags\":[]}"), "linux.seccomp.defaultAction: missing"},
		{SECCOMP("\"syscalls\":[{\"action\":\"SCMP_ACT_KILL\"}]"),
			"linux.seccomp.syscalls[0].names: missing"},
		{SECCOMP("\"syscalls\":[{\"names\":[\"read\"]}]"),
			"linux.seccomp.syscalls[0].action: missing"},
		{ARGUMENT("\"value\":1,\"op\":\"SCMP_CMP_EQ\""),
			"linux.seccomp.syscalls[0].args[0].index: missing"},
		{ARGUMENT("\"index\":1,\"op\":\"SCMP_CMP_EQ\""),
			"linux.seccomp.syscalls[0].args[0].value: missing"},
		{ARGUMENT("\"index\":1,\"value\":1"),
			"linux.seccomp.syscalls[0].args[0].op: missing"},
		{},
	});
	assert_right(DEVICE("\"type\":\"p\",\"path\":\"/x\""));
}

/* spec: config-linux:allowed-device-list-2 config-linux:block-io-1 config-linux:block-io-3 */
/* spec: config-linux:huge-page-limits-1 config-linux:huge-page-limits-2 */
/* spec: config-linux:network-1 */
static void what_is_required_in_resources_is_missed(void **state)
{
	(void)state;
	assert_rules((const struct rule[]){
		{RESOURCES("\"devices\":[{\"access\":\"r\"}]"),
			"linux.resources.devices[0].allow: missing"},
		{RESOURCES("\"blockIO\":{\"weightDevice\":[{\"minor\":1,\"weight\":10}]}"),
			"linux.resources.blockIO.weightDevice[0].major: missing"},
		{RESOURCES("\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":1,\"rate\":1}]}"),
			"linux.resources.blockIO.throttleReadBpsDevice[0].minor: missing"},
		{RESOURCES("\"blockIO\":{\"throttleWriteBpsDevice\":[{\"major\":1,\"minor\":1}]}"),
			"linux.resources.blockIO.throttleWriteBpsDevice[0].rate: missing"},
		{RESOURCES("\"blockIO\":{\"throttleReadIOPSDevice\":[{\"minor\":1,\"rate\":1}]}"),
			"linux.resources.blockIO.throttleReadIOPSDevice[0].major: missing"},
		{RESOURCES("\"blockIO\":{\"throttleWriteIOPSDevice\":[{\"major\":1,\"minor\":1}]}"),
			"linux.resources.blockIO.throttleWriteIOPSDevice[0].rate: missing"},
		{RESOURCES("\"hugepageLimits\":[{\"limit\":1}]"),
			"linux.resources.hugepageLimits[0].pageSize: missing"},
		{RESOURCES("\"hugepageLimits\":[{\"pageSize\":\"2MB\"}]"),
			"linux.resources.hugepageLimits[0].limit: missing"},
		{RESOURCES("\"network\":{\"priorities\":[{\"priority\":1}]}"),
			"linux.resources.network.priorities[0].name: missing"},
		{RESOURCES("\"network\":{\"priorities\":[{\"name\":\"eth0\"}]}"),
			"linux.resources.network.priorities[0].priority: missing"},
		{},
	});
}

/* --- what a value may be ---------------------------------------------------------------------- */

/* spec: config:specification-version-2 */
static void a_version_is_a_semantic_one(void **state)
{
	(void)state;
	static const char *const right[] = {"1.0.0", "1.0.2-dev", "1.3.0", "1.99.0",
		"1.1.0-rc.3+build.7"};
	static const char *const wrong[] = {"", "1", "1.0", "v1.0.0", "1.0.0.0", "1.0.0-", "1.0.x",
		" 1.0.0", "1.0.0 ", "0.9.0", "2.0.0"};
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		_cleanup_free char *text =
			text_format("{\"ociVersion\":\"%s\",\"root\":{\"path\":\"r\"}}", right[i]);
		assert_right(text);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		_cleanup_free char *text =
			text_format("{\"ociVersion\":\"%s\",\"root\":{\"path\":\"r\"}}", wrong[i]);
		assert_rules((const struct rule[]){{text, "ociVersion: "}, {}});
	}
}

/* spec: config:process-5 config:posix-platform-hooks-2 config-linux:namespaces-3 */
/* spec: config-linux:masked-paths-1 config-linux:readonly-paths-1 config-linux:devices-3 */
static void paths_are_absolute(void **state)
{
	(void)state;
	static const char *const kinds[] = {"prestart", "createRuntime", "createContainer",
		"startContainer", "poststart", "poststop"};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		_cleanup_free char *text = text_format(
			CONFIG("\"hooks\":{\"%s\":[{\"path\":\"bin/true\"}]}"), kinds[i]);
		_cleanup_free char *error = text_format(
			"hooks.%s[0].path: expected an absolute path, found \"bin/true\"",
			kinds[i]);
		assert_rules((const struct rule[]){{text, error}, {}});
	}
	assert_rules((const struct rule[]){
		{CONFIG("\"process\":{\"cwd\":\"tmp\",\"args\":[\"sh\"]}"),
			"process.cwd: expected an absolute path, found \"tmp\""},
		{CONFIG("\"linux\":{\"namespaces\":[{\"type\":\"uts\",\"path\":\"ns\"}]}"),
			"linux.namespaces[0].path: expected an absolute path, found \"ns\""},
		{DEVICE("\"path\":\"x\",\"type\":\"c\",\"major\":1,\"minor\":3"),
			"linux.devices[0].path: expected an absolute path of a file, found \"x\""},
		{DEVICE("\"path\":\"/dev/\",\"type\":\"c\",\"major\":1,\"minor\":3"),
			"linux.devices[0].path: expected an absolute path of a file, found \"/dev/\""},
		{DEVICE("\"path\":\"/dev/..\",\"type\":\"c\",\"major\":1,\"minor\":3"),
			"linux.devices[0].path: expected an absolute path of a file, found \"/dev/..\""},
		{DEVICE("\"path\":\"/\",\"type\":\"c\",\"major\":1,\"minor\":3"),
			"linux.devices[0].path: expected an absolute path of a file, found \"/\""},
		{LINUX("\"maskedPaths\":[\"/proc\",\"x\"]"),
			"linux.maskedPaths[1]: expected an absolute path, found \"x\""},
		{LINUX("\"readonlyPaths\":[\"x\"]"),
			"linux.readonlyPaths[0]: expected an absolute path, found \"x\""},
		{},
	});
}

/* spec: config:posix-process-2 config:posix-process-8 config-linux:namespaces-8 */
/* spec: config:posix-platform-hooks-3 config:posix-platform-mounts-3 config:valid-values-1 */
/* spec: config-linux:intelrdt-7 config-linux:intelrdt-8 */
static void values_that_cannot_be_are_refused(void **state)
{
	(void)state;
#define LIMIT(name) "{\"type\":\"RLIMIT_" name "\",\"soft\":1,\"hard\":1}"
#define TIMEOUT(seconds)                                                                           \
	CONFIG("\"hooks\":{\"poststop\":[{\"path\":\"/bin/true\",\"timeout\":" seconds "}]}")
#define MAP "[{\"containerID\":0,\"hostID\":1,\"size\":1}]"
	assert_rules((const struct rule[]){
		{PROCESS("\"rlimits\":[" LIMIT("CPU") "," LIMIT("NO_SUCH") "]"),
			"process.rlimits[1].type: expected one of "},
		{PROCESS("\"rlimits\":[" LIMIT("CPU") "," LIMIT("AS") "," LIMIT("CPU") "]"),
			"process.rlimits[2].type: RLIMIT_CPU a second time"},
		{CONFIG("\"linux\":{\"namespaces\":[{\"type\":\"uts\"},{\"type\":\"pid\"},"
			"{\"type\":\"uts\",\"path\":\"/x\"}]}"),
			"linux.namespaces[2].type: uts a second time"},
		{LINUX("\"intelRdt\":{\"memBwSchema\":\"L3:0=f\"}"),
			"linux.intelRdt.memBwSchema: expected a line that begins with MB:"},
		{LINUX("\"intelRdt\":{\"memBwSchema\":\"MB:0=9\\nMB:1=9\"}"),
			"linux.intelRdt.memBwSchema: expected a line that begins with MB:"},
		{TIMEOUT("0"), "hooks.poststop[0].timeout: expected a whole number from 1"},
		{TIMEOUT("-5"), "hooks.poststop[0].timeout: expected a whole number from 1"},
		{MOUNT("\"destination\":\"/a\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],"
		       "\"uidMappings\":" MAP),
			"mounts[0].gidMappings: missing"},
		{MOUNT("\"destination\":\"/a\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],"
		       "\"gidMappings\":" MAP),
			"mounts[0].uidMappings: missing"},
		{},
	});
}

/* spec: config:annotations-1 config:annotations-3 config:annotations-10 config:annotations-11 */
static void annotations_are_strings_with_names(void **state)
{
	(void)state;
	assert_right(
		CONFIG("\"annotations\":{\"org.opencontainers.of.tomorrow\":\"\",\"x\":\"y\"}"));
	assert_right(CONFIG("\"annotations\":{}"));
	assert_rules((const struct rule[]){
		{CONFIG("\"annotations\":[\"a\"]"), "annotations: expected an object"},
		{CONFIG("\"annotations\":{\"\":\"value\"}"), "annotations[\"\"]: "},
		{CONFIG("\"annotations\":{\"a\":5}"), "annotations[\"a\"]: expected a string"},
		{},
	});
}

/* spec: config:extensibility-1 */
static void what_nobody_knows_is_ignored_everywhere(void **state)
{
	(void)state;
	assert_right(CONFIG("\"x\":1,\"windows\":{\"y\":[]},\"vm\":5,"
			    "\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"],\"x\":{},"
			    "\"user\":{\"x\":1,\"username\":\"u\"},\"commandLine\":\"c\"},"
			    "\"hooks\":{\"x\":[],\"prestart\":[{\"path\":\"/a\",\"x\":0}]},"
			    "\"linux\":{" ALL_NAMESPACES ",\"x\":null,\"resources\":{\"x\":1,"
			    "\"memory\":{\"x\":true}}}"));
}

/* spec: glossary:json-1 glossary:json-2 */
static void json_is_utf8_and_has_a_name_once(void **state)
{
	(void)state;
	static const char *const wrong[] = {"{\"ociVersion\":\"1.3.0\xff\"}",
		"{\"ociVersion\":\"1.3.0\",\"a\":1,\"ociVersion\":\"1.3.0\"}"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_null(json_parse("config.json", wrong[i], strlen(wrong[i])));
		error_clear();
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		test(what_is_required_is_missed),
		test(what_is_required_in_linux_is_missed),
		test(what_is_required_in_resources_is_missed),
		test(a_version_is_a_semantic_one),
		test(paths_are_absolute),
		test(values_that_cannot_be_are_refused),
		test(annotations_are_strings_with_names),
		test(what_nobody_knows_is_ignored_everywhere),
		test(json_is_utf8_and_has_a_name_once),
	};
	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
