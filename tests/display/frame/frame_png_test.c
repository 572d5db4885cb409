// Frames as PNG files: what is read back is what was written, black and white in one grey channel.
#include "display/frame/frame_png.h"

#include <cairo.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// A pattern without symmetry, as wide as no multiple of 8.
static bool is_white(int x_px, int y_px) {
    return (x_px * x_px + 3 * y_px) % 7 < 3;
}

static void writes_every_pixel(void **state) {
    enum { WIDTH = 45, HEIGHT = 11, COLOUR_TYPE_AT = 25 }; // RFC 2083: IHDR
    char path[] = "/tmp/frame_png_test.XXXXXX";
    struct frame frame;
    unsigned char head[32];
    int file = mkstemp(path);

    (void)state;
    assert_true(file >= 0);
    close(file);
    assert_int_equal(frame_init(&frame, WIDTH, HEIGHT), 0);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            frame_set(&frame, x, y, is_white(x, y));
        }
    }
    assert_int_equal(frame_write_png(&frame, path), 0);

    FILE *written = fopen(path, "r");

    assert_int_equal(fread(head, 1, sizeof head, written), sizeof head);
    fclose(written);
    assert_int_equal(head[COLOUR_TYPE_AT], 0); // grey

    cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
    const unsigned char *data = cairo_image_surface_get_data(surface);

    assert_int_equal(cairo_image_surface_get_width(surface), WIDTH);
    assert_int_equal(cairo_image_surface_get_height(surface), HEIGHT);
    assert_int_equal(cairo_image_surface_get_format(surface), CAIRO_FORMAT_RGB24);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            const unsigned char *pixel = data + y * cairo_image_surface_get_stride(surface) + 4 * x;

            assert_int_equal(pixel[1], is_white(x, y) ? 0xff : 0x00);
        }
    }
    cairo_surface_destroy(surface);
    frame_clear(&frame);
    unlink(path);
}

static void tells_what_is_wrong(void **state) {
    struct frame frame;

    (void)state;
    assert_int_equal(frame_init(&frame, 8, 8), 0);
    assert_int_equal(frame_write_png(&frame, "/proc/nowhere/x.png"), -ENOENT);
    frame_clear(&frame);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_every_pixel), cmocka_unit_test(tells_what_is_wrong)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
