/*
 * An annotation for systemd, NAME=VALUE, whose value is in the text form of GVariant.
 *
 * What must hold: what comes out is of a type that D-Bus has, with each value in that type's
 * bounds; and written out with its type, it reads the same again.
 */
#include "fuzz.h"

#include <inttypes.h>
#include <stdio.h>

#include "7-runtime/systemd/property.h"

static char type_of(const struct variant *variant)
{
	bool array = variant->signature[0] == 'a';
	must(array || variant->count == 1);
	must(variant->signature[array ? 2 : 1] == '\0');
	return variant->signature[array];
}

/* D-Bus's types of whole numbers. */
static const struct bounds {
	char type;
	int64_t least;
	uint64_t most;
} bounds[] = {
	{'y', 0, UINT8_MAX},
	{'n', INT16_MIN, INT16_MAX},
	{'q', 0, UINT16_MAX},
	{'i', INT32_MIN, INT32_MAX},
	{'u', 0, UINT32_MAX},
	{'x', INT64_MIN, INT64_MAX},
	{'t', 0, UINT64_MAX},
};

static void check_number(const char *text, const struct bounds *in)
{
	char number[32];
	if (*text == '-') {
		int64_t value = strtoll(text, NULL, 10);
		must(value >= in->least);
		snprintf(number, sizeof(number), "%" PRId64, value);
	} else {
		uint64_t value = strtoull(text, NULL, 10);
		must(value <= in->most);
		snprintf(number, sizeof(number), "%" PRIu64, value);
	}
	must(strcmp(number, text) == 0);
}

static void check_value(char type, const char *text)
{
	for (size_t i = 0; i < sizeof(bounds) / sizeof(*bounds); i++)
		if (bounds[i].type == type) {
			check_number(text, &bounds[i]);
			return;
		}
	must(type == 's' || type == 'd' ||
		(type == 'b' && (!strcmp(text, "true") || !strcmp(text, "false"))));
}

static void write_value(FILE *out, char type, const char *text)
{
	if (type != 's') {
		fputs(text, out);
		return;
	}
	fputc('\'', out);
	for (; *text; text++)
		fprintf(out, "%s%c", strchr("'\\", *text) ? "\\" : "", *text);
	fputc('\'', out);
}

static void check_again(const struct variant *variant)
{
	struct variant again;
	char *text, type = type_of(variant);
	size_t size;
	FILE *out = open_memstream(&text, &size);
	must(out);
	fprintf(out, "@%s ", variant->signature);
	if (variant->signature[0] == 'a')
		fputc('[', out);
	for (size_t i = 0; i < variant->count; i++) {
		fputs(i ? ", " : "", out);
		write_value(out, type, variant->values[i]);
	}
	if (variant->signature[0] == 'a')
		fputc(']', out);
	must(fclose(out) == 0);
	must(variant_read(&again, text) == 0);
	must(!strcmp(again.signature, variant->signature) && again.count == variant->count);
	for (size_t i = 0; i < variant->count; i++)
		must(strcmp(again.values[i], variant->values[i]) == 0);
	variant_free(&again);
	free(text);
}

/* As many microseconds as @value says seconds: a double is near enough to tell an overflow. */
static void check_time(const char *value, const struct variant *time)
{
	struct variant asked;
	must(variant_read(&asked, value) == 0);
	must(!strcmp(time->signature, "t") && time->count == 1);
	double seconds = strtod(asked.values[0], NULL);
	double difference = strtod(time->values[0], NULL) / 1000000 - seconds;
	must(difference < 0.000002 + seconds / 1000000 &&
		-difference < 0.000002 + seconds / 1000000);
	variant_free(&asked);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *value = text;
	const char *name = strsep(&value, "=");
	char annotation[256];
	struct property_value property;
	if (!value || snprintf(annotation, sizeof(annotation), PROPERTY_PREFIX "%s", name) >=
			      (int)sizeof(annotation)) {
		free(text);
		return 0;
	}
	must(property_is(annotation));
	bool failed = property_read(&property, annotation, value) < 0;
	fuzz_expect_error(failed);
	if (!failed) {
		bool time = strcmp(property.name, name) != 0;
		char type = type_of(&property.variant);
		for (size_t i = 0; i < property.variant.count; i++)
			check_value(type, property.variant.values[i]);
		check_again(&property.variant);
		if (time)
			check_time(value, &property.variant);
	}
	property_free(&property);
	free(text);
	return 0;
}
