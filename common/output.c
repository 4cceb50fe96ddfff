/* The C library writes late, and tells nobody what became of it. */
#include "output.h"

#include <errno.h>
#include <stdio.h>

#include "error.h"
#include "step.h"

int output_finish(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	step("write: to the standard output");
	return errno ? fail_errno() : fail("%s: part of it is lost", step_text());
}
