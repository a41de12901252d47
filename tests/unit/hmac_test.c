#include "io/hmac.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* RFC 4231, section 4: cases 1 to 4, 6 and 7 (5 is about truncation). */
static void codes_are_those_of_rfc_4231(void **state)
{
    (void)state;
    static const unsigned char counted[25] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13,
                                              14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25};
    unsigned char long_key[131], b20[20], aa20[20], dd50[50], cd50[50];
    memset(long_key, 0xaa, sizeof long_key);
    memset(b20, 0x0b, sizeof b20);
    memset(aa20, 0xaa, sizeof aa20);
    memset(dd50, 0xdd, sizeof dd50);
    memset(cd50, 0xcd, sizeof cd50);
    const char *seven = "This is a test using a larger than block-size key and a larger than "
                        "block-size data. The key needs to be hashed before being used by the "
                        "HMAC algorithm.";
    const struct {
        const void *key;
        size_t key_length;
        const void *data;
        size_t length;
        const char *hex;
    } cases[] = {
        {b20, 20, "Hi There", 8,
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", 4, "what do ya want for nothing?", 28,
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {aa20, 20, dd50, 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {counted, 25, cd50, 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {long_key, 131, "Test Using Larger Than Block-Size Key - Hash Key First", 54,
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {long_key, 131, seven, 152,
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char mac[HMAC_SIZE];
        char hex[2 * HMAC_SIZE + 1];
        hmac_sha256(mac, cases[i].key, cases[i].key_length, cases[i].data, cases[i].length);
        for (size_t b = 0; b < sizeof mac; b++)
            snprintf(hex + 2 * b, 3, "%02x", mac[b]);
        assert_string_equal(hex, cases[i].hex);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(codes_are_those_of_rfc_4231)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
