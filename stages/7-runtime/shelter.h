/* Where this program runs from, when it is about to enter a container. */
#ifndef STAGE7_SHELTER_H
#define STAGE7_SHELTER_H

/*
 * First of all: starts this program once more, from a file that nobody can write to, when @argv has
 * a command that enters a container. Returns 0 when it runs from one already, or needs none; -1
 * with the error set. The new one has its own absolute path for argv[0]. See /proc/PID/exe in
 * proc_pid_exe(5), open_tree(2), memfd_create(2), execveat(2).
 */
int shelter_enter(char **argv);

#endif
