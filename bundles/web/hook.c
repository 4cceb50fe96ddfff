/*
 * A hook that gives a container its network.
 *
 * The OCI runtime makes the container's network namespace and leaves it empty: networks are the
 * business of whoever calls it. At certain moments it runs the programs that config.json names as
 * hooks, with the container's state as JSON on their standard input. This one is called twice:
 *
 *	createRuntime	hook attach --publish 8080:80	the namespace is there, nothing runs yet
 *	poststop	hook detach			the container is gone
 *
 * What must hold: the second call knows no more than the container's id. All that the first one has
 * made is named after it, in the kernel; see stages/5-network/network.c.
 */
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "5-network/network.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/flags.h"
#include "common/step.h"

enum { LARGEST_STATE = 1 << 20 };

/* The state that the runtime sends, to be released with json_object_put(). */
static struct json_object *read_state(void)
{
	_cleanup_free char *text = malloc(LARGEST_STATE + 1);
	if (!text) {
		fail("out of memory");
		return NULL;
	}
	text[fread(text, 1, LARGEST_STATE, stdin)] = '\0';
	struct json_object *state = json_tokener_parse(text);
	if (json_object_is_type(state, json_type_object))
		return state;
	json_object_put(state);
	fail("standard input: expected the state of a container, as JSON");
	return NULL;
}

static int attach_or_detach(const char *verb, struct network *network, struct json_object *state)
{
	struct json_object *id, *pid;
	if (!json_object_object_get_ex(state, "id", &id) ||
		!json_object_is_type(id, json_type_string))
		return fail("the container's state has no \"id\"");
	if (!strcmp(verb, "detach"))
		return network_detach(network, json_object_get_string(id));
	if (!json_object_object_get_ex(state, "pid", &pid) || json_object_get_int(pid) <= 0)
		return fail("the container's state has no \"pid\": it does not run");
	return network_attach(network, json_object_get_string(id), json_object_get_int(pid));
}

int main(int argc, char **argv)
{
	static struct network network = {.mode = NETWORK_BRIDGE};
	const struct flag_group groups[] = {{network_flags, &network}, {}};
	const struct command_line line = {
		.usage = "attach|detach [options] <STATE",
		.about = "Links the container whose OCI state is on standard input to the bridge\n"
			 "cooper0, or takes its link down again.",
		.groups = groups,
	};

	narrate_as("hook");
	const char *verb = argc > 1 ? argv[1] : "";
	bool known = !strcmp(verb, "attach") || !strcmp(verb, "detach");
	/* Without a verb there may still be a --help. */
	flags_read(&line, argc - known, argv + known);
	if (!known) {
		fail("expected: hook %s", line.usage);
		fail_status(EXIT_USAGE);
		return error_report();
	}
	struct json_object *state = network_check(&network) < 0 ? NULL : read_state();
	int status = state ? attach_or_detach(verb, &network, state) : -1;
	json_object_put(state);
	return status < 0 ? error_report() : 0;
}
