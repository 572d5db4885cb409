// A desk for the tests of the pages: the glasses, the languages, the place of the files.
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_PAGE_FIXTURE_H
#define KARANI_TESTS_SUPPORT_DISPLAY_PAGE_FIXTURE_H

#include "display/draw/canvas.h"
#include "display/page/page.h"

#include <stdbool.h>

struct desk_glass {
    const char *panel; // one that has it
    struct glass glass;
    bool golden; // has golden images, as the smallest, a middle and the largest
};

enum { DESK_GLASS_COUNT = 9, DESK_NARROW = 2 };
extern const struct desk_glass DESK_GLASSES[DESK_GLASS_COUNT];

// Below this, at the size of 16 arcminutes, a line holds fewer than 15 characters.
enum { DESK_NARROW_PX = 212 };

enum { DESK_LANGUAGE_COUNT = 2 };
extern const char *const DESK_LANGUAGES[DESK_LANGUAGE_COUNT];

// Goes to the top of the tree (the test lies in build/VARIANT/tests) and binds the catalogues built there.
int page_fixture_open(void);
void desk_speak(const char *language);
struct canvas *desk_canvas(const struct desk_glass *glass);

#endif
