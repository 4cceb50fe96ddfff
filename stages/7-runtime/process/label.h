/*
 * Under which rules of the host's security module a process runs: process.apparmorProfile,
 * process.selinuxLabel.
 */
#ifndef STAGE7_PROCESS_LABEL_H
#define STAGE7_PROCESS_LABEL_H

#include "6-oci/config.h"

/*
 * Whether this kernel enforces what the config asks for: AppArmor is on and has the profile,
 * SELinux is on. Returns -1 with the error set.
 */
int label_check(const struct config *config, const struct config_process *process);

/*
 * For the next exec of the calling process, through the host's /proc: what @process asks for. No
 * other program must be started between, it would get the label. Returns -1 with the error set. See
 * the attr directory in proc_pid_attr(5).
 */
int label_apply(const struct config_process *process, int proc);

/* The label of the keyrings that the calling process makes from here on; NULL: the default. */
int label_keys(const char *label, int proc);

#endif
