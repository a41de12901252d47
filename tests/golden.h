/* Pictures that were looked at once: a test compares with the file, UPDATE=1 rewrites it. */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

enum { GOLDEN_CAP = 4 << 20 };

/* Reads a whole file; NULL when it is not there. The caller frees it. */
static inline char *golden_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = mem_alloc(GOLDEN_CAP, 1);
    size_t length = fread(text, 1, GOLDEN_CAP - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

static inline void golden_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Compares with tests/golden/NOUN/NAME.txt. */
static inline void golden_compare(const char *noun, const char *name, struct buf *out)
{
    char path[200];
    snprintf(path, sizeof(path), "tests/golden/%s/%s.txt", noun, name);
    if (getenv("UPDATE"))
        golden_write(path, buf_text(out));
    AUTO_FREE char *golden = golden_read(path);
    if (!golden)
        fail_msg("%s is missing: run with UPDATE=1 and look at what it writes", path);
    assert_string_equal(buf_text(out), golden);
}

#endif
