/*
 * The filters of linux.seccomp, run by a machine of our own (machines.h). What libseccomp would
 * make of the same rules is the measure, as far as it says anything: it refuses what contradicts
 * itself.
 */
#include "test.h"

#include "../machines.h"

#include <json-c/json.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <sys/mman.h>

#include "6-oci/json.h"
#include "6-oci/load.h"
#include "7-runtime/process/seccomp.h"
#include "7-runtime/process/seccomp_numbers.h"
#include "common/cleanup.h"
#include "common/text.h"

/* --- helpers ---------------------------------------------------------------------------------- */

#define stop(...) (print_error(__VA_ARGS__), assert_true(false))

struct code {
	struct sock_filter *instructions;
	size_t count;
};

/* Runs the filter on a call. */
static uint32_t outcome(const struct code *code, const struct seccomp_data *call)
{
	uint32_t result = 0;
	if (!seccomp_run(code->instructions, code->count, call, &result))
		stop("the kernel would refuse the filter\n");
	return result;
}

static struct config *config_with(const char *seccomp)
{
	_cleanup_free char *text = text_format(
		"{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"/\"},"
		"\"process\": {\"cwd\": \"/\", \"args\": [\"sh\"], \"noNewPrivileges\": true},"
		"\"linux\": {\"seccomp\": %s}}",
		seccomp);
	struct config_errors errors = {};
	struct json_object *json = json_parse("config.json", text, strlen(text));
	assert_non_null(json);
	struct config *config = config_decode(json, 7, &errors);
	json_object_put(json);
	config_errors_print(&errors, stderr, "");
	assert_int_equal(errors.count, 0);
	return config;
}

static struct code make(const struct config *config)
{
	struct seccomp_filter filter;
	assert_int_equal(seccomp_filter_make(&filter, config, config->process), 0);
	return (struct code){filter.instructions, filter.count};
}

static struct code make_from(const char *seccomp)
{
	struct config *config = config_with(seccomp);
	struct code code = make(config);
	config_free(config);
	return code;
}

static uint32_t outcome_of(const struct code *code, uint32_t arch, int number, uint64_t first,
	uint64_t second)
{
	struct seccomp_data call = {.arch = arch, .nr = number, .args = {first, second}};
	return outcome(code, &call);
}

#define NATIVE   AUDIT_ARCH_X86_64
#define ERRNO(n) (SECCOMP_RET_ERRNO | (n))
#define X32_BIT  0x40000000
#define expect(code, arch, number, first, second, wanted)                                          \
	assert_int_equal(outcome_of(code, arch, number, first, second), wanted)

/* --- against libseccomp ----------------------------------------------------------------------- */

static const char *const operators[] = {"SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ",
	"SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"};
static const enum scmp_compare compares[] = {SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_EQ,
	SCMP_CMP_GE, SCMP_CMP_GT, SCMP_CMP_MASKED_EQ};

/* Values at which comparisons of halves go wrong. */
static const uint64_t values[] = {0, 1, 5, 6, 7, 0xffffffff, 0x100000000, 0x100000005, 0x500000005,
	0x500000006, 0x600000004, 0x7fffffffffffffff, UINT64_MAX};
enum { VALUES = sizeof(values) / sizeof(*values) };

static const struct {
	const char *name;
	uint32_t id;
} foreign[] = {{"SCMP_ARCH_X86", SCMP_ARCH_X86}, {"SCMP_ARCH_X32", SCMP_ARCH_X32}};

struct rules {
	char text[1 << 16];
	scmp_filter_ctx filter;
};

static void add_rule(struct rules *rules, const char *name, int error)
{
	struct scmp_arg_cmp compared[2];
	unsigned count = (unsigned)rand() % 3;
	char *end = rules->text + strlen(rules->text);
	end += sprintf(end,
		", {\"names\": [\"%s\"], \"action\": \"SCMP_ACT_ERRNO\", "
		"\"errnoRet\": %d, \"args\": [",
		name, error);
	for (unsigned i = 0; i < count; i++) {
		int how = rand() % 7;
		uint64_t value = values[rand() % VALUES];
		uint64_t second = values[rand() % VALUES] & value;
		end += sprintf(end,
			"%s{\"index\": %u, \"op\": \"%s\", \"value\": %llu, \"valueTwo\": %llu}",
			i ? ", " : "", i, operators[how], (unsigned long long)value,
			(unsigned long long)second);
		compared[i] = (struct scmp_arg_cmp){i, compares[how], value, second};
	}
	sprintf(end, "]}");
	assert_int_equal(seccomp_rule_add_array(rules->filter, SCMP_ACT_ERRNO((unsigned)error),
				 seccomp_syscall_resolve_name(name), count, compared),
		0);
}

static struct code export(const struct rules *rules)
{
	_cleanup_fd int fd = memfd_create("filter", MFD_CLOEXEC);
	assert_int_equal(seccomp_export_bpf(rules->filter, fd), 0);
	off_t size = lseek(fd, 0, SEEK_END);
	struct code code = {malloc((size_t)size), (size_t)size / sizeof(struct sock_filter)};
	assert_int_equal(pread(fd, code.instructions, (size_t)size, 0), size);
	return code;
}

static void compare(const struct code *ours, const struct code *theirs, const char *text)
{
	static const uint32_t seen[] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64};
	for (size_t arch = 0; arch < 3; arch++)
		for (int number = -2; number < 460; number++)
			for (int i = 0; i < 12; i++) {
				struct seccomp_data call = {.arch = seen[arch],
					.nr = i % 4 == 3 ? number | X32_BIT : number,
					.args = {values[rand() % VALUES], values[rand() % VALUES]}};
				if (outcome(ours, &call) != outcome(theirs, &call))
					stop("%s\nfor %x, %d (%llx, %llx): %x, expected %x\n", text,
						call.arch, call.nr,
						(unsigned long long)call.args[0],
						(unsigned long long)call.args[1],
						outcome(ours, &call), outcome(theirs, &call));
			}
}

static void test_random_rules_do_what_libseccomp_makes_of_them(void **state)
{
	static struct rules rules;
	(void)state;
	srand(1);
	for (int round = 0; round < 60; round++) {
		rules.filter = seccomp_init(SCMP_ACT_ALLOW);
		seccomp_attr_set(rules.filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
		char *end = rules.text;
		end += sprintf(end, "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [");
		for (int i = 0, n = 0; i < 2; i++)
			if (round & 1 << i) {
				seccomp_arch_add(rules.filter, foreign[i].id);
				end += sprintf(end, "%s\"%s\"", n++ ? ", " : "", foreign[i].name);
			}
		sprintf(end, "], \"syscalls\": [{\"names\": [\"nosuch\"], \"action\": "
			     "\"SCMP_ACT_ALLOW\"}");
		/* (Calls that i386 shares say nothing of their arguments: see below.) */
		for (int number = rand() % 30; number < 330; number += 1 + rand() % 30) {
			_cleanup_free char *name =
				seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, number);
			if (name && seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, name) > -100)
				add_rule(&rules, name, 1 + number);
		}
		strcat(rules.text, "]}");
		struct code theirs = export(&rules), ours = make_from(rules.text);
		compare(&ours, &theirs, rules.text);
		free(ours.instructions);
		free(theirs.instructions);
		seccomp_release(rules.filter);
	}
}

/* --- where libseccomp says nothing ------------------------------------------------------------ */

#define RULE(name, action, more)                                                                   \
	"{\"names\": [\"" name "\"], \"action\": \"SCMP_ACT_" action "\"" more "}"
#define IF(index, value)                                                                           \
	", \"args\": [{\"index\": " #index ", \"op\": \"SCMP_CMP_EQ\", \"value\": " #value "}]"
#define BY_DEFAULT(action, rules)                                                                  \
	"{\"defaultAction\": \"SCMP_ACT_" action                                                   \
	"\", \"architectures\": [\"SCMP_ARCH_X86\"], \"syscalls\": [" rules "]}"

enum { SEEK = 8, SEEK_X86 = 19, SOCKET = 41, SOCKET_X86 = 359, SOCKETCALL = 102, IPC = 117 };

static void test_the_first_rule_whose_conditions_hold_decides(void **state)
{
	(void)state;
	struct code code = make_from(BY_DEFAULT("ERRNO",
		RULE("lseek", "ALLOW", "") "," RULE("lseek", "KILL", IF(0, 7)) "," RULE("lseek",
			"TRAP",
			IF(1, 8)) "," RULE("lseek", "ERRNO", "") "," RULE("lseek", "LOG", "")));
	expect(&code, NATIVE, SEEK, 7, 8, SECCOMP_RET_KILL_THREAD);
	expect(&code, NATIVE, SEEK, 6, 8, SECCOMP_RET_TRAP);
	expect(&code, NATIVE, SEEK, 6, 7, SECCOMP_RET_LOG);
	expect(&code, NATIVE, SEEK + 1, 7, 8, ERRNO(EPERM));
	expect(&code, AUDIT_ARCH_I386, SEEK_X86, 7, 8, SECCOMP_RET_KILL_THREAD);
	expect(&code, AUDIT_ARCH_I386, SEEK, 7, 8, ERRNO(EPERM));
	free(code.instructions);
}

static void test_a_rule_like_the_default_holds_under_its_conditions(void **state)
{
	(void)state;
	struct code code = make_from(BY_DEFAULT("ERRNO",
		RULE("lseek", "ERRNO", IF(0, 7)) "," RULE("lseek", "ALLOW", "")));
	expect(&code, NATIVE, SEEK, 7, 0, ERRNO(EPERM));
	expect(&code, NATIVE, SEEK, 6, 0, SECCOMP_RET_ALLOW);
	free(code.instructions);
}

static void test_two_conditions_on_one_argument_are_two_rules(void **state)
{
	(void)state;
	struct code code = make_from(BY_DEFAULT("ALLOW",
		RULE("lseek", "ERRNO",
			", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_EQ\", \"value\": 7},"
			"{\"index\": 0, \"op\": \"SCMP_CMP_EQ\", \"value\": 9}]")));
	expect(&code, NATIVE, SEEK, 7, 0, ERRNO(EPERM));
	expect(&code, NATIVE, SEEK, 9, 0, ERRNO(EPERM));
	expect(&code, NATIVE, SEEK, 8, 0, SECCOMP_RET_ALLOW);
	free(code.instructions);
}

static void test_a_shared_call_gets_the_most_lenient_of_its_rules(void **state)
{
	(void)state;
	struct code code = make_from(BY_DEFAULT("KILL",
		RULE("socket", "ERRNO", IF(0, 16)) "," RULE("socket", "ALLOW",
			IF(0, 1)) "," RULE("socket", "TRAP", IF(0, 2)) "," RULE("bind", "ERRNO",
			"") "," RULE("shmctl", "ALLOW", "")));
	expect(&code, NATIVE, SOCKET, 16, 0, ERRNO(EPERM));
	expect(&code, AUDIT_ARCH_I386, SOCKET_X86, 16, 0, ERRNO(EPERM));
	expect(&code, AUDIT_ARCH_I386, SOCKET_X86, 1, 0, SECCOMP_RET_ALLOW);
	expect(&code, AUDIT_ARCH_I386, SOCKETCALL, 1, 16, SECCOMP_RET_ALLOW);
	expect(&code, AUDIT_ARCH_I386, SOCKETCALL, 2, 0, ERRNO(EPERM));
	expect(&code, AUDIT_ARCH_I386, SOCKETCALL, 3, 0, SECCOMP_RET_KILL_THREAD);
	expect(&code, AUDIT_ARCH_I386, IPC, 24, 0, SECCOMP_RET_ALLOW);
	/* With a version in its upper half it is the same call. */
	expect(&code, AUDIT_ARCH_I386, IPC, 0x10018, 0, SECCOMP_RET_ALLOW);
	expect(&code, AUDIT_ARCH_I386, IPC, 23, 0, SECCOMP_RET_KILL_THREAD);
	free(code.instructions);
}

static void test_what_is_newer_than_libseccomp(void **state)
{
	(void)state;
	struct code code = make_from(BY_DEFAULT("ALLOW", RULE("file_setattr", "ERRNO", "")));
	expect(&code, NATIVE, 469, 0, 0, ERRNO(EPERM));
	expect(&code, AUDIT_ARCH_I386, 469, 0, 0, ERRNO(EPERM));
	expect(&code, NATIVE, 468, 0, 0, SECCOMP_RET_ALLOW);
	expect(&code, NATIVE, X32_BIT | 469, 0, 0, SECCOMP_RET_KILL_PROCESS);
	expect(&code, NATIVE, -1, 0, 0, SECCOMP_RET_ALLOW);
	free(code.instructions);
}

static void test_a_call_newer_than_the_config_does_not_exist(void **state)
{
	(void)state;
	struct code code = make_from(BY_DEFAULT("ERRNO", RULE("openat2", "ALLOW", "")));
	expect(&code, NATIVE, 437, 0, 0, SECCOMP_RET_ALLOW);
	expect(&code, NATIVE, 436, 0, 0, ERRNO(EPERM));
	expect(&code, NATIVE, 438, 0, 0, ERRNO(ENOSYS));
	expect(&code, AUDIT_ARCH_I386, 438, 0, 0, ERRNO(ENOSYS));
	expect(&code, NATIVE, X32_BIT | 438, 0, 0, SECCOMP_RET_KILL_PROCESS);
	expect(&code, NATIVE, -1, 0, 0, ERRNO(EPERM));
	free(code.instructions);
	/* One that is named is known, though its rule says nothing. */
	code = make_from(BY_DEFAULT("ERRNO", RULE("file_setattr", "ERRNO", "")));
	expect(&code, NATIVE, 469, 0, 0, ERRNO(EPERM));
	expect(&code, NATIVE, 470, 0, 0, ERRNO(ENOSYS));
	free(code.instructions);
	/* What has been there for long is no news. */
	code = make_from(BY_DEFAULT("ERRNO", RULE("lseek", "ALLOW", "")));
	expect(&code, NATIVE, 423, 0, 0, ERRNO(EPERM));
	expect(&code, NATIVE, 424, 0, 0, ERRNO(ENOSYS));
	free(code.instructions);
	code = make_from(BY_DEFAULT("KILL", RULE("lseek", "ALLOW", "")));
	expect(&code, NATIVE, 500, 0, 0, SECCOMP_RET_KILL_THREAD);
	free(code.instructions);
}

/* Jumps that are too long for one instruction, in both directions of a comparison. */
static void test_a_long_filter(void **state)
{
	(void)state;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fprintf(out, "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [");
	for (unsigned i = 0; i < 700; i++)
		fprintf(out,
			"%s{\"names\": [\"lseek\"], \"action\": \"SCMP_ACT_ERRNO\", "
			"\"errnoRet\": %u, \"args\": [{\"index\": 1, \"value\": %u, "
			"\"op\": \"SCMP_CMP_EQ\"}]}",
			i ? ", " : "", 1 + i, i);
	fprintf(out, "]}");
	fclose(out);
	struct code code = make_from(text);
	assert_true(code.count > 2500);
	for (unsigned i = 0; i < 700; i++)
		expect(&code, NATIVE, SEEK, 0, i, ERRNO(1 + i));
	expect(&code, NATIVE, SEEK, 0, 700, SECCOMP_RET_ALLOW);
	expect(&code, NATIVE, 0, 0, 5, SECCOMP_RET_ALLOW);
	expect(&code, NATIVE, 400, 0, 5, SECCOMP_RET_ALLOW);
	expect(&code, AUDIT_ARCH_I386, SEEK_X86, 0, 700, SECCOMP_RET_KILL_PROCESS);
	free(code.instructions);
	free(text);
}

static void test_every_architecture_has_its_row(void **state)
{
	(void)state;
	struct config *config = config_with(
		"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"SCMP_ARCH_X86\", "
		"\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X32\", \"SCMP_ARCH_ARM\", \"SCMP_ARCH_AARCH64\", "
		"\"SCMP_ARCH_MIPS\", \"SCMP_ARCH_MIPS64\", \"SCMP_ARCH_MIPS64N32\", "
		"\"SCMP_ARCH_MIPSEL\", \"SCMP_ARCH_MIPSEL64\", \"SCMP_ARCH_MIPSEL64N32\", "
		"\"SCMP_ARCH_PPC\", \"SCMP_ARCH_PPC64\", \"SCMP_ARCH_PPC64LE\", \"SCMP_ARCH_S390\", "
		"\"SCMP_ARCH_S390X\", \"SCMP_ARCH_PARISC\", \"SCMP_ARCH_PARISC64\", "
		"\"SCMP_ARCH_RISCV64\", \"SCMP_ARCH_LOONGARCH64\", \"SCMP_ARCH_M68K\", "
		"\"SCMP_ARCH_SH\", \"SCMP_ARCH_SHEB\"]}");
	const struct config_words *listed = &config->linux.seccomp->architectures;
	assert_int_equal(listed->count, architecture_count);
	for (size_t i = 0; i < listed->count; i++) {
		size_t rows = 0;
		for (size_t j = 0; j < architecture_count; j++)
			rows += architectures[j].id == listed->items[i]->value;
		assert_int_equal(rows, 1);
	}
	struct code code = make(config);
	/* Those of other machines cost nothing. */
	assert_true(code.count < 20);
	free(code.instructions);
	config_free(config);
}

static void test_the_numbers_of_other_architectures(void **state)
{
	static const struct {
		uint32_t id;
		const char *name;
		int64_t direct, shared;
		uint32_t selector;
	} expected[] = {
		{SCMP_ARCH_X86_64, "socket", 41, -1, 0},
		{SCMP_ARCH_X32, "read", X32_BIT, -1, 0},
		{SCMP_ARCH_X32, "mseal", X32_BIT + 462, -1, 0},
		{SCMP_ARCH_X86, "socket", 359, 102, 1},
		{SCMP_ARCH_X86, "accept", -1, 102, 5},
		{SCMP_ARCH_X86, "semop", -1, 117, 1},
		{SCMP_ARCH_X86, "shmctl", 396, 117, 24},
		{SCMP_ARCH_ARM, "socket", 281, -1, 0},
		{SCMP_ARCH_ARM, "arch_prctl", -1, -1, 0},
		{SCMP_ARCH_AARCH64, "mseal", 462, -1, 0},
		{SCMP_ARCH_MIPS, "socket", 4183, 4102, 1},
		{SCMP_ARCH_MIPS64, "mseal", 5462, -1, 0},
		{SCMP_ARCH_S390X, "socket", 359, 102, 1},
		{SCMP_ARCH_PPC64LE, "socket", 326, 102, 1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		for (size_t j = 0; j < architecture_count; j++) {
			struct syscall_memory memory = {};
			struct syscall_number number;
			if (architectures[j].id != expected[i].id)
				continue;
			assert_true(syscall_find(&architectures[j], &memory, expected[i].name,
				&number));
			assert_int_equal(number.direct, expected[i].direct);
			assert_int_equal(number.shared, expected[i].shared);
			assert_int_equal(number.selector, expected[i].selector);
		}
}

static unsigned long flags_of(const char *action, const char *flags)
{
	_cleanup_free char *text = text_format("{\"defaultAction\": \"SCMP_ACT_ALLOW\", "
					       "\"listenerPath\": \"/agent\", \"flags\": [%s], "
					       "\"syscalls\": [{\"names\": [\"acct\"], "
					       "\"action\": \"%s\"}]}",
		flags, action);
	struct config *config = config_with(text);
	struct seccomp_filter filter;
	assert_int_equal(seccomp_filter_make(&filter, config, config->process), 0);
	unsigned long result = filter.flags;
	seccomp_filter_free(&filter);
	config_free(config);
	return result;
}

static void test_flags(void **state)
{
	static const char all[] = "\"SECCOMP_FILTER_FLAG_TSYNC\", \"SECCOMP_FILTER_FLAG_LOG\", "
				  "\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\", "
				  "\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"";
	(void)state;
	assert_int_equal(flags_of("SCMP_ACT_ERRNO", ""), 0);
	assert_int_equal(flags_of("SCMP_ACT_ERRNO", all), SECCOMP_FILTER_FLAG_TSYNC |
								  SECCOMP_FILTER_FLAG_LOG |
								  SECCOMP_FILTER_FLAG_SPEC_ALLOW);
	assert_int_equal(flags_of("SCMP_ACT_NOTIFY", ""), SECCOMP_FILTER_FLAG_NEW_LISTENER);
	/* The kernel wants ESRCH beside the two. */
	assert_int_equal(flags_of("SCMP_ACT_NOTIFY", all),
		SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH |
			SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW |
			SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV | SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

int main(void)
{
	if (seccomp_arch_native() != SCMP_ARCH_X86_64)
		return 0;
	const struct CMUnitTest tests[] = {
		test(test_random_rules_do_what_libseccomp_makes_of_them),
		test(test_the_first_rule_whose_conditions_hold_decides),
		test(test_a_rule_like_the_default_holds_under_its_conditions),
		test(test_two_conditions_on_one_argument_are_two_rules),
		test(test_a_shared_call_gets_the_most_lenient_of_its_rules),
		test(test_what_is_newer_than_libseccomp),
		test(test_a_call_newer_than_the_config_does_not_exist),
		test(test_a_long_filter),
		test(test_every_architecture_has_its_row),
		test(test_the_numbers_of_other_architectures),
		test(test_flags),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
