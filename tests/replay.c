/*
 * A fuzz target without its fuzzer: runs it once on each file named, which is what it has been
 * fuzzed to find (tests/fuzz/corpus). The result is one line of TAP. When the target fails, its end
 * is that of the program, after the name of the file.
 */
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sanitizer/common_interface_defs.h>

#include "common/error.h"
#include "common/file.h"

enum { INPUT_MOST = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char note[512];

static void name_input(void)
{
	if (write(STDERR_FILENO, note, strlen(note)) < 0)
		return;
}

static void name_input_and_die(int number)
{
	name_input();
	signal(number, SIG_DFL);
	raise(number);
}

static void run_on(const char *path)
{
	size_t size;
	snprintf(note, sizeof(note), "# with the input %s\n", path);
	char *text = file_read(AT_FDCWD, path, INPUT_MOST, &size);
	/* In memory of just its size, so that a look beyond it is seen. */
	uint8_t *data = text ? malloc(size ? size : 1) : NULL;
	if (!data)
		abort();
	memcpy(data, text, size);
	free(text);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

int main(int argc, char **argv)
{
	__sanitizer_set_death_callback(name_input);
	signal(SIGABRT, name_input_and_die);
	/* A target may say much; only a sanitizer's report, which goes past these, is to be seen.
	 */
	stdout = stderr = fopen("/dev/null", "we");
	if (!stdout)
		return EXIT_ERROR;
	for (int i = 1; i < argc; i++)
		run_on(argv[i]);
	dprintf(STDOUT_FILENO, "1..1\nok 1 - fuzz: %s, %d inputs\n", basename(argv[0]), argc - 1);
	return 0;
}
