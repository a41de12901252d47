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

/* Measures of five zones by hour; one is sold out for a day, polls fail for ten hours. */
static inline void synthetic_measures(struct frame *frame, int hours)
{
    static const struct frame_column columns[] = {
        {"zone", FRAME_TEXT},          {"timestamp", FRAME_TIME},
        {"min_price", FRAME_MONEY},    {"quarter_price", FRAME_MONEY},
        {"median_price", FRAME_MONEY}, {"avg_price", FRAME_MONEY},
        {"max_price", FRAME_MONEY},    {"snapshots", FRAME_INT},
        {"total_tickets", FRAME_INT},  {"total_listings", FRAME_INT},
        {"lowest_tickets", FRAME_INT}, {"highest_tickets", FRAME_INT},
        {"price_1", FRAME_MONEY},      {"price_2", FRAME_MONEY},
        {"price_3", FRAME_MONEY},      {"price_4", FRAME_MONEY},
        {"price_5", FRAME_MONEY},      {"price_6", FRAME_MONEY},
        {"price_7", FRAME_MONEY},      {"price_8", FRAME_MONEY},
    };
    static const char *const zones[] = {"Lower Bowl", "Club", "Upper Bowl", "Suites",
                                        "Standing Room"};
    static const int64_t bases[] = {26000, 41000, 9500, 88000, 6200};
    static const int64_t counts[] = {900, 140, 1500, 12, 60};
    frame_init(frame, columns, 20);
    synthetic_meta(frame);
    for (int zone = 0; zone < 5; zone++) {
        uint32_t state = 2891336453u + (uint32_t)zone;
        int64_t low = bases[zone];
        for (int hour = 0; hour < hours; hour++) {
            low += synthetic_noise(&state, bases[zone] / 60) - bases[zone] / (hours * 4 + 1);
            int64_t tickets = counts[zone] - counts[zone] * hour / (hours * 3 / 2 + 1) +
                              synthetic_noise(&state, counts[zone] / 20 + 1);
            bool none = zone == 4 && hour > hours * 3 / 4 && hour < hours * 3 / 4 + 24;
            if (hour > hours / 2 && hour < hours / 2 + 10)
                continue;
            struct frame_cell *row = frame_add_row(frame);
            row[0] = frame_text(frame, zones[zone]);
            row[1] = frame_number(SYNTHETIC_START_MS + hour * CLOCK_HOUR_MS);
            row[7] = frame_number(4);
            row[8] = row[10] = row[11] = frame_number(none ? 0 : tickets);
            row[9] = frame_number(none ? 0 : tickets / 3 + 1);
            for (int i = 0; i < 5 && !none; i++)
                row[2 + i] = frame_number(low * (4 + i) / 4);
            for (int size = 1; size <= 8 && !none; size++)
                row[11 + size] = frame_number(low + size * low / 40);
        }
    }
}

/* Good and failed polls of the same hours: a day of failures in parts, ten hours of nothing else. */
static inline void synthetic_coverage(struct frame *frame, int hours)
{
    static const struct frame_column columns[] = {{"timestamp", FRAME_TIME},
                                                  {"good", FRAME_INT},
                                                  {"failed", FRAME_INT},
                                                  {"worst", FRAME_TEXT}};
    frame_init(frame, columns, 4);
    synthetic_meta(frame);
    for (int hour = 0; hour < hours; hour++) {
        bool blocked = hour > hours / 2 && hour < hours / 2 + 10;
        bool shaky = hour > hours / 4 && hour < hours / 4 + 24;
        if (hour > hours * 7 / 8)
            continue;
        struct frame_cell *row = frame_add_row(frame);
        row[0] = frame_number(SYNTHETIC_START_MS + hour * CLOCK_HOUR_MS);
        row[1] = frame_number(blocked ? 0 : shaky ? 3 : 4);
        row[2] = frame_number(blocked ? 4 : shaky ? 1 : 0);
        row[3] = frame_text(frame, blocked ? "blocked" : shaky ? "network" : NULL);
    }
}

/* Listings in bins of $25: a hump that moves down, and a few dear ones. */
static inline void synthetic_density(struct frame *frame, int hours)
{
    static const struct frame_column columns[] = {{"timestamp", FRAME_TIME},
                                                  {"price_from", FRAME_MONEY},
                                                  {"price_to", FRAME_MONEY},
                                                  {"listings", FRAME_INT},
                                                  {"tickets", FRAME_INT}};
    enum { BINS = 24, BIN = 2500 };
    frame_init(frame, columns, 5);
    synthetic_meta(frame);
    uint32_t state = 362436069u;
    for (int hour = 0; hour < hours; hour++)
        for (int bin = 0; bin < BINS; bin++) {
            int64_t away = llabs(bin - 10 + 5 * hour / (hours + 1));
            int64_t listings = away > 7 ? 0 : (64 >> away) + synthetic_noise(&state, 3);
            if (bin > 18 && bin % 2)
                listings = 1;
            if (listings <= 0 || (hour > hours / 2 && hour < hours / 2 + 10))
                continue;
            struct frame_cell *row = frame_add_row(frame);
            row[0] = frame_number(SYNTHETIC_START_MS + hour * CLOCK_HOUR_MS);
            row[1] = frame_number(bin * BIN);
            row[2] = frame_number((bin + 1) * BIN);
            row[3] = frame_number(listings);
            row[4] = frame_number(listings * 2);
        }
}

/* Tickets at or below a price at three moments, of which the middle one knew fewer prices. */
static inline void synthetic_depth(struct frame *frame, int prices)
{
    static const struct frame_column columns[] = {{"price", FRAME_MONEY},
                                                  {"tickets_0", FRAME_INT},
                                                  {"tickets_1", FRAME_INT},
                                                  {"tickets_2", FRAME_INT}};
    frame_init(frame, columns, 4);
    synthetic_meta(frame);
    uint32_t state = 521288629u;
    int64_t price = 14500, tickets[3] = {0};
    for (int i = 0; i < prices; i++) {
        price += 150 + llabs(synthetic_noise(&state, 150)) + (i > prices * 9 / 10 ? 4000 : 0);
        for (int moment = 0; moment < 3; moment++)
            if (i >= moment * 8)
                tickets[moment] += 1 + llabs(synthetic_noise(&state, 2 + 2 * moment));
        struct frame_cell *row = frame_add_row(frame);
        row[0] = frame_number(price);
        for (int moment = 0; moment < 3; moment++)
            row[1 + moment] = frame_number(tickets[moment]);
    }
}

#endif
