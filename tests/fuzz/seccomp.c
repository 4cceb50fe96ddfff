/*
 * linux.seccomp: from its JSON to the program that judges system calls.
 *
 * What must hold: the kernel would take the program; and for a call of this machine's own kind it
 * says what the rules say when they are read one after the other.
 */
#include "fuzz.h"

#include <errno.h>

#include "../machines.h"

#include "6-oci/load.h"
#include "7-runtime/process/seccomp_code.h"
#include "7-runtime/process/seccomp_numbers.h"
#include "7-runtime/process/seccomp_rules.h"

enum { CALLS_MOST = 64, QUESTIONS = 8 };

/* A name in a rule that is a system call here. */
struct call {
	const struct config_syscall *rule;
	int64_t number;
};

struct calls {
	struct call items[CALLS_MOST];
	size_t count;
};

/* Returns false when there are too many to ask about. */
static bool find_calls(const struct config_seccomp *seccomp, struct calls *calls)
{
	struct syscall_memory memory = {};
	struct syscall_number found;
	calls->count = 0;
	for (size_t i = 0; i < seccomp->syscalls.count; i++) {
		const struct config_syscall *rule = &seccomp->syscalls.items[i];
		for (size_t j = 0; j < rule->names.count; j++) {
			if (!syscall_find(architecture_native(), &memory, rule->names.items[j],
				    &found) ||
				found.direct < 0)
				continue;
			if (calls->count == CALLS_MOST)
				return false;
			calls->items[calls->count++] = (struct call){rule, found.direct};
		}
	}
	return true;
}

/* --- the rules as the specification has them -------------------------------------------------- */

static bool condition_holds(const struct config_syscall_argument *condition,
	const struct seccomp_data *call)
{
	uint64_t argument = call->args[condition->index], value = condition->value;
	switch ((enum comparison)condition->op->value) {
	case NOT_EQUAL:
		return argument != value;
	case LESS:
		return argument < value;
	case LESS_OR_EQUAL:
		return argument <= value;
	case EQUAL:
		return argument == value;
	case GREATER_OR_EQUAL:
		return argument >= value;
	case GREATER:
		return argument > value;
	case MASKED_EQUAL:
		return (argument & value) == condition->value_two;
	}
	abort();
}

/* All of them; but two for one argument are two rules, and then any one will do. */
static bool rule_holds(const struct config_syscall *rule, const struct seccomp_data *call)
{
	size_t holding = 0;
	unsigned asked = 0;
	bool alone = false;
	for (size_t i = 0; i < rule->args.count; i++) {
		unsigned bit = 1u << rule->args.items[i].index;
		holding += condition_holds(&rule->args.items[i], call);
		alone = alone || asked & bit;
		asked |= bit;
	}
	return alone ? holding > 0 : holding == rule->args.count;
}

/* From this number on, a call that is newer than all that the rules name does not exist. */
enum { NEW_CALLS = 424 };

static bool is_newer(const struct calls *calls, const struct seccomp_data *call)
{
	if (call->nr < NEW_CALLS)
		return false;
	for (size_t i = 0; i < calls->count; i++)
		if (calls->items[i].number >= call->nr)
			return false;
	return true;
}

static uint32_t expected(const struct config_seccomp *seccomp, const struct calls *calls,
	const struct seccomp_data *call)
{
	if (seccomp->default_action->value == SECCOMP_RET_ERRNO && is_newer(calls, call))
		return SECCOMP_RET_ERRNO | ENOSYS;
	uint32_t by_default = seccomp_action(seccomp->default_action, seccomp->default_errno_ret);
	uint32_t plain = by_default;
	for (size_t i = 0; i < calls->count; i++) {
		const struct config_syscall *rule = calls->items[i].rule;
		uint32_t action = seccomp_action(rule->action, rule->errno_ret);
		if (calls->items[i].number != call->nr)
			continue;
		if (rule->args.count > 0 && rule_holds(rule, call))
			return action;
		if (rule->args.count == 0 && action != by_default)
			plain = action;
	}
	return plain;
}

/* --- the program ------------------------------------------------------------------------------ */

static void check_form(const struct sock_filter *code, size_t count)
{
	must(code[count - 1].code == (BPF_RET | BPF_K));
	for (size_t i = 0; i < count; i++) {
		size_t left = count - i - 1;
		if (code[i].code == (BPF_JMP | BPF_JA))
			must(code[i].k < left);
		else if (BPF_CLASS(code[i].code) == BPF_JMP)
			must(code[i].jt < left && code[i].jf < left);
	}
}

/* Calls with arguments at the edges of what the rule of @one asks for. */
static void ask(const struct config_seccomp *seccomp, const struct calls *calls,
	const struct call *one, const struct sock_filter *code, size_t count)
{
	for (unsigned question = 0; question < QUESTIONS; question++) {
		struct seccomp_data call = {.arch = architecture_native()->seen,
			.nr = (int)one->number + (question == QUESTIONS - 1)};
		for (size_t i = 0; i < one->rule->args.count; i++) {
			const struct config_syscall_argument *asked = &one->rule->args.items[i];
			const uint64_t near[] = {asked->value, asked->value_two, asked->value + 1,
				asked->value - 1, asked->value ^ 1ULL << 32, ~asked->value, 0, 0};
			call.args[asked->index] = near[(question + i) % QUESTIONS];
		}
		uint32_t result;
		must(seccomp_run(code, count, &call, &result));
		must(result == expected(seccomp, calls, &call));
	}
}

/* Whose numbers are not listed, is killed. */
static void ask_as_stranger(const struct sock_filter *code, size_t count)
{
	const struct seccomp_data call = {.arch = 0x12345678, .nr = 1};
	uint32_t result;
	must(seccomp_run(code, count, &call, &result) && result == SECCOMP_RET_KILL_PROCESS);
}

static void check(const struct config_seccomp *seccomp)
{
	struct seccomp_program program = {};
	struct calls calls;
	must(seccomp_write(&program, seccomp) == 0);
	must(program.count > 0);
	struct sock_filter *code = program_finish(&program);
	must(code);
	check_form(code, program.count);
	ask_as_stranger(code, program.count);
	if (find_calls(seccomp, &calls))
		for (size_t i = 0; i < calls.count; i++)
			ask(seccomp, &calls, &calls.items[i], code, program.count);
	free(code);
	free(program.written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_object *json = fuzz_json(data, size);
	if (!json)
		return 0;
	static const char around[] = "{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"/\"}}";
	struct json_object *whole = fuzz_json((const uint8_t *)around, sizeof(around) - 1);
	struct json_object *linux_part = json_object_new_object();
	json_object_object_add(linux_part, "seccomp", json);
	json_object_object_add(whole, "linux", linux_part);
	struct config_errors errors = {};
	struct config *config = config_decode(whole, 7, &errors);
	json_object_put(whole);
	must(config);
	if (!fuzz_errors(&errors) && config->linux.seccomp)
		check(config->linux.seccomp);
	fuzz_expect_error(false);
	config_free(config);
	return 0;
}
