/*
 * The text of a config.json, to be edited. What stands in it is the least that a common program
 * expects (a /proc, a /dev, a terminal) and the most that keeps it from the host: all namespaces
 * but the user's, which needs a range of ids that only the host's owner can choose.
 *
 * The masked paths are files of /proc and /sys that belong to no namespace: they tell about the
 * host, or change it.
 */
#include "6-oci/spec.h"

#include <unistd.h>

#include "common/error.h"
#include "common/step.h"

/* In the order of the %s: what else is in "process"; an option of devpts; /sys; namespaces. */
static const char text[] =
	"{\n"
	"    \"ociVersion\": \"1.3.0\",\n"
	"    \"process\": {\n"
	"        \"terminal\": true,\n"
	"        \"user\": {\"uid\": 0, \"gid\": 0},\n"
	"        \"args\": [\"sh\"],\n"
	"        \"env\": [\n"
	"            \"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\",\n"
	"            \"TERM=xterm\"\n"
	"        ],\n"
	"        \"cwd\": \"/\",\n"
	"%s"
	"        \"rlimits\": [\n"
	"            {\"type\": \"RLIMIT_NOFILE\", \"soft\": 1024, \"hard\": 1024}\n"
	"        ]\n"
	"    },\n"
	"    \"root\": {\"path\": \"rootfs\", \"readonly\": true},\n"
	"    \"hostname\": \"cooper\",\n"
	"    \"mounts\": [\n"
	"        {\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\",\n"
	"         \"options\": [\"nosuid\", \"noexec\", \"nodev\"]},\n"
	"        {\"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\",\n"
	"         \"options\": [\"nosuid\", \"strictatime\", \"mode=755\", \"size=65536k\"]},\n"
	"        {\"destination\": \"/dev/pts\", \"type\": \"devpts\", \"source\": \"devpts\",\n"
	"         \"options\": [\"nosuid\", \"noexec\", \"newinstance\", \"ptmxmode=0666\",\n"
	"                     \"mode=0620\"%s]},\n"
	"        {\"destination\": \"/dev/shm\", \"type\": \"tmpfs\", \"source\": \"shm\",\n"
	"         \"options\": [\"nosuid\", \"noexec\", \"nodev\", \"mode=1777\", \"size=65536k\"]},\n"
	"        {\"destination\": \"/dev/mqueue\", \"type\": \"mqueue\", \"source\": \"mqueue\",\n"
	"         \"options\": [\"nosuid\", \"noexec\", \"nodev\"]},\n"
	"%s"
	"    ],\n"
	"    \"linux\": {\n"
	"        \"namespaces\": [\n"
	"            {\"type\": \"pid\"},\n"
	"%s"
	"            {\"type\": \"ipc\"},\n"
	"            {\"type\": \"uts\"},\n"
	"            {\"type\": \"mount\"},\n"
	"            {\"type\": \"cgroup\"}\n"
	"        ],\n"
	"%s"
	"        \"maskedPaths\": [\n"
	"            \"/proc/acpi\", \"/proc/asound\", \"/proc/kcore\",\n"
	"            \"/proc/keys\", \"/proc/latency_stats\",\n"
	"            \"/proc/sched_debug\", \"/proc/scsi\",\n"
	"            \"/proc/timer_list\", \"/proc/timer_stats\",\n"
	"            \"/sys/firmware\"\n"
	"        ],\n"
	"        \"readonlyPaths\": [\n"
	"            \"/proc/bus\", \"/proc/fs\", \"/proc/irq\",\n"
	"            \"/proc/sys\", \"/proc/sysrq-trigger\"\n"
	"        ]\n"
	"    }\n"
	"}\n";

/* From stage 7 on: root inside is not all of root, and never becomes more. */
#define CAPABILITY_SET "[\"CAP_AUDIT_WRITE\", \"CAP_KILL\", \"CAP_NET_BIND_SERVICE\"]"
static const char privileges[] = "        \"capabilities\": {\n"
				 "            \"bounding\": " CAPABILITY_SET ",\n"
				 "            \"effective\": " CAPABILITY_SET ",\n"
				 "            \"permitted\": " CAPABILITY_SET "\n"
				 "        },\n"
				 "        \"noNewPrivileges\": true,\n";

#define SYS "        {\"destination\": \"/sys\", "
static const char fresh_sys[] = SYS
	"\"type\": \"sysfs\", \"source\": \"sysfs\",\n"
	"         \"options\": [\"nosuid\", \"noexec\", \"nodev\", \"ro\"]}\n";
/* A new sysfs takes a network of one's own; the host's shows the host's. */
static const char hosts_sys[] = SYS
	"\"type\": \"none\", \"source\": \"/sys\",\n"
	"         \"options\": [\"rbind\", \"nosuid\", \"noexec\", \"nodev\", \"rro\"]}\n";

/* Root inside is the caller outside, and there is nobody else. */
static const char mappings[] =
	"        \"uidMappings\": [{\"containerID\": 0, \"hostID\": %u, \"size\": 1}],\n"
	"        \"gidMappings\": [{\"containerID\": 0, \"hostID\": %u, \"size\": 1}],\n";

int spec_print(FILE *out, int stage, bool rootless)
{
	char maps[sizeof(mappings) + 32] = "";
	if (rootless)
		snprintf(maps, sizeof(maps), mappings, geteuid(), getegid());
	step("write: the config");
	if (fprintf(out, text, stage >= 7 ? privileges : "", rootless ? "" : ", \"gid=5\"",
		    rootless ? hosts_sys : fresh_sys,
		    rootless ? "            {\"type\": \"user\"},\n"
			     : "            {\"type\": \"network\"},\n",
		    maps) < 0 ||
		fflush(out) < 0)
		return fail_errno();
	return 0;
}
