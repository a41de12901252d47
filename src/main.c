#include <locale.h>

#include "base/mem.h"
#include "base/stop.h"
#include "cli/cmd.h"

int main(int argc, char **argv)
{
    mem_prepare();
    /* Only the character set: numbers and sorting stay the same everywhere. */
    setlocale(LC_CTYPE, "");
    stop_install();
    return cmd_main(argc, argv);
}
