/*
 * That of runc: an engine gives the same words to either. The tables here are all there is to say;
 * --help, the man pages and the completion of a shell are made from them.
 */
#include "7-runtime/command_line.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "7-runtime/criu/service.h"
#include "7-runtime/log.h"
#include "7-runtime/process/seccomp_numbers.h"
#include "7-runtime/record.h"
#include "7-runtime/systemd/scope.h"
#include "7-runtime/verbs/verbs.h"
#include "common/error.h"

static int read_criu(const char *flag, const char *value, void *target)
{
	(void)flag;
	(void)target;
	criu_set_program(value);
	return 0;
}

static int read_root(const char *flag, const char *value, void *target)
{
	(void)flag;
	(void)target;
	record_set_root(value);
	return 0;
}

/* What a process without root may do is found out by trying; the word is only checked. */
static int read_rootless(const char *flag, const char *value, void *target)
{
	(void)target;
	if (!strcmp(value, "auto") || !strcmp(value, "true") || !strcmp(value, "false"))
		return 0;
	return fail("%s: expected auto, true or false, found \"%s\"", flag, value);
}

static char nothing;

static const struct flag global_flags[] = {
	{"root", "DIR", "the state directory; default: /run/cooper", read_root},
	{"rootless", "WHEN", "for runc's sake: auto, true or false; always found out",
		read_rootless},
	{"criu", "FILE", "the program for checkpoint and restore; default: criu", read_criu},
	{},
};

static const struct flag_group groups[] = {
	{global_flags, &nothing},
	{systemd_flags, &systemd_options},
	{log_flags, &log_options},
	{},
};

const struct verb *const cooper_verbs[] = {&verb_run, &verb_create, &verb_start, &verb_state,
	&verb_exec, &verb_ps, &verb_kill, &verb_pause, &verb_resume, &verb_update, &verb_events,
	&verb_checkpoint, &verb_restore, &verb_delete, &verb_list, &verb_spec, &verb_features,
	NULL};

static void print_versions(void)
{
	char seccomp[TABLES_VERSION_SIZE];
	syscall_tables_version(seccomp);
	printf("spec: 1.3.0\nlibseccomp: %s\n", seccomp);
}

const struct command_line cooper_command_line = {
	.usage = "[options] COMMAND [options] [ID]",
	.about = "An OCI container runtime.",
	.groups = groups,
	.operands = 1,
	.usage_status = EXIT_ERROR,
	.print_versions = print_versions,
};
