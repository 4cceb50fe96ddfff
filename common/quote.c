#include "quote.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "utf8.h"

/*
 * Whether the character steers a terminal, ends a line, or changes the order in which others are
 * shown: the two sets of control characters, the separators, and the marks for bidirectional text.
 */
static bool steers(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
	       (character >= 0x200e && character <= 0x200f) ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069);
}

/* The character of @length bytes that has been found to be one. */
static uint32_t character_of(const char *at, size_t length)
{
	static const unsigned char bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t character = (unsigned char)at[0] & bits[length];
	for (size_t i = 1; i < length; i++)
		character = character << 6 | ((unsigned char)at[i] & 0x3f);
	return character;
}

static void print_escaped(FILE *out, uint32_t character)
{
	if (character == '"' || character == '\\')
		fprintf(out, "\\%c", (char)character);
	else if (character == '\n')
		fputs("\\n", out);
	else
		fprintf(out, "\\u%04x", character);
}

void quote_json(FILE *out, const char *text)
{
	static const uint32_t no_character = 0xfffd;
	static const char usual[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789 !#$%&'()*+,-./:;<=>?@[]^_`{|}~";
	const char *plain = text;
	fputc('"', out);
	while (*text) {
		/* Most text is nothing but this. */
		text += strspn(text, usual);
		if (!*text)
			break;
		size_t length = utf8_length(text);
		uint32_t character = length ? character_of(text, length) : no_character;
		if (length && character != '"' && character != '\\' && !steers(character)) {
			text += length;
			continue;
		}
		fwrite(plain, 1, (size_t)(text - plain), out);
		print_escaped(out, character);
		plain = text += length ? length : 1;
	}
	fwrite(plain, 1, (size_t)(text - plain), out);
	fputc('"', out);
}

void quote_harmless(char *text)
{
	while (*text) {
		size_t length = utf8_length(text);
		if (length == 0 || steers(character_of(text, length)))
			memset(text, '?', length ? length : 1);
		text += length ? length : 1;
	}
}
