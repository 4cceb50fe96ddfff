/* Colours and columns of a terminal. */
#ifndef COMPARE_PAINT_H
#define COMPARE_PAINT_H

#include <stddef.h>

#include "compare/facts.h"

/* Settles once, for stdout, whether there are colours: on a terminal, and NO_COLOR is not set. */
void paint_begin(void);

/* How wide lines may be: the terminal's width, else $COLUMNS, else 100; at least 40. */
size_t paint_width(void);

/* The sequences that begin a style and end all of them; "" without colours. */
const char *paint_bold(void);
const char *paint_dim(void);
const char *paint_verdict(enum verdict verdict);
const char *paint_end(void);

/* One sign, that says it without a colour, too. */
const char *verdict_sign(enum verdict verdict);

/* How to print a text in a column: one of the two below. */
typedef void painter(const char *text, size_t width);

/* Prints @text (UTF-8) in @width columns: cut, with an ellipsis, or filled with blanks. */
void paint_cell(const char *text, size_t width);

/* The same without the blanks: the last one of a line. */
void paint_last(const char *text, size_t width);

/*
 * Prints @text from column @indent on, broken between words, or behind the "|" of flags, before
 * @width. Ends the line.
 */
void paint_paragraph(const char *text, size_t indent, size_t width);

#endif
