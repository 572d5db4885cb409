// What every page says and where its texts and shapes lie, on every glass: tests/golden/PANEL.boxes. And golden images,
// tests/golden/NAME~PANEL.png, of the pages that are drawn as no other is, on three glasses. Images are exact on Debian
// 12; elsewhere, where the type libraries differ a little, 0.5 % of the pixels may differ and no box may. A page that
// differs is written to build/golden/ as drawn and as difference.
//
// After a change that is meant, look at it and make them anew:  KARANI_GOLDEN=write
// build/release/tests/page_golden_test
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include "tests/support/display/page_fixture.h"
#include "tests/support/display/page_samples.h"
#include "tests/support/run/limit.h"

#include <cairo.h>
#include <glib.h>
#include <stdio.h>
#include <sys/stat.h>

#define GOLDEN_DIR     "tests/golden"
#define DIFFERENCE_DIR "build/golden"

static const double SHARE_ELSEWHERE = 0.005;

static bool is_writing(void) {
    const char *wish = getenv("KARANI_GOLDEN");

    return wish && strcmp(wish, "write") == 0;
}

// os-release(5).
static bool is_debian_12(void) {
    FILE *file = fopen("/etc/os-release", "r");
    bool debian = false;
    bool twelve = false;
    char line[256];

    while (file && fgets(line, sizeof line, file)) {
        debian |= strcmp(line, "ID=debian\n") == 0;
        twelve |= strcmp(line, "VERSION_ID=\"12\"\n") == 0;
    }
    if (file) {
        fclose(file);
    }
    return debian && twelve;
}

static void png_write(const char *path, const struct frame *frame) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, frame->width_px, frame->height_px);
    int stride = cairo_image_surface_get_stride(surface);
    unsigned char *data = cairo_image_surface_get_data(surface);

    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    for (int y = 0; y < frame->height_px; y++) {
        for (int x = 0; x < frame->width_px; x++) {
            data[y * stride + x] = frame_is_white(frame, x, y) ? 255 : 0;
        }
    }
    cairo_surface_mark_dirty(surface);
    assert_int_equal(cairo_surface_write_to_png(surface, path), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
}

// 0 or -1: no such picture, or of another size.
static int png_read(const char *path, struct frame *frame) {
    cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
    cairo_surface_t *argb;
    cairo_t *cairo;
    bool fits = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS &&
                cairo_image_surface_get_width(surface) == frame->width_px &&
                cairo_image_surface_get_height(surface) == frame->height_px;

    if (!fits) {
        cairo_surface_destroy(surface);
        return -1;
    }
    argb = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, frame->width_px, frame->height_px);
    cairo = cairo_create(argb);
    cairo_set_source_surface(cairo, surface, 0, 0);
    cairo_paint(cairo);
    cairo_surface_flush(argb);
    for (int y = 0; y < frame->height_px; y++) {
        for (int x = 0; x < frame->width_px; x++) {
            uint32_t pixel;

            memcpy(&pixel, cairo_image_surface_get_data(argb) + y * cairo_image_surface_get_stride(argb) + x * 4,
                   sizeof pixel);
            frame_set(frame, x, y, (pixel & 0xff) >= 128);
        }
    }
    cairo_destroy(cairo);
    cairo_surface_destroy(argb);
    cairo_surface_destroy(surface);
    return 0;
}

// A line "NAME", one "  x,y,w,h TEXT" a text, and one "  x,y,w,h x,y,w,h …" of the shapes.
static void boxes_of(struct canvas *canvas, const char *name, GString *boxes) {
    size_t block_count, shape_count;
    const struct canvas_block *blocks = canvas_blocks(canvas, &block_count);
    const struct frame_area *shapes = canvas_shapes(canvas, &shape_count);

    g_string_printf(boxes, "%s\n", name);
    for (size_t i = 0; i < block_count; i++) {
        struct frame_area area = blocks[i].area;
        char *text = g_strdelimit(g_strdup(blocks[i].text), "\n", '|');

        g_string_append_printf(boxes, "  %d,%d,%d,%d %s\n", area.x_px, area.y_px, area.width_px, area.height_px, text);
        g_free(text);
    }
    for (size_t i = 0; i < shape_count; i++) {
        g_string_append_printf(boxes, "%s%d,%d,%d,%d%s", i == 0 ? "  " : " ", shapes[i].x_px, shapes[i].y_px,
                               shapes[i].width_px, shapes[i].height_px, i + 1 == shape_count ? "\n" : "");
    }
}

// Counts the pixels that differ; `difference` is black where they do.
static int count_different(const struct frame *a, const struct frame *b, struct frame *difference) {
    int count = 0;

    for (int y = 0; y < a->height_px; y++) {
        for (int x = 0; x < a->width_px; x++) {
            bool same = frame_is_white(a, x, y) == frame_is_white(b, x, y);

            frame_set(difference, x, y, same);
            count += !same;
        }
    }
    return count;
}

static void difference_write(const char *name, const struct frame *drawn, const struct frame *difference) {
    char path[256];

    mkdir("build", 0777);
    mkdir(DIFFERENCE_DIR, 0777);
    snprintf(path, sizeof path, DIFFERENCE_DIR "/%s.drawn.png", name);
    png_write(path, drawn);
    snprintf(path, sizeof path, DIFFERENCE_DIR "/%s.difference.png", name);
    png_write(path, difference);
}

// 1 when the page differs from its golden image by more than it may.
static int compare(struct canvas *canvas, const char *name) {
    const struct frame *drawn = canvas_frame(canvas);
    int pixels = drawn->width_px * drawn->height_px;
    int allowed = is_debian_12() ? 0 : (int)(SHARE_ELSEWHERE * pixels);
    int different = pixels;
    struct frame golden;
    struct frame difference;
    char path[256];

    assert_int_equal(frame_init(&golden, drawn->width_px, drawn->height_px), 0);
    assert_int_equal(frame_init(&difference, drawn->width_px, drawn->height_px), 0);
    snprintf(path, sizeof path, GOLDEN_DIR "/%s.png", name);
    if (png_read(path, &golden) == 0) {
        different = count_different(drawn, &golden, &difference);
    } else {
        print_error("%s: missing, or of another size\n", path);
    }
    if (different > allowed) {
        print_error("%s: %d pixels differ, %d may: see " DIFFERENCE_DIR "\n", name, different, allowed);
        difference_write(name, drawn, &difference);
    }
    frame_clear(&golden);
    frame_clear(&difference);
    return different > allowed;
}

static void golden_write(struct canvas *canvas, const char *name) {
    char path[256];

    snprintf(path, sizeof path, GOLDEN_DIR "/%s.png", name);
    png_write(path, canvas_frame(canvas));
}

static int golden_image(struct canvas *canvas, const char *name) {
    if (is_writing()) {
        golden_write(canvas, name);
        return 0;
    }
    return compare(canvas, name);
}

// Draws a page; its boxes are put behind those that were drawn before.
static int golden_page(const struct desk_glass *glass, struct canvas *canvas, const struct page_sample *sample,
                       int language, const GString *pinned, GString *drawn) {
    struct view view = sample_view(sample, DESK_LANGUAGES[language]);
    GString *boxes = g_string_new("");
    char name[128];
    int faults = 0;

    snprintf(name, sizeof name, "%s%s~%s", sample->name, language == 0 ? "" : ".de", glass->panel);
    desk_speak(DESK_LANGUAGES[language]);
    assert_int_equal(page_draw(canvas, &view), 0);
    if (glass->golden && language < sample->golden) {
        faults += golden_image(canvas, name);
    }
    *strchr(name, '~') = '\0';
    boxes_of(canvas, name, boxes);
    g_string_append(drawn, boxes->str);
    if (!is_writing() && !strstr(pinned->str, boxes->str)) {
        print_error("%s: not so in its golden boxes: %s", glass->panel, boxes->str);
        faults++;
    }
    g_string_free(boxes, TRUE);
    return faults;
}

static GString *boxes_read(const char *path) {
    char *text = NULL;
    GString *boxes;

    if (!is_writing()) {
        g_file_get_contents(path, &text, NULL, NULL);
    }
    boxes = g_string_new(text ? text : "");
    g_free(text);
    return boxes;
}

static int golden_glass(const struct desk_glass *glass) {
    char *path = g_strconcat(GOLDEN_DIR "/", glass->panel, ".boxes", NULL);
    GString *pinned = boxes_read(path);
    GString *drawn = g_string_new("");
    struct canvas *canvas = desk_canvas(glass);
    int faults = 0;

    assert_non_null(canvas);
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        for (int language = 0; language < (PAGE_SAMPLES[i].german ? DESK_LANGUAGE_COUNT : 1); language++) {
            faults += golden_page(glass, canvas, &PAGE_SAMPLES[i], language, pinned, drawn);
        }
    }
    if (is_writing()) {
        assert_true(g_file_set_contents(path, drawn->str, -1, NULL));
    } else if (faults == 0 && strcmp(pinned->str, drawn->str) != 0) {
        print_error("%s: pages in another order, or that are no more\n", path);
        faults++;
    }
    canvas_free(canvas);
    g_string_free(drawn, TRUE);
    g_string_free(pinned, TRUE);
    g_free(path);
    return faults;
}

static void test_every_page_looks_as_it_did(void **state) {
    int faults = 0;

    (void)state;
    for (size_t g = 0; g < DESK_GLASS_COUNT; g++) {
        faults += golden_glass(&DESK_GLASSES[g]);
    }
    assert_int_equal(faults, 0);
}

// A page that has gone leaves no golden image behind, every page has one, and two samples share no name.
static void test_every_golden_image_has_its_page(void **state) {
    GDir *dir = g_dir_open(GOLDEN_DIR, 0, NULL);
    bool seen[PAGE_COUNT] = {false};
    int glasses = 0;
    int expected = 0;
    int found = 0;

    (void)state;
    assert_non_null(dir);
    for (size_t g = 0; g < DESK_GLASS_COUNT; g++) {
        glasses += DESK_GLASSES[g].golden;
    }
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        expected += glasses * PAGE_SAMPLES[i].golden;
        seen[PAGE_SAMPLES[i].view.page] |= PAGE_SAMPLES[i].golden > 0;
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(PAGE_SAMPLES[i].name, PAGE_SAMPLES[j].name);
        }
    }
    for (int page = 0; page < PAGE_COUNT; page++) {
        assert_true(seen[page]);
    }
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        found += g_str_has_suffix(name, ".png");
    }
    g_dir_close(dir);
    assert_int_equal(found, expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_page_looks_as_it_did),
        cmocka_unit_test(test_every_golden_image_has_its_page),
    };

    limit_processor_s(300);
    if (page_fixture_open() < 0) {
        return 2;
    }
    return cmocka_run_group_tests_name("page_golden", tests, NULL, NULL);
}
