/*
 * What is on record as text: for the disk, and for who asks for a container's state.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "7-runtime/record.h"
#include "common/error.h"
#include "common/quote.h"

static void print_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, ",\n  \"%s\": ", name);
	quote_json(out, text);
}

static void print_annotations(FILE *out, const struct config_pairs *annotations)
{
	if (annotations->count == 0)
		return;
	fprintf(out, ",\n  \"annotations\": {");
	for (size_t i = 0; i < annotations->count; i++) {
		fprintf(out, "%s\n    ", i ? "," : "");
		quote_json(out, annotations->items[i].key);
		fprintf(out, ": ");
		quote_json(out, annotations->items[i].value);
	}
	fprintf(out, "\n  }");
}

/* Closes a memory stream; its text, or NULL with the error set. */
static char *finish(FILE *out, char **text)
{
	if (fclose(out) == 0)
		return *text;
	free(*text);
	fail("out of memory");
	return NULL;
}

char *record_text(const struct record *record)
{
	char *memory = NULL;
	size_t size;
	FILE *out = open_memstream(&memory, &size);
	if (!out) {
		fail("out of memory");
		return NULL;
	}
	fprintf(out, "{\n  \"id\": ");
	quote_json(out, record->id);
	print_text(out, "bundle", record->bundle);
	print_text(out, "rootfs", record->rootfs);
	if (record->cgroup)
		print_text(out, "cgroup", record->cgroup);
	if (record->scope)
		print_text(out, "scope", record->scope);
	if (record->resctrl)
		print_text(out, "resctrl", record->resctrl);
	if (record->resctrl_monitor)
		print_text(out, "resctrlMonitor", record->resctrl_monitor);
	print_text(out, "created", record->created);
	fprintf(out,
		",\n  \"owner\": %" PRId64 ",\n  \"pid\": %" PRId64 ",\n  \"startTime\": %" PRIu64,
		record->owner, record->pid, record->start_time);
	fprintf(out, ",\n  \"noNewKeyring\": %s", record->no_new_keyring ? "true" : "false");
	fprintf(out, ",\n  \"complete\": %s", record->complete ? "true" : "false");
	print_annotations(out, &record->annotations);
	fprintf(out, "\n}\n");
	return finish(out, &memory);
}

char *record_state(const struct record *record, enum status status, bool full)
{
	char *memory = NULL;
	size_t size;
	FILE *out = open_memstream(&memory, &size);
	if (!out) {
		fail("out of memory");
		return NULL;
	}
	fprintf(out, "{\n  \"ociVersion\": \"1.3.0\"");
	print_text(out, "id", record->id);
	fprintf(out, ",\n  \"pid\": %" PRId64, status == STOPPED ? 0 : record->pid);
	print_text(out, "status", status_name(status));
	print_text(out, "bundle", record->bundle ? record->bundle : "");
	if (full) {
		print_text(out, "rootfs", record->rootfs ? record->rootfs : "");
		print_text(out, "created", record->created ? record->created : "");
	}
	print_annotations(out, &record->annotations);
	if (full) {
		char owner[RECORD_OWNER_SIZE];
		print_text(out, "owner", record_owner(record, owner));
	}
	fprintf(out, "\n}\n");
	return finish(out, &memory);
}
