/*
 * Some processors can divide their cache, and the way to the memory, among groups of processes. The
 * kernel shows that as a filesystem: a directory a group ("class of service"), whose file schemata
 * has a line a resource and whose file tasks lists who is in it.
 *
 *	schemata	    L3:0=7f0;1=1f	in cache 0 these bits, in cache 1 those
 *			    MB:0=20;1=70	percent of the bandwidth
 *
 * What must hold: a group that others use is neither changed nor removed. One that the config names
 * (closID) belongs to whoever made it; only the group named after the container is its own.
 */
#include "7-runtime/resctrl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/step.h"
#include "common/text.h"

#define MAGIC 0x7655821

enum { SCHEMATA_MOST = 1 << 20 };

int resctrl_check_mounted(const struct config_intel_rdt *wanted, const char *root)
{
	struct statfs info;
	if (!wanted)
		return 0;
	step_for("linux.intelRdt");
	step("statfs: %s", root);
	if (statfs(root, &info) < 0 || info.f_type != MAGIC) {
		fail("there is no resctrl filesystem on %s", root);
		return fail_hint("where the processor has Intel RDT or AMD QoS: mount -t resctrl "
				 "resctrl %s",
			root);
	}
	step_for(NULL);
	return 0;
}

int resctrl_locate(struct resctrl *resctrl, const struct config_intel_rdt *wanted, const char *root,
	const char *id)
{
	*resctrl = (struct resctrl){};
	if (!wanted)
		return 0;
	const char *name = wanted->clos_id ? wanted->clos_id : id;
	bool top = !strcmp(name, "/");
	resctrl->own = !wanted->clos_id;
	int length =
		snprintf(resctrl->group, PATH_MAX, "%s%s%s", root, top ? "" : "/", top ? "" : name);
	if (length < PATH_MAX && wanted->enable_monitoring)
		length = snprintf(resctrl->monitor, PATH_MAX, "%s/mon_groups/%s", resctrl->group,
			id);
	return length < PATH_MAX ? 0 : fail("linux.intelRdt.closID: too long");
}

int resctrl_of(struct resctrl *resctrl, const struct record *record)
{
	struct config *config = record_config(record);
	if (!config)
		return -1;
	int result = resctrl_locate(resctrl, config->linux.intel_rdt, RESCTRL_ROOT, record->id);
	config_free(config);
	return result;
}

/* --- comparing schemata ----------------------------------------------------------------------- */

/* Past blanks and zeros, which the kernel puts in front of numbers. */
static const char *trim(const char *at)
{
	at += strspn(at, " ");
	while (*at == '0' && strchr("0123456789abcdefABCDEF", at[1]) && at[1])
		at++;
	return at;
}

static bool same_number(const char *one, const char *other)
{
	one = trim(one);
	other = trim(other);
	size_t length = strcspn(one, " ;\n");
	return length == strcspn(other, " ;\n") && !strncasecmp(one, other, length);
}

/* What follows "NAME:" in the line of @schemata that begins so; @length is that of "NAME:". */
static const char *find_line(const char *schemata, const char *name, size_t length)
{
	for (const char *line = schemata; *line; line += strcspn(line, "\n")) {
		line += strspn(line, " \n");
		if (!strncmp(line, name, length))
			return line + length;
	}
	return NULL;
}

/* The value of the domain that @domain begins with, "0=", in the line @line; NULL: none. */
static const char *find_value(const char *line, const char *domain)
{
	for (const char *at = line;; at++) {
		const char *here = trim(at), *there = trim(domain);
		size_t length = strcspn(there, "=;\n");
		if (there[length] != '=')
			return NULL;
		if (!strncmp(here, there, length + 1))
			return here + length + 1;
		at += strcspn(at, ";\n");
		if (*at != ';')
			return NULL;
	}
}

static bool line_matches(const char *line, const char *schemata)
{
	size_t name = strcspn(line, ":\n");
	const char *there = line[name] == ':' ? find_line(schemata, line, name + 1) : NULL;
	for (const char *domain = line + name + 1; there; domain++) {
		const char *value = find_value(there, domain);
		const char *equals = strchr(domain, '=');
		if (!value || !equals || !same_number(equals + 1, value))
			return false;
		domain += strcspn(domain, ";\n");
		if (*domain != ';')
			return true;
	}
	return false;
}

bool resctrl_matches(const char *wanted, const char *schemata)
{
	for (const char *line = wanted; *line; line += strcspn(line, "\n")) {
		line += strspn(line, " \n");
		if (*line && !line_matches(line, schemata))
			return false;
	}
	return true;
}

/* --- checks ----------------------------------------------------------------------------------- */

static bool asks_for_shares(const struct config_intel_rdt *wanted)
{
	return wanted->l3_cache_schema || wanted->mem_bw_schema || wanted->schemata.count > 0;
}

static int check_shares(const struct resctrl *resctrl, const char *wanted, const char *property)
{
	_cleanup_free char *path = text_format("%s/schemata", resctrl->group);
	_cleanup_free char *schemata = path ? file_read(AT_FDCWD, path, SCHEMATA_MOST, NULL) : NULL;
	if (!schemata)
		return -1;
	step_for("linux.intelRdt.%s", property);
	if (!resctrl_matches(wanted, schemata))
		return fail("%s: the group has other shares: %s", resctrl->group, wanted);
	return 0;
}

static int check_existing(const struct resctrl *resctrl, const struct config_intel_rdt *wanted)
{
	if (resctrl->own)
		return fail("%s: there is such a group already", resctrl->group);
	if (wanted->l3_cache_schema &&
		check_shares(resctrl, wanted->l3_cache_schema, "l3CacheSchema") < 0)
		return -1;
	return wanted->mem_bw_schema ? check_shares(resctrl, wanted->mem_bw_schema, "memBwSchema")
				     : 0;
}

int resctrl_check(const struct resctrl *resctrl, const struct config_intel_rdt *wanted)
{
	if (!wanted)
		return 0;
	step_for("linux.intelRdt.closID");
	bool exists = file_exists(AT_FDCWD, resctrl->group);
	if (exists && check_existing(resctrl, wanted) < 0)
		return -1;
	if (!exists && !resctrl->own && !asks_for_shares(wanted))
		return fail("%s: there is no such group, and nothing to make one of",
			resctrl->group);
	step_for(NULL);
	return 0;
}

/* --- making and removing ---------------------------------------------------------------------- */

/* All in one write: the kernel takes the lines together or not at all. */
static int write_shares(const struct resctrl *resctrl, const struct config_intel_rdt *wanted)
{
	char *text = NULL;
	size_t size;
	if (!asks_for_shares(wanted))
		return 0;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return fail("out of memory");
	if (wanted->l3_cache_schema)
		fprintf(out, "%s\n", wanted->l3_cache_schema);
	if (wanted->mem_bw_schema)
		fprintf(out, "%s\n", wanted->mem_bw_schema);
	for (size_t i = 0; i < wanted->schemata.count; i++)
		fprintf(out, "%s\n", wanted->schemata.items[i]);
	fclose(out);
	_cleanup_free char *path = text_format("%s/schemata", resctrl->group);
	int result = path ? file_write(AT_FDCWD, path, text) : -1;
	free(text);
	return result;
}

static int make_directory(const char *path, const char *property, bool *made)
{
	step_for("linux.intelRdt.%s", property);
	step("mkdir resctrl: %s", path);
	*made = mkdir(path, 0755) == 0;
	if (!*made)
		return fail_errno();
	step_for("linux.intelRdt");
	return 0;
}

int resctrl_make(const struct resctrl *resctrl, const struct config_intel_rdt *wanted)
{
	bool group = false, monitor = false;
	if (!wanted)
		return 0;
	if ((resctrl->own || !file_exists(AT_FDCWD, resctrl->group)) &&
		make_directory(resctrl->group, "closID", &group) < 0)
		return -1;
	step_for("linux.intelRdt.schemata");
	if (write_shares(resctrl, wanted) == 0 &&
		(!*resctrl->monitor ||
			make_directory(resctrl->monitor, "enableMonitoring", &monitor) == 0)) {
		step_for(NULL);
		return 0;
	}
	if (group)
		rmdir(resctrl->group);
	return -1;
}

static int write_task(const char *directory, pid_t pid)
{
	char number[16];
	snprintf(number, sizeof(number), "%d", pid);
	_cleanup_free char *path = text_format("%s/tasks", directory);
	return path ? file_write(AT_FDCWD, path, number) : -1;
}

int resctrl_join(const struct resctrl *resctrl, pid_t pid)
{
	if (!*resctrl->group)
		return 0;
	step_for("linux.intelRdt");
	if (write_task(resctrl->group, pid) < 0 ||
		(*resctrl->monitor && write_task(resctrl->monitor, pid) < 0))
		return -1;
	step_for(NULL);
	return 0;
}

int resctrl_remove(const char *directory)
{
	if (!directory)
		return 0;
	step("rmdir resctrl: %s", directory);
	return rmdir(directory) < 0 && errno != ENOENT ? fail_errno() : 0;
}
