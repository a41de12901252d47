/* Pixels of a PNG, read by libpng. */
#ifndef TESTS_PIXELS_H
#define TESTS_PIXELS_H

#include <png.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct pixels {
    int width, height;
    unsigned char *bytes; /* red, green, blue */
};

/* Reads one; fails the test when it is none. Released by free(pixels.bytes). */
static inline struct pixels pixels_read(const char *bytes, size_t length)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&image, bytes, length));
    image.format = PNG_FORMAT_RGB;
    struct pixels pixels = {(int)image.width, (int)image.height, malloc(PNG_IMAGE_SIZE(image))};
    assert_true(png_image_finish_read(&image, NULL, pixels.bytes, 0, NULL));
    return pixels;
}

/* The pixel as 0xRRGGBB. */
static inline uint32_t pixels_at(const struct pixels *pixels, int x, int y)
{
    const unsigned char *pixel =
        pixels->bytes + 3 * ((size_t)y * (size_t)pixels->width + (size_t)x);
    return (uint32_t)pixel[0] << 16 | (uint32_t)pixel[1] << 8 | pixel[2];
}

#endif
