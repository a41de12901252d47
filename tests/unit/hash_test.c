#include "io/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What xxhsum -H2 says. */
static void a_fingerprint_is_xxh3_in_canonical_order(void **state)
{
    (void)state;
    static const unsigned char nothing[HASH_SIZE] = {0x99, 0xaa, 0x06, 0xd3, 0x01, 0x47,
                                                     0x98, 0xd8, 0x60, 0x01, 0xc3, 0x24,
                                                     0x46, 0x8d, 0x49, 0x7f};
    unsigned char hash[HASH_SIZE], other[HASH_SIZE];
    hash_bytes(hash, "", 0);
    assert_memory_equal(hash, nothing, HASH_SIZE);
    hash_bytes(hash, "listings", 8);
    hash_bytes(other, "listingt", 8);
    assert_memory_not_equal(hash, other, HASH_SIZE);
    hash_bytes(other, "listings", 8);
    assert_memory_equal(hash, other, HASH_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fingerprint_is_xxh3_in_canonical_order),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
