#include "io/gzip_walk.h"

#include <stdint.h>
#include <string.h>

enum {
    CODE_BITS = 15, /* the longest code of RFC 1951 */
    LITERALS = 288, /* literal and length symbols, of which two never occur */
    DISTANCES = 32, /* distance symbols, of which two never occur */
    END_OF_BLOCK = 256,
    FOOTER = 8, /* checksum and length after the last block */
};

struct bits {
    const uint8_t *at, *end;
    unsigned hold, count;
    bool out; /* one more bit was asked for than there are */
};

/* A canonical Huffman code: how many codes of each length, and their symbols in order. */
struct code {
    uint16_t count[CODE_BITS + 1];
    uint16_t symbol[LITERALS];
};

static unsigned take(struct bits *b, unsigned wanted)
{
    unsigned value = 0;

    for (unsigned i = 0; i < wanted; i++) {
        if (b->count == 0) {
            if (b->at == b->end) {
                b->out = true;
                return 0;
            }
            b->hold = *b->at++;
            b->count = 8;
        }
        value |= (b->hold & 1) << i;
        b->hold >>= 1;
        b->count--;
    }
    return value;
}

/* False when the lengths claim more codes than there can be. */
static bool make_code(struct code *code, const uint8_t *lengths, unsigned symbols)
{
    uint16_t place[CODE_BITS + 2] = {0};
    int left = 1;

    memset(code, 0, sizeof *code);
    for (unsigned i = 0; i < symbols; i++)
        code->count[lengths[i]]++;
    code->count[0] = 0;
    for (unsigned length = 1; length <= CODE_BITS; length++) {
        left = left * 2 - code->count[length];
        if (left < 0)
            return false;
        place[length + 1] = (uint16_t)(place[length] + code->count[length]);
    }
    for (unsigned i = 0; i < symbols; i++)
        if (lengths[i] != 0)
            code->symbol[place[lengths[i]]++] = (uint16_t)i;
    return true;
}

/* The next symbol; -1 when no code looks like that. */
static int take_symbol(struct bits *b, const struct code *code)
{
    int value = 0, first = 0, index = 0;

    for (int length = 1; length <= CODE_BITS; length++) {
        value |= (int)take(b, 1);
        int count = code->count[length];
        if (value - first < count)
            return code->symbol[index + value - first];
        index += count;
        first = (first + count) << 1;
        value <<= 1;
    }
    return -1;
}

static bool walk_codes(struct bits *b, const struct code *literals, const struct code *distances)
{
    while (!b->out) {
        int symbol = take_symbol(b, literals);
        if (symbol == END_OF_BLOCK)
            return true;
        if (symbol < 0 || symbol > 285)
            return false;
        if (symbol < END_OF_BLOCK)
            continue;
        take(b, symbol < 265 || symbol == 285 ? 0 : (unsigned)(symbol - 261) / 4);
        symbol = take_symbol(b, distances);
        if (symbol < 0 || symbol > 29)
            return false;
        take(b, symbol < 4 ? 0 : (unsigned)symbol / 2 - 1);
    }
    return true;
}

static bool walk_fixed(struct bits *b)
{
    uint8_t lengths[LITERALS];
    struct code literals, distances;

    memset(lengths, 8, sizeof lengths);
    memset(lengths + 144, 9, 256 - 144);
    memset(lengths + 256, 7, 280 - 256);
    make_code(&literals, lengths, LITERALS);
    memset(lengths, 5, DISTANCES);
    make_code(&distances, lengths, DISTANCES);
    return walk_codes(b, &literals, &distances);
}

/* Reads the code lengths of a dynamic block, themselves coded by `code`. */
static bool take_lengths(struct bits *b, const struct code *code, uint8_t *lengths, unsigned wanted)
{
    for (unsigned i = 0; i < wanted && !b->out;) {
        int symbol = take_symbol(b, code);
        if (symbol < 0 || (symbol == 16 && i == 0))
            return b->out;
        if (symbol < 16) {
            lengths[i++] = (uint8_t)symbol;
            continue;
        }
        uint8_t repeated = symbol == 16 ? lengths[i - 1] : 0;
        unsigned times = symbol == 16   ? 3 + take(b, 2)
                         : symbol == 17 ? 3 + take(b, 3)
                                        : 11 + take(b, 7);
        if (times > wanted - i)
            return b->out;
        memset(lengths + i, repeated, times);
        i += times;
    }
    return true;
}

static bool walk_dynamic(struct bits *b)
{
    static const uint8_t order[] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                    11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint8_t lengths[LITERALS + DISTANCES] = {0};
    struct code literals, distances;
    unsigned literal_count = 257 + take(b, 5);
    unsigned distance_count = 1 + take(b, 5);
    unsigned order_count = 4 + take(b, 4);

    for (unsigned i = 0; i < order_count; i++)
        lengths[order[i]] = (uint8_t)take(b, 3);
    if (!make_code(&literals, lengths, sizeof order))
        return b->out;
    memset(lengths, 0, sizeof lengths);
    if (!take_lengths(b, &literals, lengths, literal_count + distance_count))
        return false;
    if (!make_code(&literals, lengths, literal_count) ||
        !make_code(&distances, lengths + literal_count, distance_count))
        return b->out;
    return walk_codes(b, &literals, &distances);
}

static bool walk_stored(struct bits *b)
{
    b->count = 0;
    unsigned length = take(b, 16);
    unsigned check = take(b, 16);
    if (b->out)
        return true;
    if ((length ^ check) != 0xffff)
        return false;
    if ((size_t)(b->end - b->at) < length)
        b->out = true;
    else
        b->at += length;
    return true;
}

/* False at the first thing that no deflate stream has. */
static bool walk_blocks(struct bits *b)
{
    static bool (*const walks[])(struct bits *) = {walk_stored, walk_fixed, walk_dynamic};
    bool last = false;

    while (!last && !b->out) {
        last = take(b, 1);
        unsigned kind = take(b, 2);
        if (b->out)
            return true;
        if (kind > 2 || !walks[kind](b))
            return b->out;
    }
    return true;
}

static void skip_text(struct bits *b)
{
    const uint8_t *nul = memchr(b->at, 0, (size_t)(b->end - b->at));

    b->out = b->out || nul == NULL;
    b->at = nul != NULL ? nul + 1 : b->end;
}

static bool walk_header(struct bits *b)
{
    static const uint8_t magic[] = {0x1f, 0x8b, 8};
    enum { HEADER_CHECK = 2, EXTRA = 4, NAME = 8, COMMENT = 16, RESERVED = 0xe0 };

    for (size_t i = 0; i < sizeof magic; i++)
        if (take(b, 8) != magic[i])
            return b->out;
    unsigned flags = take(b, 8);
    if (flags & RESERVED)
        return false;
    for (int i = 0; i < 6; i++) /* time, level, system */
        take(b, 8);
    if (flags & EXTRA)
        for (unsigned left = take(b, 16); left > 0 && !b->out; left--)
            take(b, 8);
    if (flags & NAME)
        skip_text(b);
    if (flags & COMMENT)
        skip_text(b);
    if (flags & HEADER_CHECK)
        take(b, 16);
    return true;
}

bool gzip_walk_runs_out(const void *bytes, size_t length)
{
    struct bits b = {.at = bytes, .end = (const uint8_t *)bytes + length};

    if (!walk_header(&b) || (!b.out && !walk_blocks(&b)))
        return false;
    return b.out || b.end - b.at < FOOTER;
}
