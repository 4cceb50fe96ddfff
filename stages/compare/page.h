/* The comparison as a page for a browser, and as text. */
#ifndef COMPARE_PAGE_H
#define COMPARE_PAGE_H

struct json_object;

/*
 * Writes the report (report.h) as one file that needs no other and no network: the template
 * page.html with the report in it. Returns 0, or -1 with the error set.
 */
int page_write(const char *file, struct json_object *report);

/* Writes it as Markdown: the verdicts, and for each stage what it changes and why. */
int markdown_write(const char *file, struct json_object *report);

#endif
