/* The commands of cooper, a file each. */
#ifndef STAGE7_VERBS_H
#define STAGE7_VERBS_H

#include "common/verbs.h"

extern const struct verb verb_checkpoint, verb_restore;
extern const struct verb verb_create, verb_start, verb_run, verb_state, verb_kill, verb_delete,
	verb_list, verb_spec, verb_exec, verb_ps, verb_pause, verb_resume, verb_update, verb_events,
	verb_features;

#endif
