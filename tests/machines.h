/*
 * The two machines of the kernel that run programs of ours: the one for system calls (seccomp), and
 * as much of the one for devices (eBPF) as our programs use. Each takes only what the kernel would
 * take: forward jumps that stay inside, known instructions, aligned loads from within the data, and
 * an end. See seccomp_check_filter() and bpf_check_classic() in the kernel's sources.
 */
#ifndef TESTS_MACHINES_H
#define TESTS_MACHINES_H

#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "7-runtime/resources/device_rules.h"

/* Runs the filter on a call. Returns false for an instruction that the kernel would refuse. */
static inline bool seccomp_run(const struct sock_filter *code, size_t count,
	const struct seccomp_data *call, uint32_t *result)
{
	uint32_t loaded = 0;
	for (size_t i = 0; i < count; i++) {
		const struct sock_filter *at = &code[i];
		bool yes = false;
		switch (at->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (at->k % 4 || at->k >= sizeof(*call))
				return false;
			memcpy(&loaded, (const char *)call + at->k, sizeof(loaded));
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			loaded &= at->k;
			continue;
		case BPF_RET | BPF_K:
			*result = at->k;
			return true;
		case BPF_JMP | BPF_JA:
			i += at->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			yes = loaded == at->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			yes = loaded > at->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			yes = loaded >= at->k;
			break;
		default:
			return false;
		}
		i += yes ? at->jt : at->jf;
	}
	return false;
}

static inline uint64_t device_compute(const struct bpf_insn *code, uint64_t value, bool *known)
{
	uint64_t number = (uint64_t)(int64_t)code->imm;
	switch (BPF_OP(code->code)) {
	case BPF_AND:
		return value & number;
	case BPF_RSH:
		return value >> (number & 63);
	default:
		*known = *known && BPF_OP(code->code) == BPF_MOV;
		return number;
	}
}

static inline bool device_jumps(const struct bpf_insn *code, uint64_t value, bool *known)
{
	uint64_t number = (uint64_t)(int64_t)code->imm;
	switch (BPF_OP(code->code)) {
	case BPF_JA:
		return true;
	case BPF_JNE:
		return value != number;
	default:
		*known = *known && BPF_OP(code->code) == BPF_JSET;
		return value & number;
	}
}

/* The same for a program that decides about devices. */
static inline bool device_run(const struct bpf_insn *program, size_t count,
	const struct bpf_cgroup_dev_ctx *asked, uint64_t *result)
{
	uint64_t registers[16] = {};
	bool known = true;
	for (size_t at = 0; known && at < count; at++) {
		const struct bpf_insn *code = &program[at];
		uint64_t *one = &registers[code->dst_reg];
		uint32_t word;
		switch (BPF_CLASS(code->code)) {
		case BPF_LDX:
			if (code->off < 0 || code->off + sizeof(word) > sizeof(*asked))
				return false;
			memcpy(&word, (const char *)asked + code->off, sizeof(word));
			*one = word;
			break;
		case BPF_ALU64:
			*one = device_compute(code, *one, &known);
			break;
		case BPF_JMP:
			*result = registers[BPF_REG_0];
			if (BPF_OP(code->code) == BPF_EXIT)
				return true;
			known = known && code->off >= 0;
			if (device_jumps(code, *one, &known))
				at += (size_t)code->off;
			break;
		default:
			return false;
		}
	}
	return false;
}

/* As the kernel's check of v1 has it: one of the exceptions covers all that is asked. */
static inline bool device_rules_except(const struct device_rules *exceptions,
	const struct device_rule *asked)
{
	for (size_t i = 0; i < exceptions->count; i++)
		if (device_rule_covers(&exceptions->items[i], asked) &&
			(exceptions->items[i].access & asked->access) == asked->access)
			return true;
	return false;
}

#endif
