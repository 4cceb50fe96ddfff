/* Stage 7, cooper: ... through a whole life, create to delete, under an engine or by hand. */
#include "7-runtime/caller.h"
#include "7-runtime/command_line.h"
#include "7-runtime/log.h"
#include "7-runtime/shelter.h"
#include "common/error.h"
#include "common/step.h"

int main(int argc, char **argv)
{
	narrate_as("cooper");
	if (caller_make_good() < 0 || shelter_enter(argv) < 0)
		return error_report();
	return verbs_run(cooper_verbs, &cooper_command_line, log_open, argc, argv);
}
