#include <errno.h>
#include <poll.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/stop.h"
#include "cli/cmd.h"
#include "core/simfault.h"
#include "core/simulator.h"

static const struct opt options[] = {
    {.name = "port",
     .letter = 'p',
     .kind = OPT_COUNT,
     .value = "N",
     .help = "the port on 127.0.0.1 (default a free one)",
     .min = 0,
     .max = 65535},
    {.name = "seed",
     .kind = OPT_COUNT,
     .value = "N",
     .help = "another marketplace for each number (default 1)",
     .min = 0,
     .max = INT64_MAX},
    {.name = "events",
     .kind = OPT_COUNT,
     .value = "N",
     .help = "how many events are on sale (default 12)",
     .min = 1,
     .max = SIMULATOR_EVENTS_MAX},
    {.name = "listings",
     .kind = OPT_COUNT,
     .value = "N",
     .help = "listings of the largest event when it goes on sale (default 400)",
     .min = 1,
     .max = SIMULATOR_LISTINGS_MAX},
    {.name = "churn",
     .kind = OPT_COUNT,
     .value = "PERMILLE",
     .help = "listings that differ after 15 minutes (default 70)",
     .min = 0,
     .max = SIMULATOR_CHURN_MAX},
    {.name = "all-in", .kind = OPT_FLAG, .help = "say all-in prices too"},
    {.name = "steady", .kind = OPT_FLAG, .help = "keep the number of listings; no event ever ends"},
    {.name = "fault",
     .kind = OPT_LIST,
     .value = "FAULT",
     .help = "go wrong: NAME[@EVENT][:COUNT][:KEY=VALUE...], such as 429:3:retry-after=5"},
    {.name = "faults", .kind = OPT_FLAG, .help = "list what can go wrong, and end"},
    {.name = "base",
     .kind = OPT_TEXT,
     .value = "TIME",
     .help = "the day from which event dates are counted (default today)",
     .complete = OPT_COMPLETE_TIME},
    {.name = NULL},
};

static struct simulator_settings read_settings(const struct cmd_call *call)
{
    struct simulator_settings settings;
    simulator_settings_init(&settings);
    settings.port = (int)opt_count(call->options, "port", settings.port);
    settings.seed = (uint64_t)opt_count(call->options, "seed", (int64_t)settings.seed);
    settings.events = (int)opt_count(call->options, "events", settings.events);
    settings.listings = (int)opt_count(call->options, "listings", settings.listings);
    settings.churn_permille = (int)opt_count(call->options, "churn", settings.churn_permille);
    settings.all_in = opt_has(call->options, "all-in");
    settings.steady = opt_has(call->options, "steady");
    return settings;
}

static bool read_base(const struct cmd_call *call, int64_t *base_ms, struct err *err)
{
    const char *text = opt_text(call->options, "base");
    *base_ms = clock_floor(clock_now_ms(), CLOCK_DAY_MS);
    if (text && !clock_parse(text, base_ms))
        return err_set(err, ERR_USAGE, "--base: '%s' is neither an RFC 3339 time nor a date", text);
    return true;
}

static bool add_faults(const struct cmd_call *call, struct simulator *simulator, struct err *err)
{
    const char *fault;
    for (size_t i = 0; (fault = opt_nth(call->options, "fault", i)); i++)
        if (!simulator_add_fault(simulator, fault, err))
            return false;
    return true;
}

static void wait_for_stop(void)
{
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
    while (!stop_requested() && (poll(&stop, 1, -1) >= 0 || errno == EINTR))
        ;
    stop_reset(); /* enough, not a failure */
}

static bool serve(const struct cmd_call *call, struct simulator *simulator, struct err *err)
{
    if (!add_faults(call, simulator, err))
        return false;
    int port = simulator_port(simulator);
    emit_text("http://127.0.0.1:%d\n", port);
    emit_text("export TWS_VIVIDSEATS_URL=http://127.0.0.1:%d TWS_RATE=0\n", port);
    if (!emit_finish(err))
        return false;
    log_say("serving until Ctrl-C; events count up from %d", SIMULATOR_FIRST_ID);
    wait_for_stop();
    return true;
}

static bool list_faults(void)
{
    for (int i = 0; i < SIMFAULT_COUNT; i++)
        emit_text("%-15s %s\n", simfault_word((enum simfault_kind)i),
                  simfault_sentence((enum simfault_kind)i));
    return true;
}

static bool run(struct cmd_call *call, struct err *err)
{
    struct simulator_settings settings = read_settings(call);
    int64_t base_ms;
    if (opt_has(call->options, "faults"))
        return list_faults();
    if (!read_base(call, &base_ms, err))
        return false;
    struct simulator *simulator = simulator_open(&settings, base_ms, err);
    if (!simulator)
        return false;
    bool ok = serve(call, simulator, err);
    simulator_close(simulator);
    return ok;
}

const struct cmd cmd_simulate = {
    .name = "simulate",
    .group = CMD_SEE,
    .summary = "be a marketplace on this machine, to try things and to test",
    .arguments = "",
    .about =
        "Prints its address and the line that makes tws ask there, then serves until Ctrl-C. "
        "Markets are\n"
        "plausible, made up, and the same for the same seed, day and time. While it serves,\n"
        "/simulator/clock?at=TIME moves its time, /simulator/faults?add=FAULT and ?clear=1 change "
        "what goes\n"
        "wrong, /simulator/stats tells what was asked. A fault strikes listings, COUNT times or "
        "always; keys\n"
        "are every, ms, bytes, after, retry-after, retry-date, plain and "
        "on=listings|productions|all.",
    .needs = NEEDS_CONF,
    .options = {options},
    .examples =
        {
            {"tws simulate --port 8080", "a marketplace with twelve events"},
            {"tws simulate --listings 2000 --steady --churn 50", "one to measure with"},
            {"tws simulate --fault 429:every=5:retry-after=2 --fault blocked@7000002",
             "one that is out of sorts"},
        },
    .run = run,
};
