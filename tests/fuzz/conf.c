/* A config file: its settings are believed or it is refused with the line. */
#include "fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "core/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct err err = {0};
    int file = memfd_create("conf", MFD_CLOEXEC);
    must(file >= 0 && write(file, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    struct conf *conf = conf_open(path, NULL, &err);
    must(conf != NULL || (err.code == ERR_USAGE && err.text[0] != '\0'));
    for (enum conf_key key = 0; conf && key < CONF_COUNT; key++) {
        const char *text = conf_text(conf, key);
        must(text != NULL && text_is_utf8(text, strlen(text)));
    }
    if (conf) {
        must(conf_count(conf, CONF_TIMEOUT) >= 1 && conf_count(conf, CONF_TIMEOUT) <= 600);
        must(conf_count(conf, CONF_RATE) >= 0 && conf_count(conf, CONF_PARALLEL) >= 1);
    }
    conf_close(conf);
    close(file);
    return 0;
}
