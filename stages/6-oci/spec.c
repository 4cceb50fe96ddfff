/*
 * The text of a config.json, to be edited. What stands in it is the least that a common program
 * expects (a /proc, a /dev, a terminal) and the most that keeps it from the host: all namespaces
 * but the user's, which needs a range of ids that only the host's owner can choose.
 *
 * The masked paths are files of /proc and /sys that belong to no namespace: they tell about the
 * host, or change it.
 */
#include "6-oci/spec.h"

#include "common/error.h"
#include "common/step.h"

/* %s: what else is in "process". */
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
	"                     \"mode=0620\", \"gid=5\"]},\n"
	"        {\"destination\": \"/dev/shm\", \"type\": \"tmpfs\", \"source\": \"shm\",\n"
	"         \"options\": [\"nosuid\", \"noexec\", \"nodev\", \"mode=1777\", \"size=65536k\"]},\n"
	"        {\"destination\": \"/dev/mqueue\", \"type\": \"mqueue\", \"source\": \"mqueue\",\n"
	"         \"options\": [\"nosuid\", \"noexec\", \"nodev\"]},\n"
	"        {\"destination\": \"/sys\", \"type\": \"sysfs\", \"source\": \"sysfs\",\n"
	"         \"options\": [\"nosuid\", \"noexec\", \"nodev\", \"ro\"]}\n"
	"    ],\n"
	"    \"linux\": {\n"
	"        \"namespaces\": [\n"
	"            {\"type\": \"pid\"},\n"
	"            {\"type\": \"network\"},\n"
	"            {\"type\": \"ipc\"},\n"
	"            {\"type\": \"uts\"},\n"
	"            {\"type\": \"mount\"},\n"
	"            {\"type\": \"cgroup\"}\n"
	"        ],\n"
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

int spec_print(FILE *out, int stage)
{
	step("write: the config");
	if (fprintf(out, text, stage >= 7 ? privileges : "") < 0 || fflush(out) < 0)
		return fail_errno();
	return 0;
}
