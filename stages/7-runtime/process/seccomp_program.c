/*
 * The machine has one accumulator and knows only jumps forward, so a program is written from its
 * end: where a jump leads to is there already when the jump is written. That also shows how far it
 * is. A conditional jump reaches 255 instructions; for what is farther away, a jump without a
 * condition is put in between.
 *
 * See "Seccomp BPF" and "BPF" in the kernel's documentation, and linux/filter.h.
 */
#include "7-runtime/process/seccomp_program.h"

#include <linux/bpf_common.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/error.h"

/* One less than a conditional jump reaches: the other way's helper may still come in between. */
enum { REACH = 254 };

static label put(struct seccomp_program *program, struct sock_filter instruction)
{
	if (program->count == program->room) {
		program->room = program->room ? 2 * program->room : 256;
		program->written =
			reallocarray(program->written, program->room, sizeof(*program->written));
		/* As with an arena: nothing has been made yet that would have to be undone. */
		if (!program->written) {
			fail("out of memory");
			exit(error_report());
		}
	}
	program->written[program->count] = instruction;
	return program->count++;
}

label program_return(struct seccomp_program *program, uint32_t action)
{
	/* One that is near serves many. */
	size_t far = program->count > REACH ? program->count - REACH : 0;
	for (size_t i = program->count; i > far; i--) {
		const struct sock_filter *written = &program->written[i - 1];
		if (written->code == (BPF_RET | BPF_K) && written->k == action)
			return i - 1;
	}
	return put(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

label program_load(struct seccomp_program *program, uint32_t offset)
{
	return put(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

label program_mask(struct seccomp_program *program, uint32_t mask)
{
	return put(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
}

/* How many instructions lie between @place and the one that is written next. */
static size_t distance(const struct seccomp_program *program, label place)
{
	return program->count - place - 1;
}

static label within_reach(struct seccomp_program *program, label place)
{
	if (distance(program, place) <= REACH)
		return place;
	uint32_t far = (uint32_t)distance(program, place);
	return put(program, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, far));
}

label program_jump(struct seccomp_program *program, unsigned how, uint32_t value, label yes,
	label no)
{
	yes = within_reach(program, yes);
	no = within_reach(program, no);
	return put(program, (struct sock_filter)BPF_JUMP(BPF_JMP | how | BPF_K, value,
				    distance(program, yes), distance(program, no)));
}

struct sock_filter *program_finish(const struct seccomp_program *program)
{
	struct sock_filter *instructions = calloc(program->count + 1, sizeof(*instructions));
	if (!instructions) {
		fail("out of memory");
		return NULL;
	}
	for (size_t i = 0; i < program->count; i++)
		instructions[i] = program->written[program->count - 1 - i];
	return instructions;
}
