/* Packed bytes: the first byte picks the format; what comes out never passes its cap. */
#include "fuzz.h"

#include "io/zip.h"

enum { PLAIN_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_BUF struct buf plain, packed, again;
    buf_init(&plain, PLAIN_MAX);
    buf_init(&packed, 2 * PLAIN_MAX);
    buf_init(&again, PLAIN_MAX);
    if (size == 0)
        return 0;
    enum zip_format format = data[0] % (ZIP_ZSTD + 1);
    zip_sniff(data + 1, size - 1);
    enum zip_result result = zip_unpack(format, data + 1, size - 1, &plain);
    must(plain.length <= PLAIN_MAX && zip_result_text(result) != NULL);
    if (result != ZIP_OK || !zip_pack_gzip(buf_text(&plain), plain.length, 1, &packed))
        return 0;
    must(zip_unpack(ZIP_GZIP, packed.data, packed.length, &again) == ZIP_OK);
    must(again.length == plain.length &&
         (again.length == 0 || memcmp(again.data, plain.data, again.length) == 0));
    return 0;
}
