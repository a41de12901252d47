/* An event: one production on one platform. */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

enum event_state {
    EVENT_TRACKED,   /* polled */
    EVENT_UNTRACKED, /* given up by hand; what is stored stays */
    EVENT_IMPORTED,  /* known from an import, never tracked */
};

enum { EVENT_TEXT_MAX = 201, EVENT_ID_MAX = 33, EVENT_NAME_MAX = 64 };

#define EVENT_NO_DATE INT64_MIN

/* Plain data, no pointers: copied freely. Empty text = not known. */
struct event {
    int64_t id;                     /* the store's row; 0 before it is stored */
    char platform[EVENT_ID_MAX];    /* "vividseats" */
    char external_id[EVENT_ID_MAX]; /* "6501519" */
    char name[EVENT_TEXT_MAX];
    char venue[EVENT_TEXT_MAX];
    char city[EVENT_TEXT_MAX];
    char region[EVENT_ID_MAX]; /* state or province code */
    char country[EVENT_ID_MAX];
    char timezone[EVENT_ID_MAX * 2];
    char category[EVENT_ID_MAX * 2];
    char url[512];
    char currency[8];
    char performer_id
        [EVENT_ID_MAX]; /* the platform's, of whom the event is named for: the home team, the act */
    int64_t date_ms;    /* start; EVENT_NO_DATE when unknown or to be announced */
    bool time_tbd;      /* the day is known, the hour is not: date_ms is its local midnight */
    bool pending;       /* the platform could not be asked about it yet */
    enum event_state state;
    int64_t last_scraped_ms; /* last good snapshot; negative when there is none */
};

/* "vividseats:6501519" into `out` of EVENT_NAME_MAX + 8, returned. */
char *event_name(char *out, const struct event *event);

/* Its UUID (version 5 of event_name() in the URL namespace) into `out` of 37, returned. */
char *event_uuid(char *out, const struct event *event);

/* "tracked", "untracked" or "imported"; static. NULL for a number that is none. */
const char *event_state_word(enum event_state state);

/* Makes an empty event of a platform and id. */
void event_init(struct event *event, const char *platform, const char *external_id);

#endif
