/* cooper exec: another process in a container. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/pidfd.h>

#include "3-rootfs/terminal.h"
#include "6-oci/environment.h"
#include "7-runtime/enter.h"
#include "7-runtime/files.h"
#include "7-runtime/process/seccomp_listener.h"
#include "7-runtime/record.h"
#include "7-runtime/release.h"
#include "7-runtime/verbs/exec_process.h"
#include "7-runtime/verbs/verbs.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/flags.h"
#include "common/step.h"

/* What runc ends with when there is no status of the process's own. */
enum { EXIT_NO_PROCESS = 255 };

static struct {
	struct exec_process process;
	struct files files;
	bool detach, ignore_paused;
	struct text_list sub_cgroups;
} options;

static int check_terminal(const struct config_process *process)
{
	const struct files *files = &options.files;
	if (!process->terminal && files->console_socket)
		return fail("--console-socket: the process has no terminal");
	if (process->terminal && !files->console_socket && options.detach) {
		fail("--tty: nobody is there to take the terminal");
		return fail_hint("give a --console-socket, or exec without --detach");
	}
	return process->terminal && !files->console_socket ? terminal_check() : 0;
}

static int pass_listener(struct entry *entry)
{
	const struct setup *setup = &entry->setup;
	return seccomp_pass_listener(&setup->seccomp, setup->config->linux.seccomp, &entry->child,
		entry->record, record_status(entry->record));
}

/*
 * The lock is held until the process is there, so that a delete finds it in the cgroup; but not
 * while it does its part, which it cannot in a container that stands still.
 */
static int enter(struct entry *entry)
{
	_cleanup_fd int terminal = -1;
	if (enter_container(entry) < 0)
		return -1;
	struct child *child = &entry->child;
	if (record_unlock(entry->record) < 0 ||
		files_take_terminal(&options.files, entry->setup.process, child, &terminal) < 0 ||
		pass_listener(entry) < 0 || release_ready(child) < 0 ||
		files_tell_pid(&options.files, child) < 0 || release_child(child, -1) < 0)
		return spawn_give_up(child);
	/* What it comes to later, only its exit status would tell; and nobody asks for that. */
	if (options.detach && release_executed(child) < 0)
		return -1;
	return options.detach ? 0 : files_supervise(child, terminal);
}

static int exec_in(const struct record *record, struct config *config, char **arguments)
{
	struct config_process *process = exec_process_read(&options.process, config, arguments);
	if (!process || check_terminal(process) < 0 || setup_check(config, process) < 0 ||
		files_check(&options.files) < 0)
		return -1;
	environment_settle(&process->env);
	_cleanup_free int *kept = files_kept(&options.files);
	if (!kept)
		return -1;
	struct entry entry = {
		.setup = {.config = config,
			.process = process,
			.id = record->id,
			.no_new_keyring = record->no_new_keyring},
		.record = record,
		.sub_cgroups = &options.sub_cgroups,
		.kept = kept,
		.kept_count = files_kept_count(&options.files),
	};
	int status = seccomp_filter_make(&entry.setup.seccomp, config, process);
	if (status == 0)
		status = enter(&entry);
	seccomp_filter_free(&entry.setup.seccomp);
	return status;
}

static int check_status(const struct record *record)
{
	enum status status = record_status(record);
	if (status == CREATED || status == RUNNING || (status == PAUSED && options.ignore_paused))
		return 0;
	return fail("cannot exec in a %s container", status_name(status));
}

static int exec_verb(char **operands)
{
	struct record record;
	struct config *config = NULL;
	int status = record_open(&record, operands[0], true);
	if (status == 0)
		status = check_status(&record);
	if (status == 0 && !(config = record_config(&record)))
		status = -1;
	if (status == 0)
		status = exec_in(&record, config, operands + 1);
	config_free(config);
	record_close(&record);
	if (status >= 0)
		return status;
	error_report();
	return EXIT_NO_PROCESS;
}

#define AT(member) offsetof(typeof(options), member)

static const struct flag flags[] = {
	{"detach", NULL, "do not wait for its end", flag_switch, AT(detach), 'd'},
	{"cgroup", "[WHERE:]PATH", "in a cgroup below the container's (may be repeated)", flag_list,
		AT(sub_cgroups)},
	{"sub-cgroup", "PATH", "the same", flag_list, AT(sub_cgroups)},
	{"ignore-paused", NULL, "also in a container that is paused", flag_switch,
		AT(ignore_paused)},
	{},
};

static const struct flag_group groups[] = {{exec_process_flags, &options.process},
	{files_flags, &options.files}, {flags, &options}, {}};

const struct verb verb_exec = {
	.name = "exec",
	.run = exec_verb,
	.summary = "run another command in a container",
	.usage = "exec [options] ID COMMAND [ARG...] | --process FILE ID",
	.about = "Runs COMMAND in the container ID, beside what runs there. The exit status is\n"
		 "the command's; 255 when it could not be run.",
	.groups = groups,
	.operands = 1,
	.optional = VERB_ANY,
	.value_status = EXIT_NO_PROCESS,
};
