#include "compare/page.h"

#include <fcntl.h>
#include <json-c/json.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file.h"
#include "common/text.h"
#include "compare/source.h"

#define MARK "@DATA@"

enum { TEMPLATE_MOST = 1 << 20 };

int page_write(const char *file, struct json_object *report)
{
	const char *root = source_root();
	_cleanup_free char *path = root ? text_format("%s/stages/compare/page.html", root) : NULL;
	_cleanup_free char *template = path ? file_read(AT_FDCWD, path, TEMPLATE_MOST, NULL) : NULL;
	if (!template)
		return -1;
	char *mark = strstr(template, MARK);
	if (!mark)
		return fail("%s: it has no %s", path, MARK);
	*mark = '\0';
	/* "</script>" in a text would end the data: json-c writes it as "<\/script>". */
	_cleanup_free char *page = text_format("%s%s%s", template,
		json_object_to_json_string_ext(report, JSON_C_TO_STRING_PLAIN),
		mark + strlen(MARK));
	return page ? file_replace(AT_FDCWD, file, page, 0644) : -1;
}
