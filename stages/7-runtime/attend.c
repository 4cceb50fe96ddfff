/*
 * What must hold: nothing but the lock is given up while the container runs, so that others can
 * look at it, kill it, delete it.
 */
#include "7-runtime/attend.h"

#include <errno.h>

#include "7-runtime/delete.h"
#include "common/error.h"

/* Somebody may have deleted it meanwhile, or may be about to. */
static int delete_by_id(const char *id, const struct config *config)
{
	struct record record;
	int result = record_open(&record, id, true);
	if (result == 0)
		result = delete_container(&record, config);
	else if (errno == ENOENT)
		result = 0;
	record_close(&record);
	return result;
}

int attend(struct creation *creation, bool keep)
{
	if (record_unlock(&creation->record) < 0)
		return delete_failed(&creation->record, creation->config);
	int status = files_supervise(&creation->container.child, creation->terminal);
	/* The hooks of the delete may have errors of their own. */
	int reported = status < 0 ? error_report() : 0;
	error_clear();
	if (!keep && delete_by_id(creation->record.id, creation->config) < 0)
		return -1;
	return status < 0 ? fail_reported(reported) : status;
}
