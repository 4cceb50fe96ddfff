/*
 * A config is a tree of some hundred small pieces that all live exactly as long as the config. To
 * free them one by one would take a function that knows every struct, and forgets one some day. An
 * arena hands out pieces of large blocks and remembers only the blocks.
 */
#include "6-oci/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"

enum { BLOCK_SIZE = 16384, ALIGNMENT = _Alignof(max_align_t) };

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(ALIGNMENT) char bytes[];
};

struct arena {
	struct block *blocks; /* the one to take from stands first */
};

struct arena *arena_make(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));
	if (!arena)
		fail("out of memory");
	return arena;
}

static void __attribute__((noreturn)) no_memory(void)
{
	fail("out of memory");
	exit(error_report());
}

static struct block *add_block(struct arena *arena, size_t size)
{
	struct block *block = calloc(1, sizeof(*block) + size);
	if (!block)
		no_memory();
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *arena_take(struct arena *arena, size_t count, size_t size)
{
	if (count && size > (SIZE_MAX - BLOCK_SIZE) / count)
		no_memory();
	size_t wanted = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	struct block *block = arena->blocks;
	if (!block || block->size - block->used < wanted)
		block = add_block(arena, wanted > BLOCK_SIZE ? wanted : BLOCK_SIZE);
	void *piece = block->bytes + block->used;
	block->used += wanted;
	return piece;
}

char *arena_copy(struct arena *arena, const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(arena_take(arena, size, 1), text, size);
}

void arena_free(struct arena *arena)
{
	while (arena && arena->blocks) {
		struct block *block = arena->blocks;
		arena->blocks = block->next;
		free(block);
	}
	free(arena);
}
