/* Memory that is taken in many small pieces and given back all at once. */
#ifndef STAGE6_ARENA_H
#define STAGE6_ARENA_H

#include <stddef.h>

struct arena;

/* An empty arena, or NULL with the error set. */
struct arena *arena_make(void);

/*
 * @count times @size zeroed bytes, aligned for any type; never NULL, also for a count of 0. When
 * there is no memory left it prints so and ends the program: nothing has been done yet that would
 * have to be undone.
 */
void *arena_take(struct arena *arena, size_t count, size_t size);

/* A copy of @text in the arena. */
char *arena_copy(struct arena *arena, const char *text);

/* Gives everything back, the arena too. NULL is fine. */
void arena_free(struct arena *arena);

#endif
