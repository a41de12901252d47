#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/stop.h"
#include "cli/cmd.h"

/* A descriptor that was closed would become the store's or a socket's, and what is printed would go there. With these
   it fails, as it should. */
static void hold_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
    hold_descriptors();
    mem_prepare();
    /* Only the character set: numbers and sorting stay the same everywhere. */
    setlocale(LC_CTYPE, "");
    stop_install();
    return cmd_main(argc, argv);
}
