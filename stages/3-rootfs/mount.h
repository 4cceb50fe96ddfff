/* Mounts that are made detached, and then attached inside a root that is not trusted. */
#ifndef STAGE3_MOUNT_H
#define STAGE3_MOUNT_H

#include <stdbool.h>
#include <stdint.h>

struct mount {
	const char *destination; /* inside the root */
	const char *type;        /* of the filesystem to make; NULL: bind @source */
	const char *source;      /* on the host; for a filesystem, what mount(8) shall show */
	const char *data;        /* the filesystem's own options, "size=64m,mode=1777", or NULL */
	const char *label;       /* the SELinux context of a filesystem's files, or NULL */
	bool recursive;          /* bind: with the mounts below @source */
	uint64_t set, clear;     /* attributes, MOUNT_ATTR_* of mount_setattr(2) */
	uint64_t set_below, clear_below; /* the same, for the mounts below it, too */
	uint64_t propagation;   /* MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE; 0: private */
	bool propagation_below; /* and that of the mounts below it */
};

/*
 * Makes the mount, with all its attributes, without attaching it anywhere: nobody can reach it but
 * by the fd that is returned. -1 with the error set. See fsopen(2), fsmount(2), open_tree(2),
 * mount_setattr(2).
 */
int mount_make(const struct mount *mount);

/*
 * Attaches the detached mount @tree to @destination inside @root. What is missing of the
 * destination is made: a directory, or a file when the mount is one of a file. See move_mount(2).
 */
int mount_attach(int tree, int root, const char *destination);

/* Only finds that place, and makes what is missing of it. Returns an O_PATH fd, or -1. */
int mount_place(int tree, int root, const char *destination);

/* Attaches it to a place that is open already; @name is what it is called in an error. */
int mount_attach_at(int tree, int place, const char *name);

/* Making and attaching in one. */
int mount_add(const struct mount *mount, int root);

/*
 * Changes the mount that is at @mount->destination inside @root already: attributes, propagation,
 * and with @mount->data the filesystem itself. See "remount" in mount(8), fspick(2).
 */
int mount_again(const struct mount *mount, int root);

/*
 * Sets the attributes @set (MOUNT_ATTR_*) on the mount that @path is on, seen from @directory
 * ("" for the directory itself), and with @recursive on those below it.
 */
int mount_change(int directory, const char *path, uint64_t set, bool recursive);

#endif
