/* A program for the kernel's packet filter machine, which seccomp(2) runs before a system call. */
#ifndef STAGE7_SECCOMP_PROGRAM_H
#define STAGE7_SECCOMP_PROGRAM_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed, it is an empty one. */
struct seccomp_program {
	struct sock_filter *written; /* from the program's end to its beginning; free it */
	size_t count, room;
};

/* A place in the program, to jump to. */
typedef size_t label;

/* Each writes an instruction in front of what is written so far, and returns its place. */

/* The end: the kernel does @action (SECCOMP_RET_*, with its data). */
label program_return(struct seccomp_program *program, uint32_t action);

/* Loads the word at @offset of struct seccomp_data. */
label program_load(struct seccomp_program *program, uint32_t offset);

/* Leaves of what is loaded the bits in @mask. */
label program_mask(struct seccomp_program *program, uint32_t mask);

/* Compares what is loaded with @value: BPF_JEQ, BPF_JGT or BPF_JGE for @how. */
label program_jump(struct seccomp_program *program, unsigned how, uint32_t value, label yes,
	label no);

/* The whole in the order in which it runs, in fresh memory (free it). */
struct sock_filter *program_finish(const struct seccomp_program *program);

#endif
