/* The memory of a JSON document: one piece, in which all of cJSON's small allocations lie, and which goes at once. */
#ifndef IO_JSON_ROOM_H
#define IO_JSON_ROOM_H

#include <stddef.h>

struct json_room;

/* Memory for a document of so many bytes of text. That of a thread's last one is taken again. */
struct json_room *json_room_take(size_t length);

/* So many bytes of it, not zeroed; NULL when it is full. */
void *json_room_alloc(struct json_room *room, size_t size);

/* Where cJSON allocates in this thread from now on; NULL: nowhere, it must not. */
void json_room_use(struct json_room *room);

/* Keeps it for the thread's next document, unless it is very large. */
void json_room_give_back(struct json_room *room);

#endif
