/* Writes gzip answers for a web server: docs FOLDER ROUNDS EVENTS LISTINGS CHURN makes FOLDER/round-R/ID.gz. All events
 * of a round are one market under another id. When they are many, an answer is three gzip members of which only the
 * small middle one differs, so that not each has to be packed. */
#include <sys/stat.h>

#include "bench.h"
#include "io/zip.h"

enum { MANY = 64 };

static void pack(const char *bytes, size_t length, struct buf *out)
{
    buf_init(out, BENCH_BODY_MAX);
    if (!zip_pack_gzip(bytes, length, 6, out))
        bench_die("gzip", NULL);
}

/* Writes up to three parts after each other; an empty one is left out. */
static void write_parts(const char *folder, int id, const struct buf *parts)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%d.gz", folder, id);
    FILE *file = fopen(path, "wb");
    if (!file)
        bench_die(path, NULL);
    for (int i = 0; i < 3; i++)
        if (parts[i].length > 0 &&
            fwrite(parts[i].data, 1, parts[i].length, file) != parts[i].length)
            bench_die(path, NULL);
    if (fclose(file) != 0)
        bench_die(path, NULL);
}

static void write_round(const char *folder, int events, struct buf *body)
{
    static const char key[] = "\"productionId\":\"";
    char *id = strstr(body->data, key);
    if (!id)
        bench_die("an answer without an id", NULL);
    id += sizeof key - 1;
    size_t before = (size_t)(id - body->data), length = strcspn(id, "\"");
    struct buf parts[3] = {0};
    if (events > MANY) {
        pack(body->data, before, &parts[0]);
        pack(id + length, body->length - before - length, &parts[2]);
    }
    for (int e = 0; e < events; e++) {
        char text[16];
        snprintf(text, sizeof text, "%d", BENCH_EVENT + e);
        if (strlen(text) != length)
            bench_die("an id of another length", NULL);
        memcpy(id, text, length);
        if (events > MANY)
            pack(id, length, &parts[1]);
        else
            pack(body->data, body->length, &parts[1]);
        write_parts(folder, BENCH_EVENT + e, parts);
        buf_release(&parts[1]);
    }
    buf_release(&parts[0]);
    buf_release(&parts[2]);
}

int main(int argc, char **argv)
{
    if (argc != 6)
        bench_die("usage: docs FOLDER ROUNDS EVENTS LISTINGS CHURN_PERMILLE", NULL);
    struct simulator_settings settings = bench_settings(atoi(argv[4]), atoi(argv[5]));
    int rounds = atoi(argv[2]);
    for (int r = 0; r < rounds; r++) {
        char folder[4000];
        snprintf(folder, sizeof folder, "%s/round-%d", argv[1], r);
        if (mkdir(folder, 0755) != 0)
            bench_die(folder, NULL);
        struct buf body = bench_answer(&settings, r);
        write_round(folder, atoi(argv[3]), &body);
        buf_release(&body);
    }
    return 0;
}
