/*
 * The host's side: the stand-ins, and the marks by which they are known again. (outside.h)
 *
 * All that is made here goes with this process, also when that is killed: sockets, and the disk
 * (a loop device that lets go when its last user does); shared memory
 * is removed when the process is asked to end, or its parent has ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/loop.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "compare/probe/outside.h"
#include "compare/probe/proc.h"

/* The user to whom the file of somebody else belongs: one whose id nobody has. */
enum { SOMEBODY_ELSE = 65533 };

static FILE *marks;
static char token[32];

__attribute__((format(printf, 2, 3))) static void mark(const char *name, const char *value, ...)
{
	fprintf(marks, "%s ", name);
	va_list arguments;
	va_start(arguments, value);
	vfprintf(marks, value, arguments);
	va_end(arguments);
	fputc('\n', marks);
}

static int write_new(const char *path, const char *text, mode_t mode)
{
	_cleanup_fd int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	ssize_t length = (ssize_t)strlen(text);
	return file < 0 || write(file, text, (size_t)length) != length ? -1 : 0;
}

static void mark_machine(void)
{
	char text[256];
	struct utsname name;
	struct sysinfo machine;
	if (proc_read("sys/kernel/random/boot_id", text, sizeof(text)) > 0)
		mark("boot-id", "%s", text);
	if (uname(&name) == 0)
		mark("host-name", "%s", name.nodename);
	if (sysinfo(&machine) == 0) {
		mark("uptime", "%ld", machine.uptime);
		mark("memory", "%lu", machine.totalram / 1024 * machine.mem_unit / 1024);
	}
}

/* Who has started this, and the stages: what a process inside may have of them. */
static void mark_session(void)
{
	gid_t groups[1];
	int keyring = session_keyring();
	if (keyring >= 0)
		mark("keyring", "%d", keyring);
	if (getgroups(1, groups) == 1 && groups[0])
		mark("group", "%u", groups[0]);
	if (strtoull(proc_status("CapEff"), NULL, 16) >> CAP_SYS_RESOURCE & 1)
		mark("raises-limits", "CAP_SYS_RESOURCE");
}

static void mark_cgroups(void)
{
	static char text[65536];
	if (access("/sys/fs/cgroup/memory", F_OK) == 0)
		mark("cgroup-v1", "memory");
	if (proc_read("self/mountinfo", text, sizeof(text)) >= 0 && strstr(text, "nsdelegate"))
		mark("nsdelegate", "yes");
	const char *own = proc_read("self/cgroup", text, sizeof(text)) < 0 ? NULL
									   : strstr(text, "0::/");
	if (geteuid() && own && strcmp(own, "0::/") == 0)
		mark("top-cgroup", "yes");
}

static void mark_namespaces(void)
{
	static const char *const names[] = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user",
		"uts"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char path[64], link[64];
		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		ssize_t length = readlink(path, link, sizeof(link) - 1);
		if (length < 0)
			continue;
		link[length] = '\0';
		snprintf(path, sizeof(path), "namespace-%s", names[i]);
		mark(path, "%s", link);
	}
}

/* A file to be found by nobody inside, by its path or by its handle. See open_by_handle_at(2). */
static void mark_file(const char *directory)
{
	char path[512];
	struct {
		struct file_handle header;
		unsigned char bytes[MAX_HANDLE_SZ];
	} handle = {.header.handle_bytes = MAX_HANDLE_SZ};
	int mount;

	snprintf(path, sizeof(path), "%s/mark", directory);
	snprintf(token, sizeof(token), "the-host-%d", getpid());
	if (write_new(path, token, 0644) < 0)
		return;
	mark("token", "%s", token);
	mark("mark", "%s", path);
	if (name_to_handle_at(AT_FDCWD, path, &handle.header, &mount, 0) < 0)
		return;
	char hexadecimal[2 * MAX_HANDLE_SZ + 1] = "";
	for (unsigned int i = 0; i < handle.header.handle_bytes; i++)
		sprintf(hexadecimal + 2UL * i, "%02x", handle.bytes[i]);
	mark("handle", "%d %s", handle.header.handle_type, hexadecimal);
}

/* The image: its device, by which writing to it is told from writing to a layer above it. */
static void mark_image(const char *image)
{
	char path[512];
	struct stat file;
	snprintf(path, sizeof(path), "%s/secret", image);
	if (write_new(path, "somebody else's", 0600) == 0 &&
		chown(path, SOMEBODY_ELSE, SOMEBODY_ELSE) == 0)
		mark("secret", "%d", SOMEBODY_ELSE);
	else
		unlink(path);
	if (stat(image, &file) == 0)
		mark("image", "%u:%u", major(file.st_dev), minor(file.st_dev));
}

/* A disk that lets go of its file by itself when this process has ended: its fd, or -1. See
 * loop(4). */
static int make_disk(const char *directory, struct stat *disk)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/disk", directory);
	_cleanup_fd int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	_cleanup_fd int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	if (file < 0 || control < 0 || pwrite(file, token, strlen(token), 0) < 0 ||
		ftruncate(file, 1 << 20) < 0)
		return -1;
	snprintf(path, sizeof(path), "/dev/loop%d", ioctl(control, LOOP_CTL_GET_FREE));
	_cleanup_fd int device = open(path, O_RDONLY | O_CLOEXEC);
	struct loop_config config = {
		.fd = (unsigned int)file,
		.info.lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR,
	};
	if (device < 0 || ioctl(device, LOOP_CONFIGURE, &config) < 0 || fstat(device, disk) < 0)
		return -1;
	return steal_fd(&device);
}

/* Without loop devices: the disk that the root directory is on. */
static void mark_disk(const char *directory)
{
	struct stat disk;
	if (make_disk(directory, &disk) >= 0)
		mark("disk", "%u:%u", major(disk.st_rdev), minor(disk.st_rdev));
	else if (geteuid() == 0 && stat("/", &disk) == 0 && major(disk.st_dev))
		mark("root-disk", "%u:%u", major(disk.st_dev), minor(disk.st_dev));
}

/* The mount at the host's root, as mountinfo tells it: device, which part of it, where. */
static void mark_mount(void)
{
	static char mounts[65536];
	char device[16], root[256], place[256];
	if (proc_read("self/mountinfo", mounts, sizeof(mounts)) < 0)
		return;
	char *rest = mounts;
	for (const char *line; (line = strsep(&rest, "\n"));)
		if (sscanf(line, "%*d %*d %15s %255s %255s", device, root, place) == 3 &&
			strcmp(place, "/") == 0)
			mark("mount", "%s %s %s", device, root, place);
}

/* Who can connect can reach: the kernel accepts up to the backlog, and nobody has to answer. */
static int listen_at(const void *address, socklen_t length)
{
	const struct sockaddr *name = address;
	int server = socket(name->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return server < 0 || bind(server, name, length) < 0 || listen(server, 1000) < 0 ? -1
											: server;
}

static void mark_port(const char *name, in_addr_t where)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(where)};
	socklen_t length = sizeof(address);
	int server = listen_at(&address, length);
	if (server >= 0 && getsockname(server, (struct sockaddr *)&address, &length) == 0)
		mark(name, "%d", ntohs(address.sin_port));
}

/* An abstract name has no file, and so no permissions. See unix(7). */
static void mark_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "compare-%d",
		getpid());
	if (listen_at(&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1) +
					(socklen_t)length) >= 0)
		mark("socket", "%s", address.sun_path + 1);
}

static int mark_shared_memory(void)
{
	int segment = shmget(getpid(), 1, IPC_CREAT | IPC_EXCL | 0600);
	if (segment >= 0)
		mark("shared-memory", "%d", getpid());
	return segment;
}

int outside_play(const char *directory)
{
	char path[512];
	sigset_t end;
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);

	snprintf(path, sizeof(path), "%s/host", directory);
	marks = fopen(path, "wxe");
	if (!marks) {
		perror(path);
		return EXIT_FAILURE;
	}
	mark("process", "%d", getpid());
	mark_machine();
	mark_session();
	mark_cgroups();
	mark_namespaces();
	mark_mount();
	mark_file(directory);
	mark_image(directory);
	mark_disk(directory);
	mark_port("port", INADDR_ANY);
	mark_port("loopback-port", INADDR_LOOPBACK);
	mark_socket();
	int segment = mark_shared_memory();
	if (fclose(marks) < 0)
		return EXIT_FAILURE;
	puts("ready");
	fclose(stdout);

	int signal;
	sigwait(&end, &signal);
	if (segment >= 0)
		shmctl(segment, IPC_RMID, NULL);
	return EXIT_SUCCESS;
}
