#include "core/simevent.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/err.h"
#include "core/simpick.h"

/* What is asked about an event's key. */
enum question { ASK_SIZE, ASK_PACE, ASK_WAVE, ASK_DRIFT, ASK_FINISH, ASK_MARKET };

static int parking_count(const struct simevent_world *world)
{
    return (world->settings.events + 2) / 3;
}

int simevent_count(const struct simevent_world *world)
{
    return world->settings.events + parking_count(world);
}

/* The instant at which the clocks of a zone show a time on the day on which `near_ms` lies there.
 */
static int64_t local_instant(int64_t near_ms, const char *zone, int hour, int minute)
{
    struct civil civil, there;
    clock_civil_zone(near_ms, zone, &civil);
    civil.hour = hour;
    civil.minute = minute;
    civil.second = civil.millisecond = 0;
    /* the offset may change between the two */
    clock_civil_zone(clock_from_civil(&civil), zone, &there);
    civil.offset_s = there.offset_s;
    return clock_from_civil(&civil);
}

/* Acts play at home first; later rounds are further nights, elsewhere for all but teams. */
static void place_event(const struct simevent_world *world, struct simevent *event)
{
    int round = event->index / simvenue_act_count();
    event->act = simvenue_act_at(event->index % simvenue_act_count());
    bool tours = event->act->genre->category != SIMVENUE_SPORTS;
    event->venue = simvenue_at((event->act->home + (tours ? 3 * round : 0)) % simvenue_count());
    event->layout = event->parking ? simvenue_parking() : event->venue->layout;
    int day = 14 + event->index * 60 / world->settings.events;
    event->start_ms = local_instant(world->base_ms + day * CLOCK_DAY_MS, event->venue->timezone,
                                    event->act->hour, event->act->minute);
}

static int slots_of(const struct simulator_settings *settings, const struct simevent *event)
{
    if (event->parking)
        return settings->listings / 20 + 3;
    if (settings->steady || event->index == 0)
        return settings->listings;
    return 1 + (int)(settings->listings * (0.3 + 0.7 * simpick_share(event->key, ASK_SIZE)));
}

void simevent_nth(const struct simevent_world *world, int nth, struct simevent *event)
{
    const struct simulator_settings *settings = &world->settings;
    if (nth < 0 || nth >= simevent_count(world))
        BUG("production %d of %d", nth, simevent_count(world));
    bool parking = nth >= settings->events;
    *event = (struct simevent){
        .id = SIMULATOR_FIRST_ID + nth,
        .index = parking ? 3 * (nth - settings->events) : nth,
        .parking = parking,
        .steady = settings->steady,
        .key = simpick_bits(simpick_bits(settings->seed, (uint64_t)nth), ASK_MARKET),
    };
    place_event(world, event);
    event->time_tbd = !parking && event->index % 7 == 4;
    event->slots = slots_of(settings, event);
    snprintf(event->name, sizeof event->name, "%s%s", parking ? "PARKING PASSES ONLY " : "",
             event->act->name);
}

bool simevent_find(const struct simevent_world *world, int64_t id, struct simevent *event)
{
    if (id < SIMULATOR_FIRST_ID || id - SIMULATOR_FIRST_ID >= simevent_count(world))
        return false;
    simevent_nth(world, (int)(id - SIMULATOR_FIRST_ID), event);
    return true;
}

bool simevent_is_over(const struct simevent *event, int64_t at_ms)
{
    return !event->steady && at_ms >= event->start_ms + SIMEVENT_PLAYS_MS;
}

static double days_left(const struct simevent *event, int64_t at_ms)
{
    double days = (double)(event->start_ms - at_ms) / CLOCK_DAY_MS;
    return days > 0 ? days : 0;
}

/* Listings that are there at a time. The last ones go fastest. */
int simevent_stock(const struct simevent *event, int64_t at_ms)
{
    if (event->steady)
        return event->slots;
    if (at_ms >= event->start_ms)
        return 0;
    double days = days_left(event, at_ms);
    double left = days >= 60 ? 1
                             : 0.15 + 0.85 * pow(days / 60,
                                                 0.25 + 0.25 * simpick_share(event->key, ASK_PACE));
    double ripple = 1 + 0.012 * sin(days * 3.7 + (double)event->index);
    int count = (int)(event->slots * left * ripple + 0.5);
    return count < 1 ? 1 : count > event->slots ? event->slots : count;
}

/* The last day by event: most sellers give in, some events run hot. */
static double finish_of(const struct simevent *event)
{
    static const double finishes[] = {-0.35, 0.4, -0.2, -0.45, 0.05, 0.25, -0.3};
    int which = event->index == 0
                    ? 0
                    : simpick_below(event->key, ASK_FINISH, sizeof finishes / sizeof *finishes);
    return finishes[which];
}

/* What all prices that are made at a time are multiplied with. */
double simevent_mood(const struct simevent *event, int64_t at_ms)
{
    double days = event->steady ? (double)at_ms / CLOCK_DAY_MS : days_left(event, at_ms);
    double mood = 1 + 0.05 * sin(days * 1.1 + 6.28 * simpick_share(event->key, ASK_WAVE));
    if (event->steady)
        return mood;
    if (days < 10)
        mood *= 1 - (0.08 + 0.15 * simpick_share(event->key, ASK_DRIFT)) * (10 - days) / 10;
    if (days < 1)
        mood *= 1 + finish_of(event) * (1 - days);
    return mood;
}

int simevent_days_left(const struct simevent *event, int64_t at_ms)
{
    return (int)days_left(event, at_ms);
}
