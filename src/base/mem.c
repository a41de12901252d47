#include "base/mem.h"

#include <malloc.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    GROW_FIRST = 8,         /* elements of an array that was empty */
    CHUNK_FIRST = 4096,     /* bytes; chunks double from here ... */
    CHUNK_LARGEST = 1 << 20 /* ... to here, unless one request is larger */
};

enum { HEAP_STEP = 32 << 20 }; /* the most that malloc() takes for its threshold */
enum { SMALL_STEP = 64 << 10, SMALL_REST = 256 << 10 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
};

static _Noreturn void die(void)
{
    fputs("tws: out of memory\n", stderr);
    exit(EXIT_FAILURE);
}

void mem_use_large_pages(void *block, size_t size)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = ((uintptr_t)block + page - 1) & -page;
    uintptr_t end = ((uintptr_t)block + size) & -page;
    if (start < end)
        madvise((void *)start, end - start, MADV_HUGEPAGE); /* no matter if it is refused */
}

void mem_prepare(void)
{
    mallopt(M_MMAP_THRESHOLD, HEAP_STEP);
    mallopt(M_TOP_PAD, HEAP_STEP);
    char *volatile first = malloc(HEAP_STEP / 2); /* makes room for this and for a step more */
    if (first)
        mem_use_large_pages(first, (size_t)((char *)sbrk(0) - first));
    free(first);
}

void mem_stay_small(void)
{
    mallopt(M_MMAP_THRESHOLD, SMALL_REST);
    mallopt(M_TRIM_THRESHOLD, SMALL_REST);
    mallopt(M_TOP_PAD, SMALL_STEP);
    malloc_trim(SMALL_STEP);
}

/* Never 0: malloc(0) and realloc(p, 0) may answer NULL without being out of memory. */
static size_t product(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
        die();
    return bytes > 0 ? bytes : 1;
}

void *mem_alloc(size_t count, size_t size)
{
    void *block = calloc(1, product(count, size));
    if (!block)
        die();
    return block;
}

void *mem_resize(void *block, size_t count, size_t size)
{
    void *moved = realloc(block, product(count, size));
    if (!moved)
        die();
    return moved;
}

void *mem_grow(void *array, size_t used, size_t *capacity, size_t element_size)
{
    if (used < *capacity)
        return array;
    if (*capacity > PTRDIFF_MAX)
        die();
    size_t grown = *capacity > 0 ? 2 * *capacity : GROW_FIRST;
    array = mem_resize(array, grown, element_size);
    *capacity = grown;
    return array;
}

void *mem_need(void *block)
{
    if (!block)
        die();
    return block;
}

char *mem_strdup(const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    return memcpy(mem_alloc(1, size), text, size);
}

void mem_free(void *block)
{
    free(block);
}

/* memcpy, because the slot's real type is some other pointer than void *. */
void *mem_take_slot(void *slot)
{
    void *block;
    memcpy(&block, slot, sizeof block);
    memcpy(slot, &(void *){NULL}, sizeof block);
    return block;
}

void mem_free_slot(void *slot)
{
    free(mem_take_slot(slot));
}

void arena_init(struct arena *arena, size_t cap)
{
    *arena = (struct arena){.cap = cap};
}

void arena_release(struct arena *arena)
{
    while (arena->chunk) {
        struct arena_chunk *older = arena->chunk->older;
        free(arena->chunk);
        arena->chunk = older;
    }
    arena->total = 0;
}

void arena_reset(struct arena *arena)
{
    struct arena_chunk *kept = arena->chunk;
    for (struct arena_chunk *c = kept; c; c = c->older)
        kept = c->size > kept->size ? c : kept;
    for (struct arena_chunk *c = arena->chunk, *older; c; c = older) {
        older = c->older;
        if (c != kept)
            free(c);
    }
    if (kept) {
        kept->older = NULL;
        kept->used = 0;
    }
    arena->chunk = kept;
    arena->total = 0;
}

static void add_chunk(struct arena *arena, size_t wanted)
{
    size_t size = arena->chunk ? arena->chunk->size : CHUNK_FIRST / 2;
    size = size < CHUNK_LARGEST / 2 ? 2 * size : CHUNK_LARGEST;
    if (size < wanted)
        size = wanted;
    if (size > PTRDIFF_MAX - sizeof(struct arena_chunk))
        die();
    struct arena_chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk)
        die();
    *chunk = (struct arena_chunk){.older = arena->chunk, .size = size};
    arena->chunk = chunk;
}

/* Strings pass an alignment of 1, so that many short ones lie close together. */
static void *take(struct arena *arena, size_t size, size_t alignment)
{
    if (arena->cap > 0 && size > arena->cap - arena->total)
        return NULL;
    struct arena_chunk *chunk = arena->chunk;
    size_t start = chunk ? (chunk->used + alignment - 1) & ~(alignment - 1) : 0;
    if (!chunk || start > chunk->size || size > chunk->size - start) {
        add_chunk(arena, size);
        chunk = arena->chunk;
        start = 0;
    }
    chunk->used = start + size;
    arena->total += size;
    return chunk->bytes + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return take(arena, size, alignof(max_align_t));
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes = product(count, size);
    void *block = arena_alloc(arena, bytes);
    if (!block)
        die();
    return memset(block, 0, bytes);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = take(arena, length + 1, 1);
    if (!copy)
        die();
    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = length < 0 ? NULL : take(arena, (size_t)length + 1, 1);
    if (!text)
        die();
    vsnprintf(text, (size_t)length + 1, fmt, again);
    va_end(again);
    return text;
}
