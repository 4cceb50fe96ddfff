#include "compare/paint.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_USUAL = 100, WIDTH_LEAST = 40 };

static bool colours;

void paint_begin(void)
{
	const char *unwanted = getenv("NO_COLOR");
	colours = isatty(STDOUT_FILENO) && (!unwanted || !*unwanted);
}

size_t paint_width(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	long width = WIDTH_USUAL;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		width = size.ws_col;
	else if (columns && atol(columns) > 0)
		width = atol(columns);
	return width < WIDTH_LEAST ? WIDTH_LEAST : (size_t)width;
}

static const char *style(const char *sequence)
{
	return colours ? sequence : "";
}

const char *paint_bold(void)
{
	return style("\033[1m");
}

const char *paint_dim(void)
{
	return style("\033[2m");
}

const char *paint_end(void)
{
	return style("\033[0m");
}

const char *paint_verdict(enum verdict verdict)
{
	static const char *const styles[VERDICTS] = {"\033[31m", "\033[33m", "\033[32m", "\033[2m"};
	return style(styles[verdict]);
}

const char *verdict_sign(enum verdict verdict)
{
	static const char *const signs[VERDICTS] = {"●", "◐", "○", "·"};
	return signs[verdict];
}

static bool begins_letter(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

static size_t letters(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += begins_letter(*text);
	return count;
}

/* Returns how wide it is. */
static size_t paint_cut(const char *text, size_t width)
{
	size_t all = letters(text), shown = all <= width ? all : width - 1, done = 0;
	const char *end = text;
	if (!width)
		return 0;
	while (*end && (done < shown || !begins_letter(*end)))
		done += begins_letter(*end++);
	printf("%.*s%s", (int)(end - text), text, all > width ? "…" : "");
	return all > width ? width : all;
}

void paint_cell(const char *text, size_t width)
{
	printf("%*s", (int)(width - paint_cut(text, width)), "");
}

void paint_last(const char *text, size_t width)
{
	paint_cut(text, width);
}

void paint_paragraph(const char *text, size_t indent, size_t width)
{
	size_t at = indent;
	int blank = 0;
	while (*text) {
		size_t bytes = strcspn(text, " |"), word = 0;
		bytes += text[bytes] == '|';
		for (size_t i = 0; i < bytes; i++)
			word += begins_letter(text[i]);
		if (at > indent && at + (size_t)blank + word > width) {
			printf("\n%*s", (int)indent, "");
			at = indent;
			blank = 0;
		}
		printf("%*s%.*s", blank, "", (int)bytes, text);
		at += (size_t)blank + word;
		text += bytes;
		blank = *text == ' ';
		text += strspn(text, " ");
	}
	putchar('\n');
}
