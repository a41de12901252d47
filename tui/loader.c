#include "tui/loader.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

struct loader {
    char *path;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t asked, answered;
    int fd;
    /* under the mutex */
    bool closing, busy, look;
    struct {
        bool waits;
        uint64_t ticket;
        struct question question;
    } slots[LOADER_SLOTS];
    struct loader_word *words;
    size_t word_count, word_capacity;
    /* the thread's own */
    struct store *store;
    dev_t device;
    ino_t inode;
    int64_t version;
    bool tried,
        reopened; /* to open it; it is open after an earlier try, since it was last looked for changes */
};

static void close_store(struct loader *loader)
{
    store_close(loader->store);
    loader->store = NULL;
}

/* A store that was deleted or replaced would go on being read as it was. */
static bool is_replaced(const struct loader *loader)
{
    struct stat now;
    return stat(loader->path, &now) != 0 || now.st_dev != loader->device ||
           now.st_ino != loader->inode;
}

static bool open_store(struct loader *loader, struct err *err)
{
    struct stat now;
    if (loader->store && is_replaced(loader))
        close_store(loader);
    if (loader->store)
        return true;
    /* seen before it is opened: one that takes its place in between then counts as another */
    bool known = stat(loader->path, &now) == 0;
    loader->device = known ? now.st_dev : 0;
    loader->inode = known ? now.st_ino : 0;
    loader->store = store_open_readonly(loader->path, err);
    if (loader->store && !store_changes(loader->store, &loader->version, err))
        close_store(loader);
    loader->reopened = loader->store && loader->tried;
    loader->tried = true;
    return loader->store != NULL;
}

static struct answer *answer(struct loader *loader, const struct question *question)
{
    struct answer *made = mem_alloc(1, sizeof *made);
    made->ok = open_store(loader, &made->err) &&
               question->load(loader->store, question, &made->frame, &made->err);
    if (!made->ok)
        frame_release(&made->frame);
    /* what is wrong with the file may be mended by another file */
    if (!made->ok && made->err.code == ERR_STORE)
        close_store(loader);
    return made;
}

/* Whether the store is another one than that of the last answers. */
static bool has_changed(struct loader *loader)
{
    struct err err = {0};
    int64_t version;
    if (loader->store && (is_replaced(loader) || !store_changes(loader->store, &version, &err))) {
        close_store(loader);
        loader->tried = false;
        return true;
    }
    if (!loader->store) {
        loader->tried = false;
        return access(loader->path, F_OK) == 0;
    }
    bool changed = loader->reopened || version != loader->version;
    loader->reopened = false; /* answers of other slots may be of the store before */
    loader->version = version;
    return changed;
}

static void say(struct loader *loader, struct loader_word word)
{
    loader->words =
        mem_grow(loader->words, loader->word_count, &loader->word_capacity, sizeof *loader->words);
    loader->words[loader->word_count++] = word;
    eventfd_write(loader->fd, 1);
}

static int waiting_slot(const struct loader *loader)
{
    for (int slot = 0; slot < LOADER_SLOTS; slot++)
        if (loader->slots[slot].waits)
            return slot;
    return -1;
}

/* Answers one question. Called and left under the mutex, which is given up meanwhile. */
static void answer_slot(struct loader *loader, size_t slot)
{
    struct question question = loader->slots[slot].question;
    struct loader_word word = {.slot = slot, .ticket = loader->slots[slot].ticket};
    loader->slots[slot].waits = false;
    pthread_mutex_unlock(&loader->mutex);
    word.answer = answer(loader, &question);
    pthread_mutex_lock(&loader->mutex);
    say(loader, word);
}

static void look(struct loader *loader)
{
    loader->look = false;
    pthread_mutex_unlock(&loader->mutex);
    bool changed = has_changed(loader);
    pthread_mutex_lock(&loader->mutex);
    if (changed)
        say(loader, (struct loader_word){.slot = LOADER_SLOTS});
}

static void *work(void *context)
{
    struct loader *loader = context;
    pthread_mutex_lock(&loader->mutex);
    while (!loader->closing) {
        int slot = waiting_slot(loader);
        loader->busy = slot >= 0 || loader->look;
        if (slot >= 0)
            answer_slot(loader, (size_t)slot);
        else if (loader->look)
            look(loader);
        else {
            pthread_cond_broadcast(&loader->answered);
            pthread_cond_wait(&loader->asked, &loader->mutex);
        }
    }
    pthread_mutex_unlock(&loader->mutex);
    close_store(loader);
    return NULL;
}

struct loader *loader_open(const char *path)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct loader *loader = mem_alloc(1, sizeof *loader);
    sigset_t all, before;
    loader->path = mem_strdup(path);
    loader->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loader->fd < 0)
        BUG("no descriptor for the loader: %s", strerror(errno));
    pthread_mutex_init(&loader->mutex, NULL);
    pthread_cond_init(&loader->asked, NULL);
    pthread_cond_init(&loader->answered, NULL);
    sigfillset(&all); /* signals are for the thread that has the terminal, but for its own faults */
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&loader->thread, NULL, work, loader);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        BUG("no thread for the loader: %s", strerror(failed));
    return loader;
}

void loader_close(struct loader *loader)
{
    if (!loader)
        return;
    pthread_mutex_lock(&loader->mutex);
    loader->closing = true;
    pthread_cond_signal(&loader->asked);
    pthread_mutex_unlock(&loader->mutex);
    pthread_join(loader->thread, NULL);
    for (size_t i = 0; i < loader->word_count; i++)
        question_forget(loader->words[i].answer);
    pthread_cond_destroy(&loader->answered);
    pthread_cond_destroy(&loader->asked);
    pthread_mutex_destroy(&loader->mutex);
    close(loader->fd);
    mem_free(loader->words);
    mem_free(loader->path);
    mem_free(loader);
}

void loader_ask(struct loader *loader, size_t slot, uint64_t ticket,
                const struct question *question)
{
    if (slot >= LOADER_SLOTS)
        BUG("slot %zu", slot);
    pthread_mutex_lock(&loader->mutex);
    loader->slots[slot].waits = true;
    loader->slots[slot].ticket = ticket;
    loader->slots[slot].question = *question;
    loader->busy = true;
    pthread_cond_signal(&loader->asked);
    pthread_mutex_unlock(&loader->mutex);
}

void loader_look(struct loader *loader)
{
    pthread_mutex_lock(&loader->mutex);
    loader->look = loader->busy = true;
    pthread_cond_signal(&loader->asked);
    pthread_mutex_unlock(&loader->mutex);
}

bool loader_take(struct loader *loader, struct loader_word *word)
{
    eventfd_t count;
    pthread_mutex_lock(&loader->mutex);
    bool any = loader->word_count > 0;
    if (any) {
        *word = loader->words[0];
        loader->word_count--;
        memmove(loader->words, loader->words + 1, loader->word_count * sizeof *loader->words);
    }
    if (loader->word_count == 0)
        eventfd_read(loader->fd, &count);
    pthread_mutex_unlock(&loader->mutex);
    return any;
}

int loader_fd(const struct loader *loader)
{
    return loader->fd;
}

void loader_wait(struct loader *loader)
{
    pthread_mutex_lock(&loader->mutex);
    while (loader->busy)
        pthread_cond_wait(&loader->answered, &loader->mutex);
    pthread_mutex_unlock(&loader->mutex);
}
