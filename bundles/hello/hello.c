/*
 * All there is in this container: one program. It needs no shell, no libraries and no operating
 * system around it, only a kernel.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	char host[65] = "";
	gethostname(host, sizeof(host));
	printf("Hello! I am process %d on the host \"%s\".\n", getpid(), host);
	printf("My root directory holds:");
	DIR *root = opendir("/");
	for (struct dirent *entry; root && (entry = readdir(root));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			printf(" %s", entry->d_name);
	printf("\n");
	return root ? 0 : 1;
}
