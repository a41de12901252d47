/* What is seen, written into a file. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/frame_csv.h"
#include "core/frame_json.h"
#include "tui/app_private.h"
#include "tui/list.h"
#include "tui/print.h"

enum { EXPORT_MAX = 256 << 20 };

static bool put_data(const struct app *app, void (*put)(const struct frame *, struct buf *),
                     struct buf *out, struct err *err)
{
    const struct scene *scene = &app->scenes[app->current];
    const struct frame *frame = scene->screen->shown(scene);
    if (!frame)
        return err_set(err, ERR_USAGE, "there are no numbers on this screen");
    const struct list *list = scene->screen->list ? scene->screen->list(scene) : NULL;
    AUTO_FRAME struct frame seen = {0};
    if (list)
        frame_select(&seen, frame, list->order, list->count);
    put(list ? &seen : frame, out);
    return true;
}

static bool print_text(const struct canvas *canvas, const struct theme *theme, struct buf *out,
                       struct err *err)
{
    (void)theme;
    return canvas_plain(canvas, out) || err_set(err, ERR_FAILURE, "the picture is too large");
}

static bool print_ansi(const struct canvas *canvas, const struct theme *theme, struct buf *out,
                       struct err *err)
{
    return canvas_ansi(canvas, theme, THEME_256, out) ||
           err_set(err, ERR_FAILURE, "the picture is too large");
}

typedef bool print(const struct canvas *canvas, const struct theme *theme, struct buf *out,
                   struct err *err);

/* A picture has all the colours that its file can hold, whatever the terminal shows. */
static bool put_picture(struct app *app, print *put, enum theme_depth depth, struct buf *out,
                        struct err *err)
{
    AUTO_CANVAS struct canvas canvas = {0};
    enum theme_depth shown = app->desk.look.depth;
    canvas_init(&canvas, app->width, app->height, app->desk.look.ascii);
    app->desk.look.depth = depth;
    app_draw(app, &canvas);
    app->desk.look.depth = shown;
    return put(&canvas, app->desk.look.theme, out, err);
}

static const struct {
    const char *ending;
    void (*data)(const struct frame *frame, struct buf *out); /* NULL: a picture */
    print *picture;
    enum theme_depth depth; /* of the picture */
} kinds[] = {
    {".csv", frame_csv_put},
    {".json", frame_json_put},
    {".txt", NULL, print_text, THEME_PLAIN},
    {".ansi", NULL, print_ansi, THEME_256},
    {".svg", NULL, print_svg, THEME_TRUE},
    {".png", NULL, print_png, THEME_TRUE},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

/* The kind of a file by its ending; KINDS when it is none. */
static size_t find_kind(const char *path)
{
    const char *dot = strrchr(path, '.');
    size_t kind = 0;
    while (kind < KINDS && (!dot || strcmp(dot, kinds[kind].ending) != 0))
        kind++;
    return kind;
}

/* A file that is there already is somebody's: it is not written over. */
static bool write_file(const char *path, const struct buf *bytes, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return err_set(err, ERR_FAILURE, "'%.100s': %s", path, strerror(errno));
    size_t done = 0;
    while (done < bytes->length) {
        ssize_t wrote = write(fd, bytes->data + done, bytes->length - done);
        if (wrote < 0 && errno != EINTR)
            break;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    int why = errno;
    if (close(fd) == 0 && done == bytes->length)
        return true;
    unlink(path);
    return err_set(err, ERR_FAILURE, "'%.100s': %s", path, strerror(why));
}

bool app_export(struct app *app, enum action action, const char *path, bool really, struct err *err)
{
    (void)action;
    AUTO_BUF struct buf bytes;
    size_t kind = find_kind(path);
    buf_init(&bytes, EXPORT_MAX);
    if (kind == KINDS)
        return err_set(err, ERR_USAGE, "a file name that ends in .csv .json .txt .ansi .svg .png");
    if (!really)
        return true;
    bool ok = kinds[kind].data
                  ? put_data(app, kinds[kind].data, &bytes, err)
                  : put_picture(app, kinds[kind].picture, kinds[kind].depth, &bytes, err);
    if (!ok || !write_file(path, &bytes, err))
        return false;
    screen_note(&app->desk, "written to %s", path);
    return true;
}
