/*
 * json-c does the parsing. Its strict mode is still more forgiving than the RFC: of two members
 * with one name the later wins, a number too large becomes the largest that fits, NaN and 'single
 * quotes' pass, a string may hold control characters, a NUL, or bytes that are no UTF-8. A runtime
 * that reads a config differently from the program that has approved it is a hole, so a second
 * pass looks at each token again.
 *
 * What must hold: the second pass comes after json-c has accepted the text. So it need not know the
 * grammar, only tell one token from the next, and it never runs over an end. Both passes take time
 * in proportion to the text, whatever it says.
 */
#include "6-oci/json.h"

#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"
#include "common/utf8.h"

/*
 * A large config fits well. The values are limited, too, since json-c makes several hundred bytes
 * out of an object that takes three in the file.
 */
enum { MOST_BYTES = 16 << 20, MOST_VALUES = 1 << 20, VALUES_AN_OBJECT = 8, MOST_DEPTH = 64 };

struct scan {
	const char *file, *text;
	const char *at;
	/* Of the objects that are open, those in lists too: the names so far (of a list: NULL), and
	 * the last of them, quotes included. */
	struct json_object *keys[MOST_DEPTH + 1];
	const char *names[MOST_DEPTH + 1];
	int lengths[MOST_DEPTH + 1];
	int depth;
};

/* The place of @at as an editor shows it, columns in bytes. Returns -1. */
static int fail_at(const char *file, const char *text, const char *at, const char *message)
{
	size_t line = 1, column = 1;
	for (; text < at; text++) {
		column = *text == '\n' ? 1 : column + 1;
		line += *text == '\n';
	}
	return fail("%s: line %zu, column %zu: %s", file, line, column, message);
}

/* With the path to it, as far as it has names. */
static int refuse(const struct scan *scan, const char *message)
{
	_cleanup_free char *path = strdup("");
	for (int i = 1; i <= scan->depth && path; i++) {
		if (!scan->keys[i] || !scan->names[i])
			continue;
		char *longer = text_format("%s%s%.*s", path, *path ? "." : "", scan->lengths[i] - 2,
			scan->names[i] + 1);
		free(path);
		path = longer;
	}
	_cleanup_free char *words = path && *path ? text_format("%s: %s", path, message)
						  : strdup(message);
	return fail_at(scan->file, scan->text, scan->at, words ? words : message);
}

/* Moves behind the closing quote. */
static int scan_string(struct scan *scan)
{
	for (scan->at++; *scan->at != '"';) {
		size_t length = utf8_length(scan->at);
		if (length == 0)
			return refuse(scan, "a byte that is no UTF-8");
		if ((unsigned char)*scan->at < 0x20)
			return refuse(scan, "a control character in a string");
		if (!strncmp(scan->at, "\\u0000", 6))
			return refuse(scan, "a NUL in a string");
		scan->at += *scan->at == '\\' ? 2 : length;
	}
	scan->at++;
	return 0;
}

/* The string from @start to @end, quotes included, with its escapes resolved; free it. */
static char *string_value(const char *start, const char *end)
{
	if (!memchr(start, '\\', (size_t)(end - start)))
		return strndup(start + 1, (size_t)(end - start - 2));
	_cleanup_free char *quoted = strndup(start, (size_t)(end - start));
	struct json_object *string = quoted ? json_tokener_parse(quoted) : NULL;
	char *value = string ? strdup(json_object_get_string(string)) : NULL;
	json_object_put(string);
	return value;
}

static int scan_key_or_string(struct scan *scan)
{
	const char *start = scan->at;
	if (scan_string(scan) < 0)
		return -1;
	const char *end = scan->at;
	if (scan->at[strspn(scan->at, " \t\r\n")] != ':')
		return 0;
	struct json_object *keys = scan->keys[scan->depth];
	scan->names[scan->depth] = start;
	scan->lengths[scan->depth] = (int)(end - start);
	_cleanup_free char *key = string_value(start, end);
	if (!key)
		return fail("%s: out of memory", scan->file);
	if (json_object_object_get_ex(keys, key, NULL)) {
		scan->at = start;
		return refuse(scan, "the same name a second time in one object");
	}
	return json_object_object_add(keys, key, NULL) < 0 ? fail("%s: out of memory", scan->file)
							   : 0;
}

/* Moves behind the number, or stops where the grammar of the RFC ends and json-c's does not. */
static int scan_number(struct scan *scan)
{
	const char *start = scan->at, *end = start + strspn(start, "+-.eE0123456789");
	const char *at = start + (*start == '-');
	bool whole = true;
	if (*at == '0' && isdigit((unsigned char)at[1]))
		return refuse(scan, "a number with a leading zero");
	at += strspn(at, "0123456789");
	if (*at == '.') {
		whole = false;
		at++;
		if (!isdigit((unsigned char)*at))
			return refuse(scan, "a number that ends with its point");
	}
	errno = 0;
	if (whole && *at != 'e' && *at != 'E') {
		if (*start == '-')
			strtoll(start, NULL, 10);
		else
			strtoull(start, NULL, 10);
	}
	if (errno == ERANGE)
		return refuse(scan, "a number that does not fit into 64 bits");
	scan->at = end;
	return 0;
}

static void scan_open(struct scan *scan)
{
	scan->depth++;
	scan->keys[scan->depth] = *scan->at == '{' ? json_object_new_object() : NULL;
	scan->names[scan->depth] = NULL;
	scan->at++;
}

static void scan_close(struct scan *scan)
{
	json_object_put(scan->keys[scan->depth--]);
	scan->at++;
}

static int scan_token(struct scan *scan)
{
	switch (*scan->at) {
	case '{':
	case '[':
		scan_open(scan);
		return 0;
	case '}':
	case ']':
		scan_close(scan);
		return 0;
	case '"':
		return scan_key_or_string(scan);
	case '\'':
		return refuse(scan, "strings stand in double quotes");
	case 'N':
	case 'I':
		return refuse(scan, "NaN and Infinity are no numbers in JSON");
	default:
		if (*scan->at != '-' && !isdigit((unsigned char)*scan->at)) {
			scan->at++;
			return 0;
		}
		if (scan->at[1] == 'I')
			return refuse(scan, "NaN and Infinity are no numbers in JSON");
		return scan_number(scan);
	}
}

/* What json-c says, in the words of a user. */
static const char *grammar_error(enum json_tokener_error problem)
{
	switch (problem) {
	case json_tokener_error_parse_eof:
		return "the file ends too early";
	case json_tokener_error_depth:
		return "more than 64 levels deep";
	default:
		return "not JSON";
	}
}

/* The second pass. */
static int check_tokens(const char *file, const char *text)
{
	struct scan scan = {.file = file, .text = text, .at = text};
	int result = 0;
	while (*scan.at && result == 0)
		result = scan_token(&scan);
	while (scan.depth > 0)
		scan_close(&scan);
	return result;
}

/* How many values @text has, by the memory they would take; what is too deep is not read that far.
 */
static size_t count_values(const char *text)
{
	size_t count = 0;
	int depth = 0;
	bool quoted = false;
	for (; *text && depth <= MOST_DEPTH; text++) {
		if (quoted && *text == '\\' && text[1])
			text++;
		else if (*text == '"')
			quoted = !quoted;
		else if (!quoted) {
			count += *text == '{' ? VALUES_AN_OBJECT : *text == ',' || *text == '[';
			depth += (*text == '{' || *text == '[') - (*text == '}' || *text == ']');
		}
	}
	return count;
}

/* What needs no parser to see. */
static int check_text(const char *file, const char *text, size_t size)
{
	const char *nul = memchr(text, '\0', size);
	if (size == 0)
		return fail("%s: the file is empty", file);
	if (nul)
		return fail_at(file, text, nul, "a NUL byte");
	if (count_values(text) > MOST_VALUES)
		return fail("%s: more than %d values", file, MOST_VALUES);
	return 0;
}

struct json_object *json_parse(const char *file, const char *text, size_t size)
{
	if (check_text(file, text, size) < 0)
		return NULL;
	struct json_tokener *tokener = json_tokener_new_ex(MOST_DEPTH);
	if (!tokener) {
		fail("%s: out of memory", file);
		return NULL;
	}
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	/* With its NUL, so that json-c knows that nothing follows. */
	struct json_object *json = json_tokener_parse_ex(tokener, text, (int)size + 1);
	enum json_tokener_error problem = json_tokener_get_error(tokener);
	const char *end = text + json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (problem != json_tokener_success)
		fail_at(file, text, end, grammar_error(problem));
	else if (!json) /* json-c's null is NULL, which means failure here */
		fail("%s: expected an object, found null", file);
	else if (check_tokens(file, text) == 0)
		return json;
	json_object_put(json);
	return NULL;
}

struct json_object *json_read(int directory, const char *path, const char *file, char **text)
{
	size_t size;
	_cleanup_free char *read = file_read(directory, path, MOST_BYTES, &size);
	struct json_object *json = read ? json_parse(file, read, size) : NULL;
	if (json && text)
		*text = steal_pointer(&read);
	return json;
}

struct json_object *json_read_from(int fd, const char *file)
{
	size_t size;
	_cleanup_free char *text = file_read_from(fd, file, MOST_BYTES, &size);
	return text ? json_parse(file, text, size) : NULL;
}
