/*
 * The numbers come from the tables of libseccomp, which know of calls up to the time of its
 * release. Every call since then has the same number everywhere (counted from where the
 * architecture's own begin), so a short table of ours is enough for the newer ones.
 *
 * See seccomp_syscall_resolve_name(3), syscalls(2), and scripts/syscall.tbl of the kernel.
 */
#include "7-runtime/process/seccomp_numbers.h"

#include <linux/audit.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define X32 (EM_X86_64 | __AUDIT_ARCH_LE)

enum {
	FIRST_OF_X32 = 0x40000000,
	/* Calls that were part of another one have got numbers of their own from here... */
	OWN_NUMBERS = 326,
	OWN_NUMBERS_OF_MIPS = 168,
	/* ... to here. */
	OWN_NUMBERS_END = 403,
};

const struct architecture architectures[] = {
	{AUDIT_ARCH_X86_64, AUDIT_ARCH_X86_64, AUDIT_ARCH_X86_64, 0, true},
	{X32, AUDIT_ARCH_X86_64, AUDIT_ARCH_X86_64, FIRST_OF_X32, false},
	{AUDIT_ARCH_I386, AUDIT_ARCH_I386, AUDIT_ARCH_X86_64, 0, false},
	{AUDIT_ARCH_AARCH64, AUDIT_ARCH_AARCH64, AUDIT_ARCH_AARCH64, 0, true},
	{AUDIT_ARCH_ARM, AUDIT_ARCH_ARM, AUDIT_ARCH_AARCH64, 0, false},
	{AUDIT_ARCH_MIPS64, AUDIT_ARCH_MIPS64, AUDIT_ARCH_MIPS64, 5000, true},
	{AUDIT_ARCH_MIPS64N32, AUDIT_ARCH_MIPS64N32, AUDIT_ARCH_MIPS64, 6000, false},
	{AUDIT_ARCH_MIPS, AUDIT_ARCH_MIPS, AUDIT_ARCH_MIPS64, 4000, false},
	{AUDIT_ARCH_MIPSEL64, AUDIT_ARCH_MIPSEL64, AUDIT_ARCH_MIPSEL64, 5000, true},
	{AUDIT_ARCH_MIPSEL64N32, AUDIT_ARCH_MIPSEL64N32, AUDIT_ARCH_MIPSEL64, 6000, false},
	{AUDIT_ARCH_MIPSEL, AUDIT_ARCH_MIPSEL, AUDIT_ARCH_MIPSEL64, 4000, false},
	{AUDIT_ARCH_PPC64, AUDIT_ARCH_PPC64, AUDIT_ARCH_PPC64, 0, true},
	{AUDIT_ARCH_PPC, AUDIT_ARCH_PPC, AUDIT_ARCH_PPC64, 0, false},
	{AUDIT_ARCH_PPC64LE, AUDIT_ARCH_PPC64LE, AUDIT_ARCH_PPC64LE, 0, true},
	{AUDIT_ARCH_S390X, AUDIT_ARCH_S390X, AUDIT_ARCH_S390X, 0, true},
	{AUDIT_ARCH_S390, AUDIT_ARCH_S390, AUDIT_ARCH_S390X, 0, false},
	{AUDIT_ARCH_PARISC64, AUDIT_ARCH_PARISC64, AUDIT_ARCH_PARISC64, 0, true},
	{AUDIT_ARCH_PARISC, AUDIT_ARCH_PARISC, AUDIT_ARCH_PARISC64, 0, false},
	{AUDIT_ARCH_RISCV64, AUDIT_ARCH_RISCV64, AUDIT_ARCH_RISCV64, 0, true},
	{AUDIT_ARCH_LOONGARCH64, AUDIT_ARCH_LOONGARCH64, AUDIT_ARCH_LOONGARCH64, 0, true},
	{AUDIT_ARCH_M68K, AUDIT_ARCH_M68K, AUDIT_ARCH_M68K, 0, false},
	{AUDIT_ARCH_SHEL, AUDIT_ARCH_SHEL, AUDIT_ARCH_SHEL, 0, false},
	{AUDIT_ARCH_SH, AUDIT_ARCH_SH, AUDIT_ARCH_SH, 0, false},
};
const size_t architecture_count = sizeof(architectures) / sizeof(*architectures);

const struct architecture *architecture_native(void)
{
	uint32_t id = seccomp_arch_native();
	for (size_t i = 0; i < architecture_count; i++)
		if (architectures[i].id == id)
			return &architectures[i];
	return NULL;
}

/* Newer than libseccomp 2.5.4, or than the one that this was built with. */
static const struct {
	const char *name;
	uint32_t number;
} newer[] = {
	{"cachestat", 451},
	{"fchmodat2", 452},
	{"map_shadow_stack", 453},
	{"futex_wake", 454},
	{"futex_wait", 455},
	{"futex_requeue", 456},
	{"statmount", 457},
	{"listmount", 458},
	{"lsm_get_self_attr", 459},
	{"lsm_set_self_attr", 460},
	{"lsm_list_modules", 461},
	{"mseal", 462},
	{"setxattrat", 463},
	{"getxattrat", 464},
	{"listxattrat", 465},
	{"removexattrat", 466},
	{"open_tree_attr", 467},
	{"file_getattr", 468},
	{"file_setattr", 469},
};

static bool find_newer(const struct architecture *architecture, const char *name,
	struct syscall_number *number)
{
	for (size_t i = 0; i < sizeof(newer) / sizeof(*newer); i++)
		if (!strcmp(newer[i].name, name)) {
			number->direct = architecture->first + newer[i].number;
			return true;
		}
	return false;
}

/*
 * In place of a number libseccomp has a negative one for a call that is (also) a part of
 * socketcall(2) or ipc(2): the selector, 100 or 200 below zero. See linux/net.h and linux/ipc.h.
 */
static bool is_part_of(int resolved, int base)
{
	return resolved < -base && resolved > -base - 32;
}

/* So the own numbers of these calls have to be found the other way around. */
static void remember(const struct architecture *architecture, struct syscall_memory *memory)
{
	uint32_t id = architecture->id;
	bool mips = architecture->first == 4000;
	memory->filled = true;
	for (int i = mips ? OWN_NUMBERS_OF_MIPS : OWN_NUMBERS; i < OWN_NUMBERS_END; i++) {
		char *name = seccomp_syscall_resolve_num_arch(id, (int)architecture->first + i);
		int resolved = name ? seccomp_syscall_resolve_name_arch(id, name) : 0;
		free(name);
		if (is_part_of(resolved, 100))
			memory->sockets[-resolved - 100] = (uint16_t)i;
		else if (is_part_of(resolved, 200))
			memory->ipcs[-resolved - 200] = (uint16_t)i;
	}
}

static void find_part(const struct architecture *architecture, struct syscall_memory *memory,
	int resolved, struct syscall_number *number)
{
	bool socket = is_part_of(resolved, 100);
	if (!memory->filled)
		remember(architecture, memory);
	number->selector = (uint32_t)(-resolved - (socket ? 100 : 200));
	/* The upper half of ipc's selector is a version. */
	number->selector_mask = socket ? UINT32_MAX : 0xffff;
	uint16_t own = (socket ? memory->sockets : memory->ipcs)[number->selector];
	int shared =
		seccomp_syscall_resolve_name_arch(architecture->id, socket ? "socketcall" : "ipc");
	number->shared = shared >= 0 ? shared : -1;
	number->direct = own ? (int64_t)architecture->first + own : -1;
}

bool syscall_find(const struct architecture *architecture, struct syscall_memory *memory,
	const char *name, struct syscall_number *number)
{
	*number = (struct syscall_number){.direct = -1, .shared = -1};
	int resolved = seccomp_syscall_resolve_name_arch(architecture->id, name);
	if (resolved == __NR_SCMP_ERROR)
		return find_newer(architecture, name, number);
	if (is_part_of(resolved, 100) || is_part_of(resolved, 200))
		find_part(architecture, memory, resolved, number);
	else if (resolved >= 0)
		number->direct = resolved;
	return true;
}

void syscall_tables_version(char version[TABLES_VERSION_SIZE])
{
	const struct scmp_version *library = seccomp_version();
	snprintf(version, TABLES_VERSION_SIZE, "%u.%u.%u", library->major, library->minor,
		library->micro);
}
