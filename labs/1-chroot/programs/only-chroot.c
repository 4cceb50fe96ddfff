/* only-chroot DIR COMMAND [ARG...]: chroot(2) and nothing else; the working directory stays where
 * it is. */
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 3 || chroot(argv[1]) < 0) {
		perror("only-chroot");
		return 1;
	}
	execv(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
