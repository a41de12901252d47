#include "tui/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

enum { STATE_MAX = 1 << 20, PATH_MAX_BYTES = 4096 };

struct entry {
    char *section, *key, *value;
};

struct state {
    char *path; /* NULL: nowhere to save */
    struct entry *entries;
    size_t count, capacity;
    bool changed;
};

static size_t find(const struct state *state, const char *section, const char *key)
{
    size_t i = 0;
    while (i < state->count && (strcmp(state->entries[i].section, section) != 0 ||
                                strcmp(state->entries[i].key, key) != 0))
        i++;
    return i;
}

static void drop(struct state *state, size_t index)
{
    struct entry *entry = &state->entries[index];
    mem_free(entry->section);
    mem_free(entry->key);
    mem_free(entry->value);
    state->count--;
    memmove(entry, entry + 1, (state->count - index) * sizeof *entry);
}

static char *one_line(const char *text)
{
    char *copy = mem_strdup(text);
    for (char *c = copy; *c; c++)
        if (*c == '\t' || *c == '\n' || *c == '\r')
            *c = ' ';
    return copy;
}

static void set(struct state *state, const char *section, const char *key, const char *value)
{
    size_t index = find(state, section, key);
    if (index < state->count) {
        char *kept = state->entries[index].value; /* `value` may be part of it */
        state->entries[index].value = one_line(value);
        mem_free(kept);
        return;
    }
    state->entries =
        mem_grow(state->entries, state->count, &state->capacity, sizeof *state->entries);
    state->entries[state->count++] =
        (struct entry){one_line(section), one_line(key), one_line(value)};
}

/* A line is a section, a key and a value with tabs between them. */
static void read_line(struct state *state, char *line)
{
    char *key = strchr(line, '\t'), *value = key ? strchr(key + 1, '\t') : NULL;
    if (!value)
        return;
    *key = *value = '\0';
    set(state, line, key + 1, value + 1);
}

static bool read_file(struct state *state, struct err *err)
{
    AUTO_FREE char *text = mem_alloc(STATE_MAX, 1);
    FILE *file = fopen(state->path, "re");
    if (!file && errno == ENOENT)
        return true;
    if (!file)
        return err_set(err, ERR_FAILURE, "state '%s': %s", state->path, strerror(errno));
    size_t length = fread(text, 1, STATE_MAX - 1, file);
    bool ok = !ferror(file);
    fclose(file);
    if (!ok)
        return err_set(err, ERR_FAILURE, "state '%s': cannot be read", state->path);
    if (length == STATE_MAX - 1)
        return err_set(err, ERR_FAILURE, "state '%s': more than %d bytes", state->path, STATE_MAX);
    for (char *at = text, *end; at < text + length; at = end + 1) {
        end = memchr(at, '\n', (size_t)(text + length - at));
        if (!end)
            end = text + length;
        *end = '\0';
        read_line(state, at);
    }
    return true;
}

bool state_open(struct state **state, const char *path, struct err *err)
{
    *state = mem_alloc(1, sizeof **state);
    (*state)->path = mem_strdup(path);
    if (!path || read_file(*state, err))
        return true;
    mem_free((*state)->path);
    (*state)->path = NULL;
    return false;
}

void state_close(struct state *state)
{
    if (!state)
        return;
    while (state->count > 0)
        drop(state, state->count - 1);
    mem_free(state->entries);
    mem_free(state->path);
    mem_free(state);
}

/* Makes the folders above a file. What cannot be made is noticed when the file is. */
static void make_folders(const char *path)
{
    AUTO_FREE char *folder = mem_strdup(path);
    for (char *slash = folder; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        mkdir(folder, 0700);
        *slash = '/';
    }
}

static bool write_whole(int fd, const struct buf *text)
{
    for (size_t done = 0; done < text->length;) {
        ssize_t wrote = write(fd, text->data + done, text->length - done);
        if (wrote < 0 && errno != EINTR)
            return false;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return fsync(fd) == 0;
}

static bool replace_file(const char *path, const struct buf *text)
{
    AUTO_BUF struct buf beside;
    buf_init(&beside, PATH_MAX_BYTES);
    buf_printf(&beside, "%s.%ld", path, (long)getpid());
    int fd = open(buf_text(&beside), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool ok = write_whole(fd, text);
    ok = close(fd) == 0 && ok;
    ok = ok && rename(buf_text(&beside), path) == 0;
    int why = errno;
    if (!ok)
        unlink(buf_text(&beside));
    errno = why;
    return ok;
}

bool state_save(struct state *state, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, STATE_MAX);
    if (!state->changed || !state->path)
        return true;
    for (size_t i = 0; i < state->count; i++)
        buf_printf(&text, "%s\t%s\t%s\n", state->entries[i].section, state->entries[i].key,
                   state->entries[i].value);
    if (text.overflow)
        return err_set(err, ERR_FAILURE, "state '%s': more than %d bytes", state->path, STATE_MAX);
    make_folders(state->path);
    if (!replace_file(state->path, &text))
        return err_set(err, ERR_FAILURE, "state '%s': %s", state->path, strerror(errno));
    state->changed = false;
    return true;
}

const char *state_get(const struct state *state, const char *section, const char *key)
{
    size_t index = find(state, section, key);
    return index < state->count ? state->entries[index].value : NULL;
}

void state_set(struct state *state, const char *section, const char *key, const char *value)
{
    const char *known = state_get(state, section, key);
    if (!known && !value)
        return;
    if (known && value && strcmp(known, value) == 0)
        return;
    state->changed = true;
    if (value)
        set(state, section, key, value);
    else
        drop(state, find(state, section, key));
}

void state_remove(struct state *state, const char *section)
{
    for (size_t i = state->count; i-- > 0;)
        if (strcmp(state->entries[i].section, section) == 0) {
            drop(state, i);
            state->changed = true;
        }
}

/* Whether the entry is the first of its section. */
static bool begins_section(const struct state *state, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(state->entries[i].section, state->entries[index].section) == 0)
            return false;
    return true;
}

const char *state_section(const struct state *state, const char *prefix, size_t nth)
{
    size_t length = strlen(prefix);
    for (size_t i = 0; i < state->count; i++)
        if (strncmp(state->entries[i].section, prefix, length) == 0 && begins_section(state, i) &&
            nth-- == 0)
            return state->entries[i].section + length;
    return NULL;
}

bool state_entry(const struct state *state, const char *section, size_t nth, const char **key,
                 const char **value)
{
    for (size_t i = 0; i < state->count; i++)
        if (strcmp(state->entries[i].section, section) == 0 && nth-- == 0) {
            *key = state->entries[i].key;
            *value = state->entries[i].value;
            return true;
        }
    return false;
}
