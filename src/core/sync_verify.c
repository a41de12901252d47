#include "core/sync_verify.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "core/event.h"
#include "core/sync_compare.h"

static const char *const grain_words[] = {"hours", "days"};

static bool note_day(void *context, const struct sync_compare_day *day, struct err *err)
{
    (void)err;
    struct sync_verify_report *report = context;
    char name[EVENT_NAME_MAX + 8], date[CLOCK_TEXT_MAX], what[96];
    report->days++;
    report->rows += day->here;
    if (day->same || report->differences++ > 0)
        return true;
    if (day->here == day->there)
        snprintf(what, sizeof what, "%lld rows with other values", (long long)day->here);
    else
        snprintf(what, sizeof what, "%lld rows here, %lld there", (long long)day->here,
                 (long long)day->there);
    clock_format(date, day->day * CLOCK_DAY_MS);
    snprintf(report->first, sizeof report->first, "%s: %s of %.10s: %s",
             event_name(name, day->event), grain_words[day->grain], date, what);
    return true;
}

bool sync_verify(struct store *store, const struct conf *conf, const struct sync_options *options,
                 struct sync_verify_report *report, struct err *err)
{
    AUTO_TEAM struct team team = {0};
    const char *tenant = options->tenant ? options->tenant : conf_text(conf, CONF_SYNC_TENANT);
    int64_t last_ms, from_ms = options->since ? clock_floor(options->since_ms, CLOCK_DAY_MS) : 0;
    *report = (struct sync_verify_report){0};
    if (!team_open(conf, true, &team, err))
        return false;
    if (!team_join(&team, store, tenant, false, err))
        return err_wrap(err, "the team's database");
    memcpy(report->tenant_name, team.tenant_name, sizeof report->tenant_name);
    return sync_compare(store, &team, from_ms, note_day, report, err) &&
           sync_state(store, &last_ms, &report->waiting, err);
}
