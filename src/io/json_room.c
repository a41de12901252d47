#include "io/json_room.h"

#include <pthread.h>
#include <stdalign.h>

#include <cjson/cJSON.h>

#include "base/err.h"
#include "base/mem.h"

enum {
    ROOM_PER_BYTE = 8,            /* of text */
    ROOM_AT_LEAST = 1024 * 1024,  /* so that short texts of many tiny values fit too */
    ROOM_KEPT = 32 * 1024 * 1024, /* most memory a thread keeps for its next document */
    ALIGNMENT = 8,                /* of a cJSON item: pointers and a double */
};

/* Handed out from its start on. It is kept for the next document, and only what is used of it becomes real. */
struct json_room {
    size_t size;
    size_t limit; /* what this document may use, whatever the one before it needed */
    size_t used;
    alignas(ALIGNMENT) char bytes[];
};

static pthread_once_t hooks_once = PTHREAD_ONCE_INIT;
static pthread_key_t spare_key;                 /* the room of this thread's last document */
static _Thread_local struct json_room *current; /* where cJSON allocates now */

void *json_room_alloc(struct json_room *room, size_t size)
{
    size_t start = room->used;

    if (size > room->limit - start)
        return NULL;
    /* the limit is a multiple of the alignment */
    room->used = start + ((size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1));
    return room->bytes + start;
}

static void *allocate(size_t size)
{
    return json_room_alloc(current, size);
}

static void keep(void *block)
{
    (void)block; /* goes with its room */
}

static void set_hooks(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = allocate, .free_fn = keep});
    if (pthread_key_create(&spare_key, mem_free) != 0)
        BUG("no key for thread memory");
}

struct json_room *json_room_take(size_t length)
{
    pthread_once(&hooks_once, set_hooks);
    size_t size = ROOM_AT_LEAST + ROOM_PER_BYTE * length;
    struct json_room *room = pthread_getspecific(spare_key);

    pthread_setspecific(spare_key, NULL);
    if (room != NULL && room->size < size) {
        mem_free(room);
        room = NULL;
    }
    if (room == NULL) {
        room = mem_resize(NULL, 1, sizeof *room + size); /* not zeroed */
        mem_use_large_pages(room, sizeof *room + size);
        room->size = size;
    }
    room->limit = size;
    room->used = 0;
    return room;
}

void json_room_use(struct json_room *room)
{
    current = room;
}

void json_room_give_back(struct json_room *room)
{
    if (room->size <= ROOM_KEPT) {
        struct json_room *spare = pthread_getspecific(spare_key);
        pthread_setspecific(spare_key, room);
        room = spare;
    }
    mem_free(room);
}
