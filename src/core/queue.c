#include "core/queue.h"

#include <stdio.h>
#include <unistd.h>

#include "core/queue_sqlite.h"

void queue_init(struct queue *queue, struct store *store, int64_t most_attempts)
{
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    *queue = (struct queue){
        .backend = queue_sqlite_backend(), .self = store, .most_attempts = most_attempts};
    snprintf(queue->worker, sizeof queue->worker, "%s:%ld", host, (long)getpid());
}

bool queue_add(struct queue *queue, const struct queue_job *jobs, size_t count, int64_t now_ms,
               struct err *err)
{
    return queue->backend->add(queue->self, jobs, count, now_ms, err);
}

bool queue_claim(struct queue *queue, int64_t now_ms, struct queue_job *jobs, size_t most,
                 size_t *count, struct err *err)
{
    return queue->backend->claim(queue->self, queue->worker, now_ms, jobs, most, count, err);
}

bool queue_beat(struct queue *queue, int64_t now_ms, struct err *err)
{
    return queue->backend->beat(queue->self, queue->worker, now_ms, err);
}

int64_t queue_rank_ms(enum schedule_priority priority, int64_t due_ms)
{
    return due_ms - (int64_t)priority * QUEUE_PRIORITY_MS;
}

enum queue_end queue_verdict(const struct queue *queue, const struct queue_job *job,
                             enum outcome outcome)
{
    if (outcome_is_good(outcome) || outcome == OUTCOME_NOT_FOUND)
        return QUEUE_DONE;
    return job->attempts < queue->most_attempts ? QUEUE_AGAIN : QUEUE_DEAD;
}

bool queue_finish(struct queue *queue, const struct queue_job *job,
                  const struct queue_attempt *attempt, enum queue_end end, int64_t due_ms,
                  int64_t now_ms, struct err *err)
{
    return queue->backend->finish(queue->self, job, attempt, end, due_ms, now_ms, err);
}

bool queue_recover(struct queue *queue, int64_t span_ms, int64_t now_ms, struct err *err)
{
    return queue->backend->recover(queue->self, queue->most_attempts, span_ms, now_ms, err);
}

bool queue_live(struct queue *queue, int64_t **events, size_t *count, struct err *err)
{
    return queue->backend->live(queue->self, events, count, err);
}

bool queue_shift(struct queue *queue, int64_t by_ms, struct err *err)
{
    return queue->backend->shift(queue->self, by_ms, err);
}

const struct queue_share *queue_share(const struct queue *queue)
{
    return queue->backend->share ? queue->backend->share(queue->self) : NULL;
}

bool queue_withdraw(struct queue *queue, const int64_t *events, size_t count, struct err *err)
{
    return count == 0 || !queue->backend->withdraw ||
           queue->backend->withdraw(queue->self, events, count, err);
}

bool queue_may_ask(struct queue *queue, int64_t *start_by_ms)
{
    *start_by_ms = 0;
    return queue->backend->may_ask == NULL || queue->backend->may_ask(queue->self, start_by_ms);
}

void queue_flush(struct queue *queue)
{
    if (queue->backend->flush)
        queue->backend->flush(queue->self);
}

bool queue_prune(struct queue *queue, int64_t before_ms, struct err *err)
{
    return !queue->backend->prune || queue->backend->prune(queue->self, before_ms, err);
}
