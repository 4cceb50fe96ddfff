/*
 * Narration: one line before every step that the kernel will notice.
 *
 *	step("pivot_root: make %s the root mount", root);
 *	if (pivot_root(".", ".") < 0)
 *		return fail_errno();
 *
 * The one call does three jobs. It is the context of an error (error.h). With --explain it tells
 * the user what happens, in which process, when, and which property of config.json asked for it.
 * And it is the comment that the code would need anyway. Start it with the name of the system call
 * or the thing done, then a colon: the hints for known traps (hints.c) are found by that word.
 */
#ifndef COMMON_STEP_H
#define COMMON_STEP_H

enum explain_form {
	EXPLAIN_OFF,
	EXPLAIN_TEXT,  /* a line a step, for people */
	EXPLAIN_JSON,  /* an object a line */
	EXPLAIN_TRACE, /* Chrome's trace events: open the output in Perfetto */
};

/* The program's name, as it stands in front of every error and step. Starts the clock. */
void narrate_as(const char *program);
const char *narrator(void);

/* Which of the program's processes this one is: "parent" (until told otherwise), "init", ... */
void narrate_process(const char *role);

/* What the program was asked to do ("run web"); it stands in errors, after the name. */
void narrate_task(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *narrated_task(void);

/* Turns --explain on. @form: NULL or "text", "json", "trace". Returns -1 for any other word. */
int explain(const char *form);

/*
 * From here on @sink gets each error, warning and step, too, as a line of the level "error",
 * "warning" or "debug".
 */
typedef void line_sink(const char *level, const char *line);
void narrate_to(line_sink *sink);
void narrate_line(const char *level, const char *line);

/* Announces the next step. Cheap when nothing is explained. Keeps errno. */
void step(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The text of the step under way: what went wrong, when something does. */
const char *step_text(void);

/*
 * Names the property of config.json on whose behalf the steps that follow are done, such as
 * "mounts[2]"; NULL when they are nobody's in particular. It stands in errors, too.
 */
void step_for(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *step_property(void);

#endif
