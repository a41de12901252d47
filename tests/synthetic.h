/* Frames that look like a real market and are the same on every machine: integers only, one seed.
 */
#ifndef TESTS_SYNTHETIC_H
#define TESTS_SYNTHETIC_H

#include <stdlib.h>

#include "base/clock.h"
#include "core/frame.h"

/* 2026-02-01T00:00:00Z */
#define SYNTHETIC_START_MS INT64_C(1769904000000)

/* A step of a 32-bit xorshift: -range .. range. */
static inline int64_t synthetic_noise(uint32_t *state, int64_t range)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return (int64_t)(*state % (uint32_t)(2 * range + 1)) - range;
}

static inline void synthetic_meta(struct frame *frame)
{
    frame->meta.event = "vividseats:6501519";
    frame->meta.event_name = "Leafs at Canadiens";
    frame->meta.currency = "USD";
    frame->meta.price_basis = "base";
    frame->meta.granularity = "hour";
}

/* Hourly prices with a daily wave, a spike, a hole of nine hours and one poll alone inside a second
 * hole. */
static inline void synthetic_trends(struct frame *frame, int hours)
{
    static const struct frame_column columns[] = {
        {"timestamp", FRAME_TIME},     {"min_price", FRAME_MONEY}, {"avg_price", FRAME_MONEY},
        {"median_price", FRAME_MONEY}, {"max_price", FRAME_MONEY}, {"snapshots", FRAME_INT},
    };
    frame_init(frame, columns, 6);
    synthetic_meta(frame);
    uint32_t state = 2463534242u;
    int64_t low = 18000;
    for (int hour = 0; hour < hours; hour++) {
        int64_t wave = llabs(hour % 24 - 12) * 120;
        low += synthetic_noise(&state, 350) - (low > 15000 ? 25 : 0);
        int64_t spike = hour == hours / 3 ? 9000 : 0;
        int64_t median = low * 14 / 10 + wave + synthetic_noise(&state, 150);
        bool hole = hour > hours / 2 && hour < hours / 2 + 10;
        bool lonely = hour > hours * 3 / 4 && hour < hours * 3 / 4 + 14;
        if (hole || (lonely && hour != hours * 3 / 4 + 7))
            continue;
        struct frame_cell *row = frame_add_row(frame);
        row[0] = frame_number(SYNTHETIC_START_MS + hour * CLOCK_HOUR_MS);
        row[1] = frame_number(low + spike);
        row[2] = frame_number(median + 3500 + wave / 2 + spike);
        row[3] = frame_number(median + spike);
        row[4] = frame_number(median * 6);
        row[5] = frame_number(4);
    }
}

/* Prices for 1, 2 and 4 together; four together are sold out for some days. */
static inline void synthetic_groups(struct frame *frame, int hours)
{
    static const struct frame_column columns[] = {
        {"timestamp", FRAME_TIME},
        {"group_size", FRAME_INT},
        {"price", FRAME_MONEY},
        {"price_per_ticket", FRAME_MONEY},
    };
    static const int sizes[] = {1, 2, 4};
    frame_init(frame, columns, 4);
    synthetic_meta(frame);
    uint32_t state = 88172645u;
    int64_t base = 21000;
    for (int hour = 0; hour < hours; hour++) {
        base += synthetic_noise(&state, 300) - 20;
        for (int i = 0; i < 3; i++) {
            struct frame_cell *row = frame_add_row(frame);
            int64_t each = base + sizes[i] * 1500 + synthetic_noise(&state, 200);
            row[0] = frame_number(SYNTHETIC_START_MS + hour * CLOCK_HOUR_MS);
            row[1] = frame_number(sizes[i]);
            if (sizes[i] == 4 && hour > hours * 2 / 5 && hour < hours / 2)
                continue;
            row[2] = frame_number(each * sizes[i]);
            row[3] = frame_number(each);
        }
    }
}

/* Tickets of three zones that sell at different speeds. */
static inline void synthetic_counts(struct frame *frame, int hours)
{
    static const struct frame_column columns[] = {
        {"zone", FRAME_TEXT},          {"timestamp", FRAME_TIME},
        {"total_tickets", FRAME_INT},  {"total_listings", FRAME_INT},
        {"lowest_tickets", FRAME_INT}, {"highest_tickets", FRAME_INT},
        {"available", FRAME_BOOL},
    };
    static const char *const zones[] = {"Lower Bowl", "Upper Bowl", "Club"};
    static const int64_t starts[] = {3200, 4100, 650};
    frame_init(frame, columns, 7);
    synthetic_meta(frame);
    for (int zone = 0; zone < 3; zone++) {
        uint32_t state = 1181783497u + (uint32_t)zone;
        int64_t tickets = starts[zone];
        for (int hour = 0; hour < hours; hour++) {
            tickets += synthetic_noise(&state, 30) - starts[zone] / (hours * 3 / 2);
            tickets = tickets > 0 ? tickets : 0;
            struct frame_cell *row = frame_add_row(frame);
            row[0] = frame_text(frame, zones[zone]);
            row[1] = frame_number(SYNTHETIC_START_MS + hour * CLOCK_HOUR_MS);
            row[2] = frame_number(tickets);
            row[3] = frame_number(tickets / 3);
            row[4] = frame_number(tickets);
            row[5] = frame_number(tickets);
            row[6] = frame_number(tickets > 0);
        }
    }
}

/* Two events by days before they start, indexed to 100. */
static inline void synthetic_comparison(struct frame *frame, int days)
{
    static const struct frame_column columns[] = {
        {"days_to_event", FRAME_INT},
        {"vividseats:6501519", FRAME_REAL},
        {"vividseats:6500001", FRAME_REAL},
    };
    frame_init(frame, columns, 3);
    synthetic_meta(frame);
    frame->meta.event = frame->meta.event_name = NULL;
    uint32_t state = 1390208809u;
    int64_t first = 100000, second = 100000;
    for (int day = days; day >= 0; day--) {
        struct frame_cell *row = frame_add_row(frame);
        row[0] = frame_number(day);
        if (day < days - 5)
            row[1] = frame_real((double)first / 1000);
        row[2] = frame_real((double)second / 1000);
        first += synthetic_noise(&state, 3000) - 600;
        second += synthetic_noise(&state, 2000) + 300;
    }
}

#endif
