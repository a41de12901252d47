#include "core/platform.h"

#include <string.h>
#include <strings.h>

#include "core/vividseats.h"

enum {
    PAGE_SEARCHED = 64 << 10
}; /* bytes of a page that are searched for markers; seen: 771 and 783 whole */

const struct platform *const *platform_list(void)
{
    static const struct platform *platforms[2];
    platforms[0] = vividseats_platform();
    return platforms;
}

const struct platform *platform_find(const char *name)
{
    for (const struct platform *const *p = platform_list(); *p; p++)
        if (strcmp((*p)->name, name) == 0)
            return *p;
    return NULL;
}

void platform_page_release(struct platform_page *page)
{
    mem_free(page->events);
    *page = (struct platform_page){0};
}

/* What challenge pages say, by the vendors that authors of scrapers have met. Only looked for in
 * what is not JSON. */
static const char *const challenge_marks[] = {
    "access denied",
    "access to this page has been denied",
    "are you a human",
    "are you a robot",
    "attention required",
    "automated access",
    "bot detection",
    "captcha",
    "challenge",
    "checking your browser",
    "enable javascript and cookies",
    "human verification",
    "incapsula",
    "just a moment",
    "pardon our interruption",
    "perimeterx",
    "px-block",
    "request unsuccessful",
    "security check",
    "unusual activity",
    "unusual traffic",
    "verify you are",
    "you have been blocked",
    "you don't have permission to access",
};

static bool contains(const char *text, size_t length, const char *mark)
{
    size_t size = strlen(mark);
    for (size_t i = 0; i + size <= length; i++)
        if ((text[i] | 0x20) == (mark[0] | 0x20) && strncasecmp(text + i, mark, size) == 0)
            return true;
    return false;
}

/* The first byte that is no blank; -1 when there is none. */
static int first_byte(const struct platform_answer *answer)
{
    for (size_t i = 0; i < answer->length; i++)
        if (!memchr(" \t\r\n", answer->body[i], 4))
            return (unsigned char)answer->body[i];
    return -1;
}

static bool is_challenge(const struct platform_answer *answer, int first)
{
    if (first == '{' || first == '[' || first == -1)
        return false;
    size_t length = answer->length < PAGE_SEARCHED ? answer->length : PAGE_SEARCHED;
    for (size_t i = 0; i < sizeof challenge_marks / sizeof challenge_marks[0]; i++)
        if (contains(answer->body, length, challenge_marks[i]))
            return true;
    /* with its own status it is no challenge but a plain request to slow down */
    return answer->status != 429 && contains(answer->body, length, "too many requests");
}

/* Sets the verdict; a status that is not 200 belongs to the reason. Always true. */
static bool decide(enum outcome verdict, const char *why, int status, enum outcome *outcome,
                   struct err *err)
{
    enum err_code code = outcome_is_refusal(verdict) ? ERR_UNREACHABLE : ERR_EVENT;
    *outcome = verdict;
    if (status == 200)
        err_set(err, code, "%s", why);
    else
        err_set(err, code, "%s (status %d)", why, status);
    if (verdict == OUTCOME_BLOCKED)
        err_hint(err, "wait before trying again; what a browser is shown can be saved as HAR or "
                      "JSON and read with 'tws import'");
    return true;
}

static bool refused_by_status(int status, enum outcome *outcome, struct err *err)
{
    static const struct {
        int from, to;
        enum outcome outcome;
        const char *why;
    } verdicts[] = {
        {401, 401, OUTCOME_BLOCKED, "refused"},
        {403, 403, OUTCOME_BLOCKED, "refused"},
        {404, 404, OUTCOME_NOT_FOUND, "no such event"},
        {410, 410, OUTCOME_NOT_FOUND, "no such event"},
        {429, 429, OUTCOME_RATE_LIMITED, "asked to slow down"},
        {300, 399, OUTCOME_NETWORK, "redirected elsewhere"},
        {500, 599, OUTCOME_NETWORK, "server error"},
    };
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
        if (status >= verdicts[i].from && status <= verdicts[i].to)
            return decide(verdicts[i].outcome, verdicts[i].why, status, outcome, err);
    if (status < 200 || status >= 300)
        return decide(OUTCOME_BAD_PAYLOAD, "not an answer", status, outcome, err);
    return false;
}

bool platform_refused(const struct platform_answer *answer, enum outcome *outcome, struct err *err)
{
    int status = answer->status, first = first_byte(answer);
    if (is_challenge(answer, first))
        return decide(OUTCOME_BLOCKED, "a challenge page instead of an answer", status, outcome,
                      err);
    if (refused_by_status(status, outcome, err))
        return true;
    if (first == -1)
        return decide(OUTCOME_BAD_PAYLOAD, "the body is empty", status, outcome, err);
    if (first == '<')
        return decide(OUTCOME_BAD_PAYLOAD, "the body is HTML", status, outcome, err);
    return false;
}
