#include "tui/chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "golden.h"
#include "synthetic.h"
#include "tui/plot.h"

enum { HOURS = 168 };

static void make_market(struct chart *chart, bool zones)
{
    AUTO_FRAME struct frame frame = {0}, coverage = {0};
    chart_init(chart);
    synthetic_coverage(&coverage, HOURS);
    if (zones) {
        synthetic_measures(&frame, HOURS);
        plot_measures(chart, &frame, NULL);
    } else {
        synthetic_trends(&frame, HOURS);
        plot_trends(chart, &frame);
    }
    plot_coverage(chart, &coverage);
    chart_add_reference(chart, 15000, "target");
    chart_add_reference(chart, 90000, "face value");
    chart_add_reference(chart, zones ? 100 : 19000, "paid");
    chart_add_mark(chart, SYNTHETIC_START_MS + 150 * CLOCK_HOUR_MS, "now");
}

static void print(const struct chart *chart, struct chart_options options, struct buf *out)
{
    buf_reset(out);
    assert_true(chart_print(chart, &options, out));
}

static void compare(const char *what, const struct chart *chart, struct chart_options options)
{
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    char name[100];
    print(chart, options, &out);
    snprintf(name, sizeof(name), "%s-%dx%d-%s-%s", what, options.width, options.height,
             options.marker->name, options.depth == THEME_256 ? "256" : "mono");
    golden_compare("chart", name, &out);
}

static void a_whole_workstation_chart_looks_as_it_did(void **state)
{
    (void)state;
    static const int sizes[][2] = {{60, 16}, {80, 24}, {200, 60}};
    AUTO_CHART struct chart market, zones;
    make_market(&market, false);
    make_market(&zones, true);
    for (size_t set = 0; marker_at(set); set++)
        for (size_t i = 0; i < 3; i++)
            for (int color = 0; color < 2; color++) {
                struct chart_options options = {
                    .width = sizes[i][0],
                    .height = sizes[i][1],
                    .marker = marker_at(set),
                    .depth = color ? THEME_256 : THEME_PLAIN,
                    .zone = "America/New_York",
                    .has_cross = true,
                    .cross = SYNTHETIC_START_MS + 70 * CLOCK_HOUR_MS,
                };
                if (i != 1 && set != 0)
                    continue;
                compare("market", &market, options);
                options.has_focus = options.log = true;
                options.focus = 2;
                compare("zones", &zones, options);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_workstation_chart_looks_as_it_did),
    };
    return cmocka_run_group_tests_name("chart_overlay", tests, NULL, NULL);
}
