/* The content of a directory, copied. */
#ifndef STAGE7_MOUNTS_COPY_TREE_H
#define STAGE7_MOUNTS_COPY_TREE_H

#include <sys/stat.h>

/*
 * Copies the content of the directory @from into the empty directory @to: files with their holes,
 * directories, links of both kinds, FIFOs, sockets, and where this process may make them, device
 * nodes; all with owner, mode, times and extended attributes. Where something is mounted in @from,
 * only an empty place for it is made; no link is followed. Returns 0, or -1 with the error set.
 */
int copy_tree(int from, int to);

/* Gives the file @to the owner and the mode in @info, and the extended attributes of @from. */
int copy_metadata(int from, int to, const struct stat *info);

#endif
