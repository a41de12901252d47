/* Follows events without asking anybody: track DB COUNT */
#include "bench.h"

int main(int argc, char **argv)
{
    struct err err = {0};
    struct store *store = argc == 3 ? store_open(argv[1], &err) : NULL;
    if (!store)
        bench_die("usage: track DB COUNT", &err);
    for (int i = 0; i < atoi(argv[2]); i++) {
        struct event event;
        bench_track(store, i, &event);
    }
    store_close(store);
    return 0;
}
