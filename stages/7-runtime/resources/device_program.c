/*
 * Version 2 has no controller for devices. It asks programs instead: the kernel runs them for every
 * open and every mknod in the cgroup, with the type, the numbers and the access in question, and
 * goes by what they return, 1 or 0.
 *
 * The program is the list of rules, last one first: each is a few comparisons that jump to the next
 * rule when they do not hold. Register 3 has the kinds of access that no rule has allowed so far.
 *
 * What must hold: the verifier refuses a program with code that is never reached, so it ends with
 * the first rule (from the end) that is about everything. There always is one.
 */
#include "7-runtime/resources/device_program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/step.h"

enum { INTRODUCTION = 6, RULE_MOST = 8, PROGRAMS_MOST = 64 };

/* --- the code --------------------------------------------------------------------------------- */

#define LOAD(register, member)                                                                     \
	((struct bpf_insn){                                                                        \
		.code = BPF_LDX | BPF_MEM | BPF_W,                                                 \
		.dst_reg = (register),                                                             \
		.src_reg = BPF_REG_1,                                                              \
		.off = offsetof(struct bpf_cgroup_dev_ctx, member),                                \
	})
#define COMPUTE(operation, register, number)                                                       \
	((struct bpf_insn){                                                                        \
		.code = BPF_ALU64 | (operation) | BPF_K,                                           \
		.dst_reg = (register),                                                             \
		.imm = (int32_t)(number),                                                          \
	})
#define JUMP(operation, register, number, distance)                                                \
	((struct bpf_insn){                                                                        \
		.code = BPF_JMP | (operation) | BPF_K,                                             \
		.dst_reg = (register),                                                             \
		.off = (distance),                                                                 \
		.imm = (int32_t)(number),                                                          \
	})
#define EXIT ((struct bpf_insn){.code = BPF_JMP | BPF_EXIT})

static void emit(struct device_program *program, struct bpf_insn instruction)
{
	program->code[program->count++] = instruction;
}

static void emit_introduction(struct device_program *program)
{
	emit(program, LOAD(BPF_REG_2, access_type));
	emit(program, COMPUTE(BPF_AND, BPF_REG_2, 0xffff));
	emit(program, LOAD(BPF_REG_3, access_type));
	emit(program, COMPUTE(BPF_RSH, BPF_REG_3, 16));
	emit(program, LOAD(BPF_REG_4, major));
	emit(program, LOAD(BPF_REG_5, minor));
}

/* How far it is to the next rule is not known yet. */
static void emit_match(struct device_program *program, const struct device_rule *rule)
{
	if (rule->type != 'a')
		emit(program,
			JUMP(BPF_JNE, BPF_REG_2,
				rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR, 0));
	if (rule->major != DEVICE_ANY)
		emit(program, JUMP(BPF_JNE, BPF_REG_4, rule->major, 0));
	if (rule->minor != DEVICE_ANY)
		emit(program, JUMP(BPF_JNE, BPF_REG_5, rule->minor, 0));
}

static void emit_rule(struct device_program *program, const struct device_rule *rule)
{
	size_t begin = program->count;
	emit_match(program, rule);
	size_t matched = program->count;
	if (rule->access != DEVICE_ALL && rule->allow) {
		emit(program, COMPUTE(BPF_AND, BPF_REG_3, ~rule->access));
		emit(program, JUMP(BPF_JNE, BPF_REG_3, 0, 2));
	} else if (rule->access != DEVICE_ALL) {
		emit(program, JUMP(BPF_JSET, BPF_REG_3, rule->access, 1));
		emit(program, JUMP(BPF_JA, 0, 0, 2));
	}
	emit(program, COMPUTE(BPF_MOV, BPF_REG_0, rule->allow));
	emit(program, EXIT);
	for (size_t i = begin; i < matched; i++)
		program->code[i].off = (int16_t)(program->count - i - 1);
}

int device_program_make(struct device_program *program, const struct device_rules *rules)
{
	*program = (struct device_program){
		.code = calloc(INTRODUCTION + RULE_MOST * rules->count, sizeof(struct bpf_insn))};
	if (!program->code)
		return fail("out of memory");
	emit_introduction(program);
	for (size_t i = rules->count; i-- > 0;) {
		emit_rule(program, &rules->items[i]);
		if (device_rule_is_whole(&rules->items[i]))
			break;
	}
	return 0;
}

/* --- the kernel ------------------------------------------------------------------------------- */

/* glibc has no wrapper. The kernel interrupts its own check of a program when a signal waits. */
static int bpf(int command, union bpf_attr *attributes)
{
	long result;
	do
		result = syscall(SYS_bpf, command, attributes, sizeof(*attributes));
	while (result < 0 && errno == EAGAIN);
	return (int)result;
}

static int load(const struct device_program *program)
{
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (uintptr_t)program->code,
		.insn_cnt = (uint32_t)program->count,
		.license = (uintptr_t) "MIT",
	};
	step("bpf: load a program that decides about devices, of %zu instructions", program->count);
	int fd = bpf(BPF_PROG_LOAD, &attributes);
	return fd < 0 ? fail_errno() : fd;
}

/* The numbers of the programs that are attached: how many, or -1. */
static int attached(int cgroup, uint32_t *ids) /* NOLINT: the kernel writes to it */
{
	union bpf_attr attributes = {
		.query.target_fd = (uint32_t)cgroup,
		.query.attach_type = BPF_CGROUP_DEVICE,
		.query.prog_ids = (uintptr_t)ids,
		.query.prog_cnt = PROGRAMS_MOST,
	};
	step("bpf: the programs that decide about devices so far");
	return bpf(BPF_PROG_QUERY, &attributes) < 0 ? fail_errno() : (int)attributes.query.prog_cnt;
}

static int open_program(uint32_t id)
{
	union bpf_attr attributes = {.prog_id = id};
	step("bpf: the program %u", id);
	int fd = bpf(BPF_PROG_GET_FD_BY_ID, &attributes);
	return fd < 0 ? fail_errno() : fd;
}

static int attach(int program, int cgroup, int instead_of)
{
	union bpf_attr attributes = {
		.target_fd = (uint32_t)cgroup,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};
	if (instead_of >= 0) {
		attributes.attach_flags |= BPF_F_REPLACE;
		attributes.replace_bpf_fd = (uint32_t)instead_of;
	}
	step("bpf: attach it to the cgroup%s", instead_of >= 0 ? ", in place of the old one" : "");
	return bpf(BPF_PROG_ATTACH, &attributes) < 0 ? fail_errno() : 0;
}

static int detach(int program, int cgroup)
{
	union bpf_attr attributes = {
		.target_fd = (uint32_t)cgroup,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = BPF_CGROUP_DEVICE,
	};
	step("bpf: detach a program from the cgroup");
	return bpf(BPF_PROG_DETACH, &attributes) < 0 ? fail_errno() : 0;
}

/* All programs of a cgroup must agree, so that with a new one beside them none is missing. */
static int replace(int program, int cgroup, const uint32_t *ids, int count)
{
	if (count == 1) {
		_cleanup_fd int old = open_program(ids[0]);
		return old < 0 ? -1 : attach(program, cgroup, old);
	}
	if (attach(program, cgroup, -1) < 0)
		return -1;
	for (int i = 0; i < count; i++) {
		_cleanup_fd int old = open_program(ids[i]);
		if (old < 0 || detach(old, cgroup) < 0)
			return -1;
	}
	return 0;
}

int device_program_attach(const struct device_program *program, int cgroup)
{
	uint32_t ids[PROGRAMS_MOST] = {};
	_cleanup_fd int fd = load(program);
	int count = fd < 0 ? -1 : attached(cgroup, ids);
	return count < 0 ? -1 : replace(fd, cgroup, ids, count);
}
