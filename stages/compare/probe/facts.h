/*
 * The facts: a row a question. Each group has a module of its own name, or two, with a function a
 * fact.
 *
 * A fact's function runs in a process of its own (main.c), so it may change what is only the
 * process's: its limits, its user, its namespaces. What it makes elsewhere it takes away again. It
 * is harmless: what would harm the host is asked in a way that the kernel answers before anything
 * happens, or is done to a stand-in (outside.h).
 */
#ifndef COMPARE_PROBE_FACTS_H
#define COMPARE_PROBE_FACTS_H

struct answer;

struct fact {
	const char *name;
	void (*find_out)(struct answer *answer);
	const char *question;
};

struct fact_group {
	const char *name;
	const struct fact *facts; /* ends with an empty row */
};

extern const struct fact see_facts[];
extern const struct fact see_network_facts[];
extern const struct fact touch_facts[];
extern const struct fact touch_kernel_facts[];
extern const struct fact use_facts[];
extern const struct fact escape_facts[];
extern const struct fact reach_facts[];
extern const struct fact who_facts[];

#endif
