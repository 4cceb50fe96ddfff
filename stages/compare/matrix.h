/* The matrix on a terminal. */
#ifndef COMPARE_MATRIX_H
#define COMPARE_MATRIX_H

#include "compare/facts.h"

/* Prints a row a fact, a column a program; what the signs mean; and a line a stage: what it adds.
 */
void matrix_print(const struct matrix *matrix);

#endif
