/*
 * Rules for devices: as a program for cgroup v2, and in the terms of v1. The bytes are rules, four
 * a rule, and then questions.
 *
 * What must hold: the program has a form that the verifier takes, and it, the flat rules and the
 * list itself say the same about every device.
 */
#include "fuzz.h"

#include "../machines.h"

#include "7-runtime/resources/device_program.h"

enum { RULES_MOST = 64, QUESTION = 3 };

static int64_t number_of(uint8_t byte)
{
	return byte % 5 == 4 ? DEVICE_ANY : byte / 5;
}

static struct device_rule rule_of(const uint8_t *bytes)
{
	unsigned access = bytes[0] >> 4 & DEVICE_ALL;
	return (struct device_rule){
		.allow = bytes[0] & 1,
		.type = "abcc"[bytes[1] % 4],
		.major = number_of(bytes[2]),
		.minor = number_of(bytes[3]),
		.access = access ? access : DEVICE_ALL,
	};
}

/* Every instruction is reached, no jump leads out, and the last one is the end. */
static void check_form(const struct device_program *program)
{
	const struct bpf_insn *code = program->code;
	bool reached[8 * RULES_MOST + 16] = {true};
	must(program->count > 0 && program->count < sizeof(reached));
	must(code[program->count - 1].code == (BPF_JMP | BPF_EXIT));
	for (size_t i = 0; i < program->count; i++) {
		bool jump = BPF_CLASS(code[i].code) == BPF_JMP;
		bool always = jump && BPF_OP(code[i].code) == BPF_JA;
		bool end = jump && BPF_OP(code[i].code) == BPF_EXIT;
		must(reached[i]);
		must(!jump || end ||
			(code[i].off >= 0 && i + 1 + (size_t)code[i].off < program->count));
		if (jump && !end)
			reached[i + 1 + (size_t)code[i].off] = true;
		if (!always && !end)
			reached[i + 1] = true;
	}
}

struct answers {
	const struct device_rules *rules;
	struct device_program program;
	bool flat, allow;
	struct device_rules exceptions;
};

static void ask(const struct answers *answers, const uint8_t *bytes)
{
	unsigned access = bytes[0] & DEVICE_ALL;
	bool block = bytes[0] & 8;
	int64_t major = bytes[1] / 5, minor = bytes[2] / 5;
	bool allowed = device_rules_allow(answers->rules, block ? 'b' : 'c', major, minor, access);
	const struct bpf_cgroup_dev_ctx asked = {
		.access_type = (block ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR) | access << 16,
		.major = (uint32_t)major,
		.minor = (uint32_t)minor,
	};
	uint64_t result;
	must(device_run(answers->program.code, answers->program.count, &asked, &result));
	must(result == allowed);
	/* v1 is asked about one kind of access at a time here: exceptions do not add up. */
	const struct device_rule one = {true, block ? 'b' : 'c', major, minor,
		1u << bytes[0] / 16 % 3};
	if (answers->flat)
		must((device_rules_except(&answers->exceptions, &one) != answers->allow) ==
			device_rules_allow(answers->rules, one.type, major, minor, one.access));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct device_rule items[RULES_MOST + 1] = {
		{false, 'a', DEVICE_ANY, DEVICE_ANY, DEVICE_ALL}};
	struct device_rules rules = {.items = items, .count = 1};
	size_t at = 1, count = size ? data[0] % RULES_MOST : 0;
	for (; count > 0 && at + 4 <= size; count--, at += 4)
		items[rules.count++] = rule_of(data + at);
	struct answers answers = {.rules = &rules};
	must(device_program_make(&answers.program, &rules) == 0);
	check_form(&answers.program);
	int hole = device_rules_flatten(&rules, &answers.allow, &answers.exceptions);
	must(hole >= 0 && (size_t)hole <= rules.count);
	answers.flat = hole == 0;
	for (; at + QUESTION <= size; at += QUESTION)
		ask(&answers, data + at);
	free(answers.program.code);
	free(answers.exceptions.items);
	fuzz_expect_error(false);
	return 0;
}
