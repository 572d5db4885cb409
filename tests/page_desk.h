// A desk for the tests of the pages: the glasses, the languages, the place of the files.
#ifndef KARANI_TESTS_PAGE_DESK_H
#define KARANI_TESTS_PAGE_DESK_H

#include "daemon/setup.h"
#include "display/canvas.h"
#include "display/page.h"

#include <libgen.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DESK_FONTS "/usr/share/fonts/opentype/b612"

struct desk_glass {
    const char *panel;
    struct glass glass;
};

// Pixels, pitch in mm, reading distance in m (0.6 below 3 inch, 1 from there on).
static const struct desk_glass DESK_GLASSES[] = {
    {"waveshare-2.13-v4", {250, 122, 0.194, 0.6}},
    {"waveshare-2.9-v2", {296, 128, 0.227, 0.6}},
    {"4.2 inch", {400, 300, 0.212, 1.0}},
    {"7.5 inch", {800, 480, 0.204, 1.0}},
};
enum { DESK_GLASS_COUNT = 4, DESK_GOLDEN_GLASSES = 2 };

static const char *const DESK_LANGUAGES[] = {"en", "de"};
enum { DESK_LANGUAGE_COUNT = 2 };

// Goes to the top of the tree (the test lies in build/VARIANT/tests) and binds the catalogues built there.
static inline int desk_open(void) {
    char path[PATH_MAX] = "";
    char locale[PATH_MAX + 64];
    char *tests;

    if (readlink("/proc/self/exe", path, sizeof path - 1) < 0)
        return -1;
    tests = dirname(path);
    snprintf(locale, sizeof locale, "%s/../share/locale", tests);
    setlocale(LC_ALL, SETUP_LOCALE);
    bindtextdomain("karani", locale);
    bind_textdomain_codeset("karani", "UTF-8");
    textdomain("karani");
    return chdir(tests) == 0 ? chdir("../../..") : -1;
}

static inline void desk_speak(const char *language) {
    setenv("LANGUAGE", language, 1);
    textdomain("karani"); // lets gettext see the change
}

static inline struct canvas *desk_canvas(const struct desk_glass *glass) {
    struct canvas *canvas = NULL;
    char error[256];

    if (canvas_new(&canvas, &glass->glass, DESK_FONTS, error, sizeof error) < 0)
        fprintf(stderr, "%s\n", error);
    return canvas;
}

#endif
