/* A session keyring of the container's own. */
#ifndef STAGE7_PROCESS_KEYRING_H
#define STAGE7_PROCESS_KEYRING_H

/*
 * Leaves the caller's session keyring for that of the container @id, which is made if there is
 * none. @label: SELinux's for it, or NULL; @proc: the host's /proc. Returns -1 with the error set;
 * a kernel without keyrings is no error. See KEYCTL_JOIN_SESSION_KEYRING in keyctl(2),
 * session-keyring(7).
 */
int keyring_join(const char *id, const char *label, int proc);

#endif
