#include "tui/screen.h"

static void ask(const struct scene *scene, size_t part, struct question *question)
{
    (void)scene, (void)part, (void)question;
}

static void act(struct scene *scene, const struct act *act)
{
    (void)scene, (void)act;
}

static void draw(const struct scene *scene, struct canvas *canvas)
{
    (void)scene, (void)canvas;
}

static void describe(const struct scene *scene, struct buf *out)
{
    (void)scene, (void)out;
}

static const struct frame *shown(const struct scene *scene)
{
    (void)scene;
    return NULL;
}

const struct screen screen_market = {
    .name = "market",
    .title = "market",
    .place = ACTION_IN_MARKET,
    .size = 1,
    .parts = 0,
    .ask = ask,
    .act = act,
    .draw = draw,
    .describe = describe,
    .shown = shown,
};
