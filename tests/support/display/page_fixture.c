#include "tests/support/display/page_fixture.h"

#include "daemon/settings/setup.h"

#include <libgen.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DESK_FONTS "/usr/share/fonts/opentype/b612"

// Pixels, pitch in mm, reading distance in m (0.6 below 3 inch, 1 from there on).
const struct desk_glass DESK_GLASSES[DESK_GLASS_COUNT] = {
    {.panel = "waveshare-2.13-v4", .glass = {250, 122, 0.194, 0.6}, .golden = true},
    {.panel = "waveshare-2.9-v2", .glass = {296, 128, 0.226, 0.6}},
    {.panel = "waveshare-1.54-v2", .glass = {200, 200, 0.138, 0.6}},
    {.panel = "waveshare-2.13-d", .glass = {212, 104, 0.229, 0.6}},
    {.panel = "waveshare-2.66", .glass = {296, 152, 0.203, 0.6}},
    {.panel = "waveshare-2.7-v2", .glass = {264, 176, 0.217, 0.6}},
    {.panel = "waveshare-4.2-v2", .glass = {400, 300, 0.212, 1.0}, .golden = true},
    {.panel = "waveshare-5.83-v2", .glass = {648, 480, 0.183, 1.0}},
    {.panel = "waveshare-7.5-v2", .glass = {800, 480, 0.204, 1.0}, .golden = true},
};

const char *const DESK_LANGUAGES[DESK_LANGUAGE_COUNT] = {"en", "de"};

int page_fixture_open(void) {
    char path[PATH_MAX] = "";
    char locale[PATH_MAX + 64];
    char *tests;

    if (readlink("/proc/self/exe", path, sizeof path - 1) < 0) {
        return -1;
    }
    tests = dirname(path);
    snprintf(locale, sizeof locale, "%s/../share/locale", tests);
    setlocale(LC_ALL, SETUP_LOCALE);
    bindtextdomain("karani", locale);
    bind_textdomain_codeset("karani", "UTF-8");
    textdomain("karani");
    return chdir(tests) == 0 ? chdir("../../..") : -1;
}

void desk_speak(const char *language) {
    setenv("LANGUAGE", language, 1);
    textdomain("karani"); // lets gettext see the change
}

struct canvas *desk_canvas(const struct desk_glass *glass) {
    struct canvas *canvas = NULL;
    char sentence[256];

    if (canvas_new(&canvas, &glass->glass, DESK_FONTS, sentence, sizeof sentence) < 0) {
        fprintf(stderr, "%s\n", sentence);
    }
    return canvas;
}
