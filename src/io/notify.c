#include "io/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

bool notify_send(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = path ? strlen(path) : 0;
    if (length < 2 || length >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
        return false;
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') /* an abstract one */
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    bool sent =
        sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, size) >= 0;
    close(fd);
    return sent;
}

int64_t notify_watchdog_ms(void)
{
    const char *span = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    int64_t span_us, wanted;
    if (span == NULL || !text_to_int(span, &span_us) || span_us <= 0)
        return 0;
    if (pid != NULL && (!text_to_int(pid, &wanted) || wanted != getpid()))
        return 0;
    return span_us / 2000;
}
