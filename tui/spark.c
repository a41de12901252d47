#include "tui/spark.h"

struct ends {
    int64_t low, high;
};

static struct ends find_ends(const struct spark *spark)
{
    struct ends ends = {spark->low, spark->high};
    bool any = spark->has_scale;
    for (size_t i = 0; i < spark->count && !spark->has_scale; i++) {
        const struct spark_value *value = &spark->values[i];
        if (!value->known)
            continue;
        ends.low = any && ends.low < value->number ? ends.low : value->number;
        ends.high = any && ends.high > value->number ? ends.high : value->number;
        any = true;
    }
    return ends;
}

/* The level 0 .. levels - 1 of a value. */
static int level_of(const struct ends *ends, int64_t number, int levels)
{
    if (ends->low >= ends->high)
        return (levels - 1) / 2;
    double share = ((double)number - (double)ends->low) / ((double)ends->high - (double)ends->low);
    int level = (int)(share * levels);
    return share <= 0 ? 0 : level >= levels ? levels - 1 : level;
}

void spark_draw(struct canvas *canvas, int x, int y, int width, const struct spark *spark,
                enum theme_style style)
{
    static const char letters[] = "_.-=^";
    enum { BARS = 8, LETTERS = sizeof(letters) - 1, FIRST_BAR = 0x2581 };
    struct ends ends = find_ends(spark);
    size_t cells = width > 0 ? (size_t)width : 0;
    size_t used = spark->count < cells ? spark->count : cells;
    for (size_t cell = 0; cell < used; cell++) {
        size_t from = cell * spark->count / used, i = (cell + 1) * spark->count / used;
        while (i > from && !spark->values[i - 1].known)
            i--;
        if (i == from)
            continue;
        int level = level_of(&ends, spark->values[i - 1].number, canvas->ascii ? LETTERS : BARS);
        canvas_put(canvas, x + (int)(cells - used + cell), y,
                   canvas->ascii ? (uint32_t)letters[level] : (uint32_t)(FIRST_BAR + level), style);
    }
}
