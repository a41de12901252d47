#include "io/zip.h"

#include <stdint.h>
#include <string.h>

#include <brotli/decode.h>
#include <libdeflate.h>
#include <zstd.h>

#include "io/gzip_walk.h"

enum {
    STEP = 64 * 1024,        /* bytes of plain text made at once, at least */
    DEFLATE_RATIO = 1032,    /* no deflate stream unpacks to more than this a byte */
    WINDOW_LOG = 23,         /* 8 MiB, what RFC 8878 asks every decoder to take */
    ZSTD_LEVEL_LARGEST = 19, /* higher ones want a larger window */
};

static const uint8_t gzip_magic[] = {0x1f, 0x8b};
static const uint8_t zstd_magic[] = {0x28, 0xb5, 0x2f, 0xfd};

static bool starts(const void *bytes, size_t length, const uint8_t *magic, size_t size)
{
    return length >= size && memcmp(bytes, magic, size) == 0;
}

enum zip_format zip_sniff(const void *bytes, size_t length)
{
    if (starts(bytes, length, gzip_magic, sizeof gzip_magic))
        return ZIP_GZIP;
    if (starts(bytes, length, zstd_magic, sizeof zstd_magic))
        return ZIP_ZSTD;
    return ZIP_NONE;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t most(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t room_left(const struct buf *out)
{
    return out->cap - out->length;
}

/* Counts what a codec wrote to buf_reserve()'s room; codecs scribble behind it too. */
static void add_made(struct buf *out, size_t made)
{
    out->length += made;
    if (out->data != NULL)
        out->data[out->length] = '\0';
}

static enum zip_result too_big(struct buf *out)
{
    out->overflow = true;
    return ZIP_TOO_BIG;
}

static void *need(void *codec)
{
    if (codec == NULL)
        BUG("out of memory");
    return codec;
}

/* ---- gzip ---- */

/* A first guess at the plain size of a member: its last four bytes say it if it is the only one;
   what they say is believed only as far as deflate can pack. */
static size_t guess_size(const uint8_t *bytes, size_t length)
{
    size_t said = 0;

    if (length >= 4)
        for (int i = 1; i <= 4; i++)
            said = said << 8 | bytes[length - (size_t)i];
    return most(said <= length * DEFLATE_RATIO ? said : 0, STEP);
}

/* Unpacks the first member of `bytes` behind what `out` holds; `*used` bytes were it. */
static enum zip_result unpack_member(struct libdeflate_decompressor *codec, const uint8_t *bytes,
                                     size_t length, size_t *used, struct buf *out)
{
    size_t room = least(guess_size(bytes, length), room_left(out));

    for (;;) {
        size_t made = 0;
        char *to = buf_reserve(out, room);
        switch (libdeflate_gzip_decompress_ex(codec, bytes, length, to, room, used, &made)) {
        case LIBDEFLATE_SUCCESS:
            add_made(out, made);
            return ZIP_OK;
        case LIBDEFLATE_INSUFFICIENT_SPACE:
            if (room == room_left(out))
                return too_big(out);
            room = least(2 * room, room_left(out));
            break;
        case LIBDEFLATE_BAD_DATA:
        case LIBDEFLATE_SHORT_OUTPUT:
            return gzip_walk_runs_out(bytes, length) ? ZIP_TRUNCATED : ZIP_CORRUPT;
        }
    }
}

static enum zip_result unpack_gzip(const uint8_t *bytes, size_t length, struct buf *out)
{
    struct libdeflate_decompressor *codec = need(libdeflate_alloc_decompressor());
    enum zip_result result;

    do {
        size_t used = 0;
        result = unpack_member(codec, bytes, length, &used, out);
        bytes += used;
        length -= used;
    } while (result == ZIP_OK && length > 0);
    libdeflate_free_decompressor(codec);
    return result;
}

/* ---- brotli and zstd: in steps, into what room there is or, at the cap, into one byte too many
 * ---- */

struct step {
    char spill;
    char *to;
    size_t room;
};

static void open_step(struct step *step, struct buf *out)
{
    step->room = least(most(out->length, STEP), room_left(out));
    step->to = buf_reserve(out, step->room);
    if (step->room == 0) {
        step->to = &step->spill;
        step->room = 1;
    }
}

/* False when bytes were made that do not fit. */
static bool close_step(const struct step *step, size_t made, struct buf *out)
{
    if (step->to == &step->spill)
        return made == 0;
    add_made(out, made);
    return true;
}

static enum zip_result run_brotli(BrotliDecoderState *codec, const uint8_t *bytes, size_t length,
                                  struct buf *out)
{
    for (;;) {
        struct step step;
        open_step(&step, out);
        uint8_t *to = (uint8_t *)step.to;
        size_t room = step.room;
        BrotliDecoderResult result =
            BrotliDecoderDecompressStream(codec, &length, &bytes, &room, &to, NULL);
        if (!close_step(&step, step.room - room, out))
            return too_big(out);
        switch (result) {
        case BROTLI_DECODER_RESULT_SUCCESS:
            return length == 0 ? ZIP_OK : ZIP_CORRUPT;
        case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
            return ZIP_TRUNCATED;
        case BROTLI_DECODER_RESULT_ERROR:
            return ZIP_CORRUPT;
        case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
            break;
        }
    }
}

static enum zip_result unpack_brotli(const uint8_t *bytes, size_t length, struct buf *out)
{
    BrotliDecoderState *codec = need(BrotliDecoderCreateInstance(NULL, NULL, NULL));
    enum zip_result result = run_brotli(codec, bytes, length, out);

    BrotliDecoderDestroyInstance(codec);
    return result;
}

static enum zip_result run_zstd(ZSTD_DCtx *codec, const uint8_t *bytes, size_t length,
                                struct buf *out)
{
    ZSTD_inBuffer in = {.src = bytes, .size = length};

    for (;;) {
        struct step step;
        open_step(&step, out);
        ZSTD_outBuffer to = {.dst = step.to, .size = step.room};
        size_t wanted = ZSTD_decompressStream(codec, &to, &in);
        if (ZSTD_isError(wanted))
            return ZIP_CORRUPT;
        if (!close_step(&step, to.pos, out))
            return too_big(out);
        if (in.pos < in.size)
            continue;
        if (wanted == 0) /* the end of a frame */
            return ZIP_OK;
        if (to.pos < to.size) /* it could have made more, had there been more to read */
            return ZIP_TRUNCATED;
    }
}

static enum zip_result unpack_zstd(const uint8_t *bytes, size_t length, struct buf *out)
{
    ZSTD_DCtx *codec = need(ZSTD_createDCtx());

    ZSTD_DCtx_setParameter(codec, ZSTD_d_windowLogMax, WINDOW_LOG);
    enum zip_result result = run_zstd(codec, bytes, length, out);
    ZSTD_freeDCtx(codec);
    return result;
}

/* ---- all ---- */

enum zip_result zip_unpack(enum zip_format format, const void *bytes, size_t length,
                           struct buf *out)
{
    buf_reset(out);
    switch (format) {
    case ZIP_NONE:
        return buf_add(out, bytes, length) ? ZIP_OK : ZIP_TOO_BIG;
    case ZIP_GZIP:
        return unpack_gzip(bytes, length, out);
    case ZIP_BROTLI:
        return unpack_brotli(bytes, length, out);
    case ZIP_ZSTD:
        return unpack_zstd(bytes, length, out);
    }
    BUG("no format %d", (int)format);
}

const char *zip_result_text(enum zip_result result)
{
    static const char *const texts[] = {
        [ZIP_OK] = "whole",
        [ZIP_TRUNCATED] = "cut short",
        [ZIP_CORRUPT] = "damaged",
        [ZIP_TOO_BIG] = "too big",
    };

    return texts[result];
}

/* ---- packing ---- */

static bool packed(struct buf *out, size_t made)
{
    add_made(out, made);
    if (made == 0)
        out->overflow = true;
    return made > 0;
}

bool zip_pack_gzip(const void *bytes, size_t length, int level, struct buf *out)
{
    struct libdeflate_compressor *codec = need(libdeflate_alloc_compressor(level));
    size_t room = least(libdeflate_gzip_compress_bound(codec, length), room_left(out));
    char *to = buf_reserve(out, room);
    size_t made = libdeflate_gzip_compress(codec, bytes, length, to, room);

    libdeflate_free_compressor(codec);
    return packed(out, made);
}

bool zip_pack_zstd(const void *bytes, size_t length, int level, struct buf *out)
{
    ZSTD_CCtx *codec = need(ZSTD_createCCtx());
    size_t room = least(ZSTD_compressBound(length), room_left(out));
    char *to = buf_reserve(out, room);

    ZSTD_CCtx_setParameter(codec, ZSTD_c_compressionLevel,
                           level < ZSTD_LEVEL_LARGEST ? level : ZSTD_LEVEL_LARGEST);
    ZSTD_CCtx_setParameter(codec, ZSTD_c_checksumFlag, 1);
    size_t made = ZSTD_compress2(codec, to, room, bytes, length);
    ZSTD_freeCCtx(codec);
    return packed(out, ZSTD_isError(made) ? 0 : made);
}
