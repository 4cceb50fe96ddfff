/* All that is known, as one JSON document: what --json prints, and what the page shows. */
#ifndef COMPARE_REPORT_H
#define COMPARE_REPORT_H

#include "compare/facts.h"
#include "compare/stages.h"
#include "compare/trace.h"

struct json_object;

/*
 * The document, without the cost (json_object_put() frees it), or NULL with the error set. @traces:
 * a trace a stage, by number, one without steps where there is none; or NULL. Its form is in
 * README.md.
 */
struct json_object *report_make(const struct matrix *matrix, const struct trace traces[STAGES]);

#endif
