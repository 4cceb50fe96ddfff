/* Prints which session keyring it has: "keyring;UID;GID;PERMISSIONS;NAME". */
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char text[512] = "";
	long serial = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0, 0, 0);
	if (serial < 0 ||
		syscall(SYS_keyctl, KEYCTL_DESCRIBE, serial, text, sizeof(text) - 1, 0) < 0)
		return 1;
	printf("%lx %s\n", serial, text);
	return 0;
}
