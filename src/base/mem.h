/*
 * Memory that dies rather than fails, arenas that free once, and release by scope.
 * Nobody else calls malloc, realloc or free.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* Lets the heap grow in large steps, and on large pages: a command that reads a week touches thousands
   of small ones, and their faults would be half of its time. For main(), at first. */
void mem_prepare(void);

/* Undoes that for who lives long and is to stay small: what is freed goes back to the system soon, and at once where it is
   large. */
void mem_stay_small(void);

/* Asks for large pages, where the system has them, under a block that is about to be filled. */
void mem_use_large_pages(void *block, size_t size);

/* `count * size` bytes, zeroed. Never NULL: out of memory prints one line on stderr and exits 1.
   The caller frees with mem_free(). */
void *mem_alloc(size_t count, size_t size);

/* Resizes a block of mem_alloc() to `count * size` bytes; what is new is not zeroed. Never NULL. */
void *mem_resize(void *block, size_t count, size_t size);

/* Grows an array for one element more: doubles `*capacity` (elements) when `used` has reached it.
   Returns the array, moved or not. */
void *mem_grow(void *array, size_t used, size_t *capacity, size_t element_size);

/* What a library has allocated, as it is; NULL means that memory ran out, and dies like mem_alloc(). */
void *mem_need(void *block);

/* A copy of a string, to be freed with mem_free(); NULL for NULL. */
char *mem_strdup(const char *text);

/* Frees a block; NULL is fine. */
void mem_free(void *block);

/* Frees the block that `slot` (a pointer to a pointer) holds. For AUTO_FREE. */
void mem_free_slot(void *slot);

/* A block that is freed when its scope ends: AUTO_FREE char *name = ...; */
#define AUTO_FREE __attribute__((cleanup(mem_free_slot)))

/* Hands a pointer out of a scope that would free it: returns `*slot` and leaves NULL there. */
void *mem_take_slot(void *slot);
#define mem_take(pointer) ((__typeof__(*(pointer)))mem_take_slot(pointer))

/* Many small allocations with one release: for the length of a parse, a query, a screen. */
struct arena {
    struct arena_chunk *chunk; /* the newest; older ones hang behind it */
    size_t total;              /* bytes handed out since init or reset */
    size_t cap;                /* 0, or the most bytes it may hand out */
};

/* Makes an empty arena that hands out at most `cap` bytes (0: no limit). */
void arena_init(struct arena *arena, size_t cap);

/* Frees everything; the arena may be used again. */
void arena_release(struct arena *arena);

/* Forgets everything but keeps its largest chunk, for the next job of the same size. */
void arena_reset(struct arena *arena);

/* `size` bytes, aligned for any type, not zeroed. NULL only when the cap would be passed. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count * size` zeroed bytes; dies when the cap would be passed, like mem_alloc(). */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of `length` bytes; dies when the cap would be passed. */
char *arena_strndup(struct arena *arena, const char *text, size_t length);

/* A NUL-terminated copy; NULL for NULL. */
char *arena_strdup(struct arena *arena, const char *text);

/* A formatted string in the arena. */
char *arena_printf(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define AUTO_ARENA __attribute__((cleanup(arena_release)))

#endif
